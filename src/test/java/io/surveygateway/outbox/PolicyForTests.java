package io.surveygateway.outbox;

import io.surveygateway.failure.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a destination is sent to where nothing is set. */
final class PolicyForTests {

  static final DeliverySettings.Breaker BREAKER =
      new DeliverySettings.Breaker(20, 5, 50, Duration.ofSeconds(10), Duration.ofSeconds(60));

  private PolicyForTests() {}

  static DeliveryPolicy withRate(@Nullable Double rate) {
    return new DeliveryPolicy(
        new Backoff(Duration.ofSeconds(5), 2, Duration.ofHours(1), 30),
        Duration.ofDays(7),
        Duration.ofMinutes(5),
        rate,
        BREAKER);
  }
}
