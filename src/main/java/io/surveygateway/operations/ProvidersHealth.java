package io.surveygateway.operations;

import io.surveygateway.store.InboxStore;
import io.surveygateway.store.Pauses.Pause;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.webhook.Providers;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/**
 * Shows which providers are let in, which are paused and by whom, and why the others are off. Never
 * down: off is a choice, and what a paused one sends is stored.
 */
final class ProvidersHealth implements HealthIndicator {

  private final Providers providers;
  private final Supplier<List<Pause>> pauses;

  /**
   * @param pauses gives those that hold, or fails with {@link StoreUnavailableException}
   */
  ProvidersHealth(Providers providers, Supplier<List<Pause>> pauses) {
    this.providers = providers;
    this.pauses = pauses;
  }

  @Override
  public Health health() {
    var paused = paused();
    var health = Health.up();
    for (var provider : providers.all()) {
      var pause = paused.get(InboxStore.lane(provider.name()));
      health.withDetail(
          provider.name(),
          stateOf(provider) + (pause == null ? "" : "; its mapping is " + pause.words()));
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

  /** None while the store is away: it says so itself. */
  private Map<String, Pause> paused() {
    try {
      return pauses.get().stream().collect(Collectors.toMap(Pause::lane, pause -> pause));
    } catch (StoreUnavailableException e) {
      return Map.of();
    }
  }
}
