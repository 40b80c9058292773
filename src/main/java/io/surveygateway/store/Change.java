package io.surveygateway.store;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one row that a person asked to change.
 *
 * @param id of the delivery or the request; of the event where no delivery of it is there
 * @param lane whose work it is, as in {@link Signals}; null where there is none
 * @param note for a person: what comes of it, or why it could not be
 */
public record Change(long id, @Nullable String lane, Verdict verdict, String note) {

  /** Whether it was changed, and why not. */
  public enum Verdict {
    CHANGED("It is due now"),
    /** Leased: a change would double what is just being done. */
    UNDER_WAY("Expected one that is not under way, and this one is being worked on right now"),
    WAITING("Expected one that does not wait, and this one is due already"),
    DELIVERED(
        "Expected one that has not been delivered, and this one has; resend it, if it should"
            + " arrive twice"),
    ENDED("Expected one that waits, is retried or is parked, and this one has ended"),
    OTHERWISE("Expected the state that was asked for, and it has another one meanwhile"),
    OFF("Expected one that somebody takes"),
    NOWHERE(
        "Expected an event that goes somewhere, and the router sent this one nowhere; name a"
            + " destination"),
    GONE("Expected one that is in the store, and there is none (any more)");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** As people and programs are told it, such as {@code under-way}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  static Change of(long id, @Nullable String lane, Verdict verdict) {
    return new Change(id, lane, verdict, verdict.words);
  }

  public boolean isChanged() {
    return verdict == Verdict.CHANGED;
  }
}
