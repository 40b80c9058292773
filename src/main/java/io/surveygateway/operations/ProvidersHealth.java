package io.surveygateway.operations;

import io.surveygateway.webhook.Providers;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Shows which providers are let in, and why the others are not. Never down: off is a choice. */
final class ProvidersHealth implements HealthIndicator {

  private final Providers providers;

  ProvidersHealth(Providers providers) {
    this.providers = providers;
  }

  @Override
  public Health health() {
    var health = Health.up();
    for (var provider : providers.all()) {
      health.withDetail(provider.name(), stateOf(provider));
    }
    return health.build();
  }

  private static String stateOf(Providers.Provider provider) {
    if (!provider.isOn()) {
      return "off: " + provider.whyOff();
    }
    return provider.openBecause() == null
        ? "on"
        : "open: anyone can send to it, nothing is checked: " + provider.openBecause();
  }
}
