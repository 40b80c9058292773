package io.surveygateway.outbox;

import io.surveygateway.failure.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one destination is sent to and tried again, after all that is said about it in several
 * places.
 *
 * @param longestAge of a delivery; an older one is parked when it fails
 * @param authRetry between two deliveries that try whether credentials are accepted again
 * @param rate exchanges a second at most, or null for as many as there are
 */
record DeliveryPolicy(
    Backoff backoff,
    Duration longestAge,
    Duration authRetry,
    @Nullable Double rate,
    DeliverySettings.Breaker breaker) {

  /**
   * @param route what the destination's route says at its endpoint
   */
  static DeliveryPolicy of(
      String destination, DeliverySettings settings, DeliverySettings.Override route) {
    var own = settings.destinations().getOrDefault(destination, DeliverySettings.Override.NOTHING);
    return new DeliveryPolicy(
        new Backoff(
            first(own.firstDelay(), route.firstDelay(), settings.firstDelay()),
            first(own.factor(), route.factor(), settings.factor()),
            first(own.longestDelay(), route.longestDelay(), settings.longestDelay()),
            first(own.attempts(), route.attempts(), settings.attempts())),
        first(own.longestAge(), route.longestAge(), settings.longestAge()),
        settings.authRetry(),
        own.rate() != null ? own.rate() : route.rate(),
        settings.breaker());
  }

  private static <T> T first(@Nullable T own, @Nullable T route, T plain) {
    return own != null ? own : route != null ? route : plain;
  }
}
