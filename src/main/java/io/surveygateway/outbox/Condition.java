package io.surveygateway.outbox;

import io.surveygateway.store.Pauses.Pause;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a destination that is on fares.
 *
 * @param state what it does now
 * @param until when one delivery tries next, or null while nothing waits for a date
 * @param lastFailure the reason of the latest attempt that failed, or null if none has since start
 * @param pause that a person asked for: nothing goes whatever its state; or null
 */
public record Condition(
    State state, @Nullable Instant until, @Nullable String lastFailure, @Nullable Pause pause) {

  static final Condition WORKING = new Condition(State.WORKING, null, null, null);

  /** What a destination does. */
  public enum State {
    /** Deliveries go as they fall due. */
    WORKING("on"),
    /** It asked for fewer: nothing goes until then. */
    RATE_LIMITED("asked us to slow down"),
    /** It refused our credentials: one delivery tries now and again. */
    CREDENTIALS_REFUSED("refused our credentials"),
    /** Most calls failed: one delivery tries now and again. */
    FAILING("fails");

    private final String words;

    State(String words) {
      this.words = words;
    }
  }

  /** For a person, in a line. */
  public String words() {
    if (pause != null) {
      return pause.words() + (state == State.WORKING ? "" : "; it " + trouble());
    }
    return state == State.WORKING ? state.words : trouble();
  }

  private String trouble() {
    return state.words
        + (until == null ? ", is being tried" : ", is tried again at " + until)
        + (lastFailure == null ? "" : ": " + lastFailure);
  }
}
