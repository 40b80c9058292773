package io.surveygateway.outbox;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Keeps calls from a destination that fails most of them: then a single one goes now and again.
 *
 * <p>resilience4j's, told of calls one by one and on the gateway's clock. Not for use by several
 * threads at once.
 */
final class Breaker {

  private final CircuitBreaker breaker;
  private final IntervalFunction waits;
  private final Clock clock;
  private Instant openUntil = Instant.EPOCH;

  Breaker(String destination, DeliverySettings.Breaker settings, Clock clock) {
    this.clock = clock;
    this.waits =
        IntervalFunction.ofExponentialBackoff(settings.firstWait(), 2, settings.longestWait());
    this.breaker =
        CircuitBreaker.of(
            destination,
            CircuitBreakerConfig.custom()
                .clock(clock)
                .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(settings.window())
                .minimumNumberOfCalls(settings.leastCalls())
                .failureRateThreshold(settings.failurePercent())
                .waitIntervalFunctionInOpenState(this::open)
                .permittedNumberOfCallsInHalfOpenState(1)
                .recordResult(Boolean.FALSE::equals)
                .build());
  }

  /** Asked by resilience4j as it opens: for how many milliseconds. */
  private long open(int time) {
    var wait = waits.apply(time);
    openUntil = clock.instant().plusMillis(wait);
    return wait;
  }

  boolean isClosed() {
    return breaker.getState() == State.CLOSED;
  }

  /** When the next call may go; not after now if that is at once. */
  Instant next() {
    // resilience4j lets it go after that moment, not at it.
    return breaker.getState() == State.OPEN ? openUntil.plusMillis(1) : Instant.EPOCH;
  }

  /** Has to be told of its end, by one of the others. */
  boolean tryBegin() {
    return breaker.tryAcquirePermission();
  }

  void worked() {
    breaker.onResult(0, TimeUnit.MILLISECONDS, true);
  }

  void failed() {
    breaker.onResult(0, TimeUnit.MILLISECONDS, false);
  }

  /** It says nothing about the destination's health. */
  void saidNothing() {
    breaker.releasePermission();
  }
}
