package io.surveygateway.outbox;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lets exchanges go evenly spaced: never two within one interval, and none saved up for later.
 *
 * <p>Keeps no clock of its own. Not for use by several threads at once.
 */
final class Rate {

  private final Duration interval;
  private Instant next = Instant.EPOCH;

  /**
   * @param perSecond exchanges a second, or null for as many as there are
   */
  Rate(@Nullable Double perSecond) {
    if (perSecond != null && !(perSecond >= 1e-6 && perSecond <= 1e6)) {
      throw new IllegalArgumentException(
          "Expected a rate of deliveries a second such as 1 or 0.5, got " + perSecond);
    }
    interval = perSecond == null ? Duration.ZERO : Duration.ofNanos(Math.round(1e9 / perSecond));
  }

  boolean isLimited() {
    return !interval.isZero();
  }

  /** When the next one may go; not after {@code now} if that is at once. */
  Instant next(Instant now) {
    // Further away than that only if the clock was set back: nobody is kept waiting for it.
    return next.isAfter(now.plus(interval)) ? now : next;
  }

  void take(Instant now) {
    next = now.plus(interval);
  }
}
