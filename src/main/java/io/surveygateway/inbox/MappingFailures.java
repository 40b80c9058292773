package io.surveygateway.inbox;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.failure.Failures;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * What an exception means while a request is mapped, unless the provider's route names a classifier
 * of its own: as {@link Failures#whileMapping} says, and for a route that asks its provider's API
 * by HTTP, what the answer's status says.
 *
 * <p>401, 403 and a redirect are a matter of the settings; 404 and 410 mean that it is gone; 429
 * waits as long as {@code Retry-After} says in seconds; 408 and 5xx pass. Reasons name the provider
 * and the status, and quote neither the address nor the body. Keeps no state; throws nothing.
 */
public final class MappingFailures {

  private static final int DEEPEST = 20;
  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

  private MappingFailures() {}

  /**
   * @param provider whose request it is, and so whose API was asked
   */
  public static Failure classify(String provider, Throwable thrown) {
    var depth = 0;
    for (var t = thrown; t != null && depth < DEEPEST; t = t.getCause(), depth++) {
      if (t instanceof FailureException) {
        break;
      }
      if (t instanceof AnswerTooLargeException tooLarge) {
        return Failure.permanent(
            "Expected at most "
                + tooLarge.most()
                + " bytes from the API of "
                + provider
                + ", and got more");
      }
      if (t instanceof HttpOperationFailedException answer) {
        return ofAnswer(provider, answer);
      }
    }
    return Failures.whileMapping(thrown);
  }

  private static Failure ofAnswer(String provider, HttpOperationFailedException answer) {
    var status = answer.getStatusCode();
    var api = "The API of " + provider;
    var said = " (status " + status + ")";
    if (status == 401 || status == 403) {
      return Failure.auth(
          api
              + " refused our token"
              + said
              + ": it was revoked, may not read this, or belongs to another region; set it and the"
              + " address below gateway.providers."
              + provider);
    }
    if (status >= 300 && status < 400) {
      return Failure.auth(
          api
              + " sent us elsewhere"
              + said
              + ", and we do not follow with a token: set its address below gateway.providers."
              + provider);
    }
    if (status == 404 || status == 410) {
      return Failure.permanent(
          api + " does not have it" + said + ": deleted since, or of another account or region");
    }
    var retryAfter = retryAfter(answer.getResponseHeaders());
    if (status == 429) {
      return Failure.rateLimited(api + " has had enough calls for now" + said, retryAfter);
    }
    if (status == 408 || status >= 500) {
      return new Failure(Failure.Kind.TRANSIENT, api + " is unwell" + said, retryAfter);
    }
    return Failure.permanent(api + " refused the request" + said);
  }

  private static @Nullable Duration retryAfter(@Nullable Map<String, String> headers) {
    if (headers == null) {
      return null;
    }
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("Retry-After"))
        .map(header -> header.getValue().strip())
        .filter(value -> SECONDS.matcher(value).matches())
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .findFirst()
        .orElse(null);
  }
}
