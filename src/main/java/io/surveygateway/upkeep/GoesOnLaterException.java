package io.surveygateway.upkeep;

import java.time.Instant;

/** Work ends here for now, for want of calls say, and goes on at a date. */
public class GoesOnLaterException extends RuntimeException {

  private final transient Instant until;

  /**
   * @param reason in words that follow "it is": {@code waiting for the daily budget until …}
   */
  public GoesOnLaterException(String reason, Instant until) {
    super(reason);
    this.until = until;
  }

  public Instant until() {
    return until;
  }
}
