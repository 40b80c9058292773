package io.surveygateway.failure;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with one piece of work, and so what becomes of it.
 *
 * @param kind what to do about it
 * @param reason for a person: what was expected, what came, what to do; holds no secret and nothing
 *     that a respondent wrote; cut to 1000 characters
 * @param retryAfter how long the other side asked us to wait, or null if it did not say
 */
public record Failure(Kind kind, String reason, @Nullable Duration retryAfter) {

  private static final int LONGEST_REASON = 1000;

  /** The reactions that a failure can call for. */
  public enum Kind {
    /** It may work later as it is: try again, with back-off. */
    TRANSIENT,
    /** The other side has had enough for now: try again when it says. */
    RATE_LIMITED,
    /** Our credentials were refused: nothing goes until a person has mended them. */
    AUTH,
    /** It will never work as it is: park it for a person. */
    PERMANENT
  }

  public Failure {
    Objects.requireNonNull(kind);
    // A database takes no NUL, a terminal should get no control character.
    var plain = reason.replaceAll("\\p{Cntrl}", " ");
    reason =
        plain.length() <= LONGEST_REASON ? plain : plain.substring(0, LONGEST_REASON - 2) + "…";
  }

  public static Failure transientFailure(String reason) {
    return new Failure(Kind.TRANSIENT, reason, null);
  }

  public static Failure rateLimited(String reason, @Nullable Duration retryAfter) {
    return new Failure(Kind.RATE_LIMITED, reason, retryAfter);
  }

  public static Failure auth(String reason) {
    return new Failure(Kind.AUTH, reason, null);
  }

  public static Failure permanent(String reason) {
    return new Failure(Kind.PERMANENT, reason, null);
  }

  /** Whether trying the same again can help without a person's doing. */
  public boolean isWorthRetrying() {
    return kind == Kind.TRANSIENT || kind == Kind.RATE_LIMITED;
  }

  /** Whether it says nothing about the work itself, which only waits: that was no attempt. */
  public boolean isWait() {
    return kind == Kind.RATE_LIMITED || kind == Kind.AUTH;
  }
}
