package io.surveygateway.failure;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: exponential, with ±20 % of jitter.
 *
 * <p>The jitter keeps deliveries that failed together from coming back together. A pure function of
 * its arguments. Safe for use by many threads.
 *
 * @param first wait after the first failed attempt
 * @param factor from one wait to the next
 * @param longest wait, before the jitter
 * @param attempts at most, the first included; after the last the work is parked
 */
public record Backoff(Duration first, double factor, Duration longest, int attempts) {

  private static final double JITTER = 0.2;
  private static final Duration LONGEST_ASKED = Duration.ofDays(1);

  public Backoff {
    if (first.isNegative() || first.isZero() || factor < 1 || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "Expected a first wait over zero, a factor of 1 or more and a longest wait not below the"
              + " first, got "
              + first
              + ", "
              + factor
              + " and "
              + longest);
    }
    if (attempts < 1) {
      throw new IllegalArgumentException("Expected 1 attempt or more, got " + attempts);
    }
  }

  /** Whether {@code attempt} (1 is the first) was the last one. */
  public boolean isLast(int attempt) {
    return attempt >= attempts;
  }

  /** The wait after {@code attempt} (1 is the first) has failed. */
  public Duration after(int attempt, RandomGenerator random) {
    var plain = first.toMillis() * Math.pow(factor, Math.max(0, attempt - 1));
    var capped = Math.min(plain, longest.toMillis());
    return Duration.ofMillis(Math.round(capped * (1 - JITTER + 2 * JITTER * random.nextDouble())));
  }

  /**
   * The wait after a failure that may name one of its own: the longer of the two. What was asked is
   * taken for a day at most, and its jitter only adds to it.
   */
  public Duration after(int attempt, Failure failure, RandomGenerator random) {
    var own = after(attempt, random);
    var asked = failure.retryAfter();
    if (asked == null) {
      return own;
    }
    var within = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    var later =
        Duration.ofMillis(Math.round(within.toMillis() * (1 + JITTER * random.nextDouble())));
    return later.compareTo(own) > 0 ? later : own;
  }
}
