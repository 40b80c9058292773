package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.failure.FailureException;
import io.surveygateway.inbox.AnswerTooLargeException;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.exception.JsonQueryUserException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Says what it means when a SurveyMonkey event could not be mapped: above all, what its API meant.
 *
 * <p>SurveyMonkey's own error code counts before the HTTP status, and a status without a code (a
 * proxy's, say) is enough. Reasons quote codes, never a body. Source: SurveyMonkey API v3, "Error
 * Codes" and "Request and Response Limits". Keeps no state: one instance serves every thread.
 */
@Component("surveyMonkeyErrors")
public final class SurveyMonkeyErrors implements FailureClassifier {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A JSON string, or what is left of one that was cut. */
  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"?");

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
        "Could not map an event of SurveyMonkey: " + thrown.getClass().getSimpleName());
  }

  /** What one link in a chain of causes says, or null if the next one has to be asked. */
  private static @Nullable Failure ofOne(Throwable thrown) {
    if (thrown instanceof FailureException known) {
      return known.failure();
    }
    if (thrown instanceof HttpOperationFailedException answer) {
      return ofAnswer(
          answer.getStatusCode(), answer.getResponseBody(), answer.getResponseHeaders());
    }
    if (thrown instanceof AnswerTooLargeException tooLarge) {
      return Failure.permanent(
          "Expected at most " + tooLarge.most() + " bytes from SurveyMonkey's API, and got more");
    }
    if (thrown instanceof JsonQueryException refused) {
      // jq wraps its own exceptions: the last one says what is wrong.
      return refused.getCause() instanceof JsonQueryException
          ? null
          : Failure.permanent("Could not map it: " + withoutValues(refused));
    }
    if (thrown instanceof JsonProcessingException unreadable) {
      var at = unreadable.getLocation();
      return Failure.permanent(
          "Expected JSON, and it is none"
              + (at == null
                  ? ""
                  : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
    }
    if (thrown instanceof IllegalArgumentException || thrown instanceof TypeConversionException) {
      return Failure.permanent(String.valueOf(thrown.getMessage()));
    }
    if (thrown instanceof IOException) {
      return Failure.transientFailure(
          "SurveyMonkey's API was not reached: " + thrown.getClass().getSimpleName());
    }
    return null;
  }

  /** jq's complaints quote what they stumbled over; the words of a mapping's error() do not. */
  private static String withoutValues(JsonQueryException refused) {
    var message = String.valueOf(refused.getOriginalMessage());
    return refused instanceof JsonQueryUserException
        ? message
        : QUOTED.matcher(message).replaceAll("\"…\"");
  }

  /**
   * What an answer of the API means that holds no response.
   *
   * @param status its HTTP status, 200 too
   * @param body its body, as far as there is one
   * @param headers by their names as sent
   */
  static Failure ofAnswer(
      int status, @Nullable String body, @Nullable Map<String, String> headers) {
    var json = read(body);
    if (json.has("errmsg")) {
      // The one shape that has no code: a revoked token.
      return Failure.auth(
          "SurveyMonkey's API refused the access token (status "
              + status
              + ", access revoked): set SURVEYMONKEY_ACCESS_TOKEN");
    }
    var code = json.path("error").path("id").asInt(0);
    var said = "status " + status + (code == 0 ? "" : ", code " + code);
    return switch (code) {
      case 1010, 1011, 1012, 1013 -> tokenRefused(said);
      case 1014 -> mayNot(said, "the app lacks the scope responses_read_detail");
      case 1015 -> mayNot(said, "the account's plan does not include this");
      case 1016, 1017 -> mayNot(said, "the account has no access to this survey, or no more of it");
      case 1018 -> mayNot(said, "wrong region: set SURVEYMONKEY_API_URL to the account's own host");
      case 1020 -> gone(said);
      case 1030 -> Failure.permanent("SurveyMonkey's API found it too large (" + said + ")");
      case 1040 -> tooMany(said, headers);
      case 1050, 1051, 1054 -> unwell(said, headers);
      case 1052, 1053 ->
          Failure.auth("The SurveyMonkey account is gone (" + said + "): nothing more can be read");
      default -> ofStatus(status, said, headers);
    };
  }

  private static Failure ofStatus(int status, String said, @Nullable Map<String, String> headers) {
    if (status == 401) {
      return tokenRefused(said);
    }
    if (status == 403) {
      return mayNot(said, "no access");
    }
    if (status == 404 || status == 410) {
      return gone(said);
    }
    if (status == 429) {
      return tooMany(said, headers);
    }
    if (status == 408 || status >= 500) {
      return unwell(said, headers);
    }
    if (status >= 300 && status < 400) {
      return Failure.auth(
          "SurveyMonkey's API sent us elsewhere ("
              + said
              + "), and we do not follow with a token: set SURVEYMONKEY_API_URL to its own host");
    }
    if (status >= 200 && status < 300) {
      return Failure.transientFailure(
          "Expected a response as JSON from SurveyMonkey's API, and got something else ("
              + said
              + ")");
    }
    return Failure.permanent("SurveyMonkey's API refused the request (" + said + ")");
  }

  private static Failure tokenRefused(String said) {
    return Failure.auth(
        "SurveyMonkey's API refused the access token ("
            + said
            + "): set SURVEYMONKEY_ACCESS_TOKEN");
  }

  private static Failure mayNot(String said, String why) {
    return Failure.auth(
        "SurveyMonkey's API does not let the app read responses (" + said + "): " + why);
  }

  private static Failure gone(String said) {
    return Failure.permanent(
        "The response is gone at SurveyMonkey ("
            + said
            + "): deleted between the event and our asking");
  }

  private static Failure tooMany(String said, @Nullable Map<String, String> headers) {
    return Failure.rateLimited(
        "SurveyMonkey's API has had enough calls for now (" + said + ")",
        RateLimitHeaders.of(headers).waitAfterRefusal());
  }

  private static Failure unwell(String said, @Nullable Map<String, String> headers) {
    return new Failure(
        Failure.Kind.TRANSIENT,
        "SurveyMonkey's API is unwell (" + said + ")",
        RateLimitHeaders.of(headers).retryAfter());
  }

  private static JsonNode read(@Nullable String body) {
    try {
      return body == null ? JSON.missingNode() : JSON.readTree(body);
    } catch (JsonProcessingException noJson) {
      return JSON.missingNode();
    }
  }
}
