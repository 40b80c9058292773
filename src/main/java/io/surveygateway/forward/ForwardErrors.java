package io.surveygateway.forward;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.failure.FailureException;
import io.surveygateway.failure.Failures;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Says what it means when an event could not be forwarded.
 *
 * <p>By Standard Webhooks every answer but 2xx is a failure to try again, and 410 the end. What is
 * about the receiver as a whole (it refuses us, is gone, has moved) stops the destination until a
 * person has looked; what is about this one event (413, 415, 422) parks it; everything else is
 * tried again, 400 and 404 too: receivers answer 400 to a signature that they do not know, and 404
 * while they are being set up. Reasons hold the status, and neither the address nor what was
 * answered. Safe for use by many threads.
 */
@Component("forwardErrors")
final class ForwardErrors implements FailureClassifier {

  private final Clock clock;

  ForwardErrors(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Failure classify(Throwable thrown) {
    var depth = 0;
    for (var t = thrown; t != null && depth < 20; t = t.getCause(), depth++) {
      var failure = ofOne(t);
      if (failure != null) {
        return failure;
      }
    }
    return Failure.transientFailure(
        "The step to the receiver failed with " + thrown.getClass().getSimpleName());
  }

  private @Nullable Failure ofOne(Throwable thrown) {
    if (thrown instanceof FailureException known) {
      return known.failure();
    }
    if (thrown instanceof HttpOperationFailedException answer) {
      return ofAnswer(answer.getStatusCode(), answer.getResponseHeaders());
    }
    if (thrown instanceof RefusedAddressException refused) {
      return Failure.permanent(refused.getMessage());
    }
    if (thrown instanceof JsonProcessingException) {
      // Before IOException, which it is by descent.
      return Failures.whileDelivering(thrown);
    }
    if (thrown instanceof SSLException) {
      return Failure.transientFailure(
          "The receiver of FORWARD_URL could not be trusted: is its certificate valid, for this"
              + " name, and of an authority that Java knows?");
    }
    if (thrown instanceof IOException) {
      // Its message may name the address.
      return Failure.transientFailure(
          "The receiver of FORWARD_URL was not reached, or did not answer in time: "
              + thrown.getClass().getSimpleName());
    }
    return null;
  }

  private Failure ofAnswer(int status, @Nullable Map<String, String> headers) {
    var said = "The receiver of FORWARD_URL answered " + status;
    return switch (status) {
      case 401, 403 ->
          Failure.auth(said + ": it refuses us. Compare FORWARD_SECRET with the secret it has");
      case 410 ->
          Failure.auth(
              said
                  + ": it is gone for good. Take outbox:forward out of the router, or set another"
                  + " FORWARD_URL");
      case 413, 415, 422 -> Failure.permanent(said + ": it does not take this event as it is");
      case 429 -> Failure.rateLimited(said + ": too many for now", retryAfter(headers));
      default ->
          status >= 300 && status < 400
              ? Failure.auth(
                  said
                      + ": it sends us elsewhere, and we do not follow. Set FORWARD_URL to the new"
                      + " address")
              : new Failure(Failure.Kind.TRANSIENT, said, retryAfter(headers));
    };
  }

  /** Seconds or a date: RFC 9110, 10.2.3; null if it is neither, or not there. */
  private @Nullable Duration retryAfter(@Nullable Map<String, String> headers) {
    if (headers == null) {
      return null;
    }
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("Retry-After"))
        .findFirst()
        .map(header -> wait(header.getValue().strip()))
        .orElse(null);
  }

  private @Nullable Duration wait(String value) {
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      var until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var wait = Duration.between(clock.instant(), until);
      return wait.isNegative() ? null : wait;
    } catch (DateTimeException neither) {
      return null;
    }
  }
}
