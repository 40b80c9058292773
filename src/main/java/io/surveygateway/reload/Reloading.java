package io.surveygateway.reload;

import io.surveygateway.inbox.LearnsRoutes;
import io.surveygateway.lint.LastFindings;
import io.surveygateway.lint.LintConfiguration;
import io.surveygateway.lint.RoutesLint;
import io.surveygateway.lint.RoutesPattern;
import io.surveygateway.operations.RouteFailureAnalyzer;
import io.surveygateway.reload.LiveRoutes.Loaded;
import io.surveygateway.webhook.Providers;
import io.surveygateway.webhook.WebhookServer;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.AbstractCamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Has the routes loaded anew from the end of the start to the beginning of the stop, where {@code
 * gateway.reload.enabled} says so. Safe for use by many threads.
 */
@Component
public class Reloading {

  private static final Logger log = LoggerFactory.getLogger(Reloading.class);

  private final ApplicationContext application;
  private final CamelContext camel;
  private final Map<String, LearnsRoutes> learners;
  private final Providers providers;
  private final WebhookServer server;
  private final LastFindings found;
  private final Clock clock;
  private final ReloadProperties settings;

  /**
   * As it was just before Camel loaded it; null where routes are not loaded from a whole folder.
   */
  private final @Nullable RouteSet atStart;

  private volatile @Nullable Reload reload;
  private volatile @Nullable RouteWatch watch;

  /**
   * @param learners beans by name
   * @throws IllegalStateException if it is on, and routes are not loaded from a whole folder
   */
  Reloading(
      ApplicationContext application,
      CamelContext camel,
      Map<String, LearnsRoutes> learners,
      Providers providers,
      WebhookServer server,
      LastFindings found,
      Clock clock,
      ReloadProperties settings) {
    this.application = application;
    this.camel = camel;
    this.learners = Map.copyOf(learners);
    this.providers = providers;
    this.server = server;
    this.found = found;
    this.clock = clock;
    this.settings = settings;
    this.atStart = readFolder();
  }

  private @Nullable RouteSet readFolder() {
    var pattern = application.getEnvironment().getProperty("camel.main.routes-include-pattern");
    var folder = RoutesPattern.folder(pattern);
    if (settings.enabled()) {
      return RouteSet.read(
          folder.orElseThrow(
              () ->
                  new IllegalStateException(
                      "Expected camel.main.routes-include-pattern to be a whole folder such as"
                          + " file:routes/**/*.yaml, since gateway.reload.enabled is true, got "
                          + pattern)));
    }
    try {
      return folder.map(RouteSet::read).orElse(null);
    } catch (UncheckedIOException e) {
      // Camel says so, if it needs it: here it is only shown.
      return null;
    }
  }

  /** Whether routes can be loaded anew while the gateway runs. */
  public boolean isEnabled() {
    return settings.enabled();
  }

  /** The files that the routes that run are made of; nothing where these are no whole folder. */
  Optional<RouteSet> running() {
    return reload()
        .map(Reload::running)
        .or(() -> Optional.ofNullable(atStart).map(files -> files.without(found.get()::leavesOut)));
  }

  /** What loads them anew; nothing while the gateway starts or stops, or where it is off. */
  public Optional<Reload> reload() {
    return Optional.ofNullable(reload);
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    var files = atStart;
    if (files == null || !settings.enabled()) {
      return;
    }
    var findings = found.get();
    var live =
        new LiveRoutes(
            (AbstractCamelContext) camel,
            learners.values(),
            providers,
            server,
            new Loaded(files.without(findings::leavesOut), findings));
    var made =
        new Reload(
            new RoutesLint(camel, application::containsBean, LintConfiguration.OWN_ENDPOINTS),
            new DryRun(camel, learners, server),
            live,
            found,
            providers,
            new RouteFailureAnalyzer(application.getEnvironment()),
            clock,
            files);
    var looks = new RouteWatch(() -> RouteSet.read(files.root()), made::tried, made::load);
    looks.start(settings.settle());
    reload = made;
    watch = looks;
    log.info("Changes in {} are taken up while the gateway runs", files.root());
  }

  /** Before Camel stops: routes must not come while others go. */
  @EventListener
  @Order(Ordered.HIGHEST_PRECEDENCE)
  void stop(ContextClosedEvent event) {
    if (event.getApplicationContext() != application) {
      return;
    }
    var made = reload;
    var looks = watch;
    if (made != null && looks != null) {
      reload = null;
      made.close();
      looks.close();
    }
  }
}
