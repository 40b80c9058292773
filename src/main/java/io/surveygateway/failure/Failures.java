package io.surveygateway.failure;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** What an exception means where nobody has said better. Throws nothing; keeps no state. */
public final class Failures {

  private static final int DEEPEST = 50;
  private static final Pattern OPENING = Pattern.compile("[\"'`(\\[{<]");

  private Failures() {}

  /**
   * While a request is mapped: the same input gives the same trouble again, unless it is a matter
   * of the network.
   */
  public static Failure whileMapping(Throwable thrown) {
    return classify(thrown, Failure.Kind.PERMANENT);
  }

  /** While a delivery is under way: what nobody knows may pass. */
  public static Failure whileDelivering(Throwable thrown) {
    return classify(thrown, Failure.Kind.TRANSIENT);
  }

  private static Failure classify(Throwable thrown, Failure.Kind unknown) {
    Throwable deepest = thrown;
    var depth = 0;
    for (var t = thrown; t != null && depth < DEEPEST; t = t.getCause(), depth++) {
      if (t instanceof FailureException known) {
        return known.failure();
      }
      if (t instanceof JsonProcessingException json) {
        return Failure.permanent(aboutJson(json));
      }
      if (t instanceof IOException || t instanceof TimeoutException) {
        return Failure.transientFailure(describe(t));
      }
      deepest = t;
    }
    return new Failure(unknown, describe(deepest), null);
  }

  private static String aboutJson(JsonProcessingException json) {
    if (json.getClass().getName().startsWith("net.thisptr.jackson.jq")) {
      return "The mapping failed: " + withoutValues(messageOfDeepest(json));
    }
    var at = json.getLocation();
    return "Expected JSON, and it stops being JSON"
        + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr());
  }

  /** jackson-jq wraps an error of a mapping in one that says "N/A". */
  private static String messageOfDeepest(JsonProcessingException thrown) {
    var message = String.valueOf(thrown.getOriginalMessage());
    var depth = 0;
    for (var t = thrown.getCause(); t != null && depth < DEEPEST; t = t.getCause(), depth++) {
      if (t.getMessage() != null) {
        message =
            t instanceof JsonProcessingException json ? json.getOriginalMessage() : t.getMessage();
      }
    }
    return message;
  }

  private static String describe(Throwable thrown) {
    var name = thrown.getClass().getSimpleName().replaceAll("Exception$", "");
    var message = thrown.getMessage();
    return message == null || message.isBlank()
        ? name
        : name.toLowerCase(Locale.ROOT).equals("runtime")
            ? withoutValues(message)
            : name + ": " + withoutValues(message);
  }

  /**
   * Messages quote values, and a value may be what a respondent wrote, or a secret: what comes
   * after the first quote or bracket is left out, since a value can hold the closing one too.
   */
  private static String withoutValues(String message) {
    var firstLine = message.lines().findFirst().orElse("");
    var opening = OPENING.matcher(firstLine);
    var plain = opening.find() ? firstLine.substring(0, opening.start()) + "…" : firstLine;
    return plain.length() <= 300 ? plain : plain.substring(0, 299) + "…";
  }
}
