package io.surveygateway.alerts;

import io.surveygateway.store.StoreUnavailableException;
import java.util.List;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/**
 * Shows what is amiss, and which channels tell it. Never down: what is amiss is shown where it is.
 */
final class AlertsHealth implements HealthIndicator {

  private final AlertStore store;
  private final List<AlertChannel> channels;

  AlertsHealth(AlertStore store, List<AlertChannel> channels) {
    this.store = store;
    this.channels = channels;
  }

  @Override
  public Health health() {
    var health = Health.up();
    for (var channel : channels) {
      var off = channel.offBecause();
      health.withDetail("by " + channel.name(), off == null ? "on" : "off: " + off);
    }
    try {
      health.withDetail(
          "raised",
          store.all().stream()
              .filter(Alert::isRaised)
              .map(alert -> alert.about() + ", since " + alert.since() + ": " + alert.text())
              .toList());
    } catch (StoreUnavailableException e) {
      health.withDetail("raised", "not known: the store is away");
    }
    return health.build();
  }
}
