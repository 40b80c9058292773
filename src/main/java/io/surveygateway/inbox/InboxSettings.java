package io.surveygateway.inbox;

import io.surveygateway.failure.Backoff;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How stored requests are mapped.
 *
 * @param firstDelay before a request that could not be mapped now is tried again
 * @param factor from one delay to the next
 * @param longestDelay between two tries
 * @param attempts at most, then it is parked
 * @param poll how often the store is asked for what no signal told of
 */
@ConfigurationProperties("gateway.inbox")
record InboxSettings(
    @DefaultValue("5s") Duration firstDelay,
    @DefaultValue("2") double factor,
    @DefaultValue("15m") Duration longestDelay,
    @DefaultValue("40") int attempts,
    @DefaultValue("1s") Duration poll) {

  InboxSettings {
    // Wrong ones stop the start, and not the first retry.
    new Backoff(firstDelay, factor, longestDelay, attempts);
    if (poll.isNegative() || poll.isZero()) {
      throw new IllegalArgumentException("Expected gateway.inbox.poll over zero, got " + poll);
    }
  }

  Backoff backoff() {
    return new Backoff(firstDelay, factor, longestDelay, attempts);
  }
}
