package io.surveygateway.reload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Shows the last time that the routes were to be loaded anew, and its mistakes. Never down: the
 * routes that run do so all the same, and if none do, the health of the routes says it.
 */
@Component("reloadHealthIndicator")
@ConditionalOnProperty("gateway.reload.enabled")
final class ReloadHealth implements HealthIndicator {

  private static final int MISTAKES_SHOWN = 10;

  private final Reloading reloading;

  ReloadHealth(Reloading reloading) {
    this.reloading = reloading;
  }

  @Override
  public Health health() {
    var health = Health.up();
    reloading
        .reload()
        .flatMap(Reload::last)
        .ifPresent(last -> health.withDetail("last", details(last)));
    return health.build();
  }

  private static Map<String, Object> details(Attempt last) {
    var details = new LinkedHashMap<String, Object>();
    details.put("at", last.at());
    details.put("outcome", last.outcome().word());
    details.put("changed", last.changes());
    details.put(
        "mistakes",
        last.mistakes().stream()
            .limit(MISTAKES_SHOWN)
            .map(mistake -> mistake.place() + ": " + mistake.says())
            .toList());
    return details;
  }
}
