package io.surveygateway.outbox;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How deliveries are sent and tried again.
 *
 * <p>What stands in {@code destinations} goes before what the destination's route says at its
 * endpoint, and that before what stands here for all.
 *
 * @param firstDelay after the first failed attempt
 * @param factor from one delay to the next
 * @param longestDelay between two attempts
 * @param attempts at most, then the delivery is parked
 * @param longestAge of a delivery; an older one is parked when it fails
 * @param authRetry between two deliveries that try whether credentials are accepted again
 * @param poll how often the store is asked for what no signal told of
 * @param breaker when a destination that fails is left alone
 * @param destinations what differs for one of them, by its name
 */
@ConfigurationProperties("gateway.delivery")
record DeliverySettings(
    @DefaultValue("5s") Duration firstDelay,
    @DefaultValue("2") double factor,
    @DefaultValue("1h") Duration longestDelay,
    @DefaultValue("30") int attempts,
    @DefaultValue("7d") Duration longestAge,
    @DefaultValue("5m") Duration authRetry,
    @DefaultValue("1s") Duration poll,
    @DefaultValue Breaker breaker,
    @DefaultValue Map<String, Override> destinations) {

  /**
   * @param window calls that are looked back on
   * @param leastCalls before it may open
   * @param failurePercent of them that opens it
   * @param firstWait until one delivery tries; doubled each time that it fails
   * @param longestWait between two that try
   */
  record Breaker(
      @DefaultValue("20") int window,
      @DefaultValue("5") int leastCalls,
      @DefaultValue("50") float failurePercent,
      @DefaultValue("10s") Duration firstWait,
      @DefaultValue("60s") Duration longestWait) {}

  /** What differs for one destination; null is what its route says, or all have. */
  record Override(
      @Nullable Duration firstDelay,
      @Nullable Double factor,
      @Nullable Duration longestDelay,
      @Nullable Integer attempts,
      @Nullable Duration longestAge,
      @Nullable Double rate) {

    static final Override NOTHING = new Override(null, null, null, null, null, null);
  }
}
