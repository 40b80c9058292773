package io.surveygateway.proof;

/**
 * One thing that a proof asks of a request, and how it is met.
 *
 * @param asks what is asked, by configured names alone
 * @param says what was found, for the one who sent it: lengths and forms, never a value of the
 *     request, a secret, or what the right value would be
 */
public record Finding(String asks, Result result, String says) {

  /** Whether it is met. */
  public enum Result {
    HOLDS,
    FAILS,
    /** Cannot be said, since what comes before it fails. */
    OPEN
  }

  static Finding holds(String asks, String says) {
    return new Finding(asks, Result.HOLDS, says);
  }

  static Finding fails(String asks, String says) {
    return new Finding(asks, Result.FAILS, says);
  }

  static Finding open(String asks) {
    return new Finding(asks, Result.OPEN, "Cannot be said before that.");
  }
}
