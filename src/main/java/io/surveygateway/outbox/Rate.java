package io.surveygateway.outbox;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lets exchanges go evenly spaced: never two within one interval, and none saved up for later.
 *
 * <p>When the next may go is kept by whoever asks. Keeps no state.
 */
final class Rate {

  private final Duration interval;

  /**
   * @param perSecond exchanges a second, or null for as many as there are
   */
  Rate(@Nullable Double perSecond) {
    if (perSecond != null && !(perSecond >= 1e-6 && perSecond <= 1e6)) {
      throw new IllegalArgumentException(
          "Expected a rate of deliveries a second such as 1 or 0.5, got " + perSecond);
    }
    // The store keeps milliseconds: rounded up, so that it is never exceeded.
    interval =
        perSecond == null ? Duration.ZERO : Duration.ofMillis((long) Math.ceil(1000 / perSecond));
  }

  boolean isLimited() {
    return !interval.isZero();
  }

  /** Whether one may go where none may before {@code next}. */
  boolean letsGo(Instant next, Instant now) {
    // Further away than that only if the clock was set back: nobody is kept waiting for it.
    return !next.isAfter(now) || next.isAfter(now.plus(interval));
  }

  /** When the next may go if one goes now; null if there is no limit. */
  @Nullable Instant after(Instant now) {
    return isLimited() ? now.plus(interval) : null;
  }
}
