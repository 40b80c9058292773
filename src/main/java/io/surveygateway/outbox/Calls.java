package io.surveygateway.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what this gateway's calls to one destination came to. Sixty numbers, whatever is sent.
 * Safe for use by many threads.
 */
final class Calls {

  private static final int SECONDS = 60;

  private final Clock clock;
  private final @Nullable Double perSecond;

  /** Of each second of the last minute: which one it is, and the calls that were made in it. */
  private final long[] seconds = new long[SECONDS];

  private final int[] made = new int[SECONDS];
  private @Nullable Instant arrivedAt;
  private @Nullable String reference;
  private @Nullable Instant failedAt;

  /**
   * @param perSecond that are allowed, or null for as many as there are
   */
  Calls(Clock clock, @Nullable Double perSecond) {
    this.clock = clock;
    this.perSecond = perSecond;
    Arrays.fill(seconds, Long.MIN_VALUE);
  }

  /** One is made now. */
  synchronized void made() {
    var second = clock.instant().getEpochSecond();
    var at = (int) Math.floorMod(second, (long) SECONDS);
    if (seconds[at] != second) {
      seconds[at] = second;
      made[at] = 0;
    }
    made[at]++;
  }

  /**
   * @param reference what the destination calls it, or null
   */
  synchronized void arrived(@Nullable String reference) {
    arrivedAt = clock.instant();
    this.reference = reference;
  }

  synchronized void failed() {
    failedAt = clock.instant();
  }

  synchronized Usage usage() {
    var now = clock.instant().getEpochSecond();
    var sum = 0;
    for (var i = 0; i < SECONDS; i++) {
      if (seconds[i] > now - SECONDS && seconds[i] <= now) {
        sum += made[i];
      }
    }
    return new Usage(sum, perSecond, arrivedAt, reference, failedAt);
  }
}
