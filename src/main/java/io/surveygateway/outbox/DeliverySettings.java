package io.surveygateway.outbox;

import io.surveygateway.failure.Backoff;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How deliveries are retried, for destinations that do not say otherwise at their endpoint.
 *
 * @param firstDelay after the first failed attempt
 * @param factor from one delay to the next
 * @param longestDelay between two attempts
 * @param attempts at most, then the delivery is parked
 * @param poll how often the store is asked for what no signal told of
 */
@ConfigurationProperties("gateway.delivery")
record DeliverySettings(
    @DefaultValue("5s") Duration firstDelay,
    @DefaultValue("2") double factor,
    @DefaultValue("1h") Duration longestDelay,
    @DefaultValue("30") int attempts,
    @DefaultValue("1s") Duration poll) {

  Backoff backoff() {
    return new Backoff(firstDelay, factor, longestDelay, attempts);
  }
}
