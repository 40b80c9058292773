package io.surveygateway.operations;

import io.surveygateway.outbox.Destinations;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/**
 * Shows which destinations are sent to, which of them wait or are paused and why, and why the
 * others are off. Never down: what cannot be delivered now waits in the outbox.
 */
final class DestinationsHealth implements HealthIndicator {

  private final Destinations destinations;

  DestinationsHealth(Destinations destinations) {
    this.destinations = destinations;
  }

  @Override
  public Health health() {
    var health = Health.up();
    for (var destination : destinations.all()) {
      health.withDetail(
          destination.name(),
          destination.isOn()
              ? destination.condition().words()
              : "off: " + destination.offBecause());
    }
    return health.build();
  }
}
