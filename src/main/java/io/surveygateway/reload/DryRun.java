package io.surveygateway.reload;

import io.surveygateway.inbox.LearnsRoutes;
import io.surveygateway.webhook.WebhookServer;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.RouteService;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Builds routes as Camel would, with every step and expression, in a context of their own that is
 * never started: nothing is opened, claimed or sent, and the routes that run know nothing of it.
 */
final class DryRun {

  private final CamelContext live;
  private final Map<String, LearnsRoutes> learners;
  private final WebhookServer server;

  /**
   * @param learners beans by name
   */
  DryRun(CamelContext live, Map<String, LearnsRoutes> learners, WebhookServer server) {
    this.live = live;
    this.learners = learners;
    this.server = server;
  }

  /**
   * @throws Exception what Camel, or one of those who learn, has against them
   */
  void build(RouteSet set) throws Exception {
    var own = new HashMap<String, Object>();
    learners.forEach((name, learner) -> own.put(name, learner.forDryRun()));
    own.put(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, server.newEngine());
    own.put(RouteSetResources.NAME, new RouteSetResources(() -> set));
    try (var camel = new Apart(new DefaultRegistry(new DryRegistry(live.getRegistry(), own)))) {
      camel.disableJMX();
      camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
      camel.getPropertiesComponent().addPropertiesSource(new LiveProperties(live));
      camel.build();
      PluginHelper.getRoutesLoader(camel).loadRoutes(set.toLoad());
      camel.init();
    }
    for (var learner : own.values()) {
      if (learner instanceof LearnsRoutes learned) {
        learned.useNew();
      }
    }
  }

  /**
   * Sets up each route when it is made, those of kamelets too, which else wait for a start, and
   * what it begins with.
   */
  private static final class Apart extends DefaultCamelContext {

    Apart(Registry registry) {
      super(registry);
    }

    @Override
    public void startRouteService(RouteService route, boolean addingRoutes) throws Exception {
      super.startRouteService(route, addingRoutes);
      route.setUp();
      ServiceHelper.initService(route.getInput());
    }
  }

  private record LiveProperties(CamelContext live) implements PropertiesSource {

    @Override
    public String getName() {
      return "live";
    }

    @Override
    public String getProperty(String name) {
      return live.getPropertiesComponent().resolveProperty(name).orElse(null);
    }
  }
}
