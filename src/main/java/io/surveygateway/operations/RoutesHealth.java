package io.surveygateway.operations;

import io.surveygateway.lint.LastFindings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/**
 * Shows whether the routes run.
 *
 * <p>A part of readiness. Camel's own readiness check counts a suspended route as not ready: one
 * destination that an operator pauses would take the whole gateway out of the load balancer, and
 * with it the webhooks that it could well accept. Here only a route that stopped counts.
 */
final class RoutesHealth implements HealthIndicator {

  private static final int MISTAKES_SHOWN = 10;

  private final CamelContext camel;
  private final LastFindings lint;

  RoutesHealth(CamelContext camel, LastFindings lint) {
    this.camel = camel;
    this.lint = lint;
  }

  @Override
  public Health health() {
    if (!camel.getStatus().isStarted()) {
      return down("Expected Camel to be started, it is " + camel.getStatus());
    }
    var routes = camel.getRoutes();
    if (routes.isEmpty()) {
      return down("Expected routes in the folder routes/, got none");
    }
    var stopped = new ArrayList<String>();
    var paused = new ArrayList<String>();
    for (var route : routes) {
      var status = camel.getRouteController().getRouteStatus(route.getRouteId());
      if (status == ServiceStatus.Suspended || status == ServiceStatus.Suspending) {
        paused.add(route.getRouteId());
      } else if (isMeantToRun(route) && status != ServiceStatus.Started) {
        stopped.add(route.getRouteId());
      }
    }
    return (stopped.isEmpty() ? Health.up() : Health.down().withDetail("stopped", stopped))
        .withDetail("routes", routes.size())
        .withDetail("paused", paused)
        .withDetail("leftOut", leftOut())
        .build();
  }

  /**
   * Folders that were not loaded, each with its mistakes; what is left runs, so that is no "down".
   */
  private Map<String, List<String>> leftOut() {
    var folders = new TreeMap<String, List<String>>();
    lint.get()
        .leftOut()
        .forEach(
            (folder, mistakes) ->
                folders.put(
                    folder,
                    mistakes.stream()
                        .limit(MISTAKES_SHOWN)
                        .map(m -> m.place() + ": " + m.says())
                        .toList()));
    return folders;
  }

  private static boolean isMeantToRun(Route route) {
    return !Boolean.FALSE.equals(route.isAutoStartup());
  }

  private static Health down(String reason) {
    return Health.down().withDetail("reason", reason).build();
  }
}
