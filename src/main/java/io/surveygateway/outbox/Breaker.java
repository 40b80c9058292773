package io.surveygateway.outbox;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Says when a destination fails most of the calls of this gateway, and how long to leave it alone.
 *
 * <p>resilience4j's window of calls, told of them one by one. That it is open, and who tries, is
 * known to all gateways and kept elsewhere. Safe for use by many threads.
 */
final class Breaker {

  private final CircuitBreaker window;
  private final IntervalFunction waits;

  Breaker(String destination, DeliverySettings.Breaker settings) {
    this.waits =
        IntervalFunction.ofExponentialBackoff(settings.firstWait(), 2, settings.longestWait());
    this.window =
        CircuitBreaker.of(
            destination,
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(settings.window())
                .minimumNumberOfCalls(settings.leastCalls())
                .failureRateThreshold(settings.failurePercent())
                .recordResult(Boolean.FALSE::equals)
                .build());
  }

  void worked() {
    window.onResult(0, TimeUnit.MILLISECONDS, true);
  }

  /**
   * @return whether most calls fail; it begins anew then
   */
  synchronized boolean failed() {
    window.onResult(0, TimeUnit.MILLISECONDS, false);
    var opened = window.getState() == State.OPEN;
    if (opened) {
      window.reset();
    }
    return opened;
  }

  void beginAnew() {
    window.reset();
  }

  /** Until the next delivery tries, after so many have in vain. */
  Duration waitAfter(int times) {
    return Duration.ofMillis(waits.apply(times));
  }
}
