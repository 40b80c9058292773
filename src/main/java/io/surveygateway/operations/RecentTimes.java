package io.surveygateway.operations;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long something took in the last minutes: a histogram of each minute, whose limits are 15 %
 * apart, from 0.1 ms to a week. Costs the same however much is recorded. Safe for use by many
 * threads; what is recorded just as a minute begins may be missed.
 */
final class RecentTimes {

  /** How far back it looks. */
  static final Duration LENGTH = Duration.ofMinutes(15);

  private static final int MINUTES = (int) LENGTH.toMinutes();
  private static final double LEAST_MILLIS = 0.1;
  private static final double STEP = Math.log(1.15);
  private static final int LIMITS =
      (int) Math.ceil(Math.log(Duration.ofDays(7).toMillis() / LEAST_MILLIS) / STEP) + 1;

  /** What half took at most, and 99 of 100: the limit above it. */
  record Shares(long count, Duration half, Duration most) {}

  private record Minute(long number, AtomicLongArray counts) {

    Minute(long number) {
      this(number, new AtomicLongArray(LIMITS));
    }
  }

  private final Clock clock;
  private final Minute[] minutes = new Minute[MINUTES];

  RecentTimes(Clock clock) {
    this.clock = clock;
    Arrays.setAll(minutes, i -> new Minute(Long.MIN_VALUE));
  }

  void record(long nanos) {
    var millis = nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    var limit = (int) Math.ceil(Math.log(Math.max(millis, LEAST_MILLIS) / LEAST_MILLIS) / STEP);
    minute().counts.incrementAndGet(Math.min(limit, LIMITS - 1));
  }

  private Minute minute() {
    var number = now();
    var at = (int) Math.floorMod(number, (long) MINUTES);
    var minute = minutes[at];
    return minute.number == number ? minute : begin(at, number);
  }

  private synchronized Minute begin(int at, long number) {
    if (minutes[at].number != number) {
      minutes[at] = new Minute(number);
    }
    return minutes[at];
  }

  private long now() {
    return TimeUnit.MILLISECONDS.toMinutes(clock.millis());
  }

  /** Of the last minutes; the one that is under way among them. */
  synchronized Shares shares() {
    var now = now();
    var sums = new long[LIMITS];
    for (var minute : minutes) {
      if (minute.number > now - MINUTES && minute.number <= now) {
        for (var i = 0; i < LIMITS; i++) {
          sums[i] += minute.counts.get(i);
        }
      }
    }
    var count = Arrays.stream(sums).sum();
    return new Shares(count, limit(sums, (count + 1) / 2), limit(sums, (count * 99 + 99) / 100));
  }

  /** The limit that so many are within. */
  private static Duration limit(long[] sums, long within) {
    var seen = 0L;
    for (var i = 0; i < LIMITS; i++) {
      seen += sums[i];
      if (seen >= within && within > 0) {
        return Duration.ofNanos((long) (LEAST_MILLIS * 1e6 * Math.exp(i * STEP)));
      }
    }
    return Duration.ZERO;
  }
}
