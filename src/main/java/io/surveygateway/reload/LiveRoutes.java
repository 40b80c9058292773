package io.surveygateway.reload;

import io.surveygateway.inbox.InboxEndpoint;
import io.surveygateway.inbox.LearnsRoutes;
import io.surveygateway.lint.Findings;
import io.surveygateway.lint.FindingsLog;
import io.surveygateway.outbox.OutboxEndpoint;
import io.surveygateway.webhook.Providers;
import io.surveygateway.webhook.WebhookServer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Route;
import org.apache.camel.impl.engine.AbstractCamelContext;
import org.apache.camel.impl.engine.DefaultRoutesLoader;
import org.apache.camel.model.Model;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes that run, all of which are replaced at once.
 *
 * <p>All, since a kamelet, a policy or a jq file may be part of many: which routes a change touches
 * would have to be guessed, and all of them are loaded in a second. First the lanes come to rest:
 * what has begun ends, what was claimed and has not begun is given back. Only then is the public
 * port held, for as long as there are no routes. So no request is answered 200 that is not stored,
 * and no delivery is cut off before its outcome is recorded, unless it takes longer than a stop of
 * the gateway would wait for it.
 *
 * <p>Used by one thread at a time.
 */
final class LiveRoutes {

  private static final Logger log = LoggerFactory.getLogger(LiveRoutes.class);

  /** Of all lanes together; each of them gives up earlier. */
  private static final Duration LONGEST_REST = Duration.ofSeconds(60);

  /** For requests that are with their routes. */
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(15);

  /** For what is in a route even then. */
  private static final long SHUTDOWN_SECONDS = 5;

  /**
   * A set of routes, and what was found of it.
   *
   * @param files without those that are left out
   */
  record Loaded(RouteSet files, Findings findings) {}

  private final AbstractCamelContext camel;
  private final Model model;
  private final List<LearnsRoutes> learners;
  private final Providers providers;
  private final WebhookServer server;
  private volatile Loaded running;
  private boolean isDown;

  /** What the routes that are being built are made of; of those that run but for a moment. */
  private volatile RouteSet files;

  /**
   * @param running what Camel has loaded at its start
   */
  LiveRoutes(
      AbstractCamelContext camel,
      Collection<LearnsRoutes> learners,
      Providers providers,
      WebhookServer server,
      Loaded running) {
    this.camel = camel;
    this.model = camel.getCamelContextExtension().getContextPlugin(Model.class);
    this.learners = List.copyOf(learners);
    this.providers = providers;
    this.server = server;
    this.running = running;
    this.files = running.files;
    camel.getRegistry().bind(RouteSetResources.NAME, new RouteSetResources(() -> files));
  }

  Loaded running() {
    return running;
  }

  /** Whether these are the files that run already. */
  boolean areThese(RouteSet others) {
    return !isDown && others.equals(running.files);
  }

  /** Routes stay as they are; more or less than before is left out beside them. */
  void leaveOut(Loaded next) {
    FindingsLog.leaveOut(next.findings, providers);
    running = next;
  }

  /**
   * Replaces all routes. Where that fails those before run again; where that fails too none do, and
   * the public port is held until there are some.
   *
   * @throws NotReplacedException if these do not run
   */
  void replaceBy(Loaded next) throws NotReplacedException {
    restLanes();
    if (!server.hold(LONGEST_HOLD)) {
      log.warn("Requests are with their routes even after {}, and end there", LONGEST_HOLD);
    }
    try {
      load(next);
      running = next;
      isDown = false;
    } catch (Exception e) {
      putBack(e);
      throw new NotReplacedException(!isDown, e);
    } finally {
      if (!isDown) {
        server.release();
      }
    }
  }

  private void putBack(Exception why) {
    try {
      load(running);
      isDown = false;
    } catch (Exception e) {
      isDown = true;
      e.addSuppressed(why);
      log.error("The routes that ran before do not start again; none run now", e);
    }
  }

  /** All at once: the slowest says how long it takes, and not the sum. */
  private void restLanes() {
    var lanes = camel.getRoutes().stream().filter(LiveRoutes::isLane).toList();
    var threads =
        Executors.newCachedThreadPool(
            work -> {
              var daemon = new Thread(work, "reload-rest");
              daemon.setDaemon(true);
              return daemon;
            });
    lanes.forEach(lane -> threads.execute(() -> rest(lane)));
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LONGEST_REST.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("Not all lanes came to rest within {}", LONGEST_REST);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rest(Route lane) {
    try {
      ServiceHelper.stopService(lane.getConsumer());
    } catch (RuntimeException e) {
      log.warn("{} did not come to rest in order: {}", lane.getRouteId(), e.toString());
    }
  }

  private static boolean isLane(Route route) {
    return route.getEndpoint() instanceof InboxEndpoint
        || route.getEndpoint() instanceof OutboxEndpoint;
  }

  private void load(Loaded next) throws Exception {
    removeAll();
    learners.forEach(LearnsRoutes::startAnew);
    files = next.files;
    var loader = new DefaultRoutesLoader(camel);
    try {
      loader.loadRoutes(next.files.toLoad());
    } finally {
      loader.stop();
    }
    FindingsLog.leaveOut(next.findings, providers);
    learners.forEach(LearnsRoutes::useNew);
    learners.forEach(LearnsRoutes::begin);
  }

  private void removeAll() throws Exception {
    var shutdown = camel.getShutdownStrategy();
    var timeout = shutdown.getTimeout();
    var unit = shutdown.getTimeUnit();
    shutdown.setTimeUnit(TimeUnit.SECONDS);
    shutdown.setTimeout(SHUTDOWN_SECONDS);
    try {
      camel.removeAllRoutes();
      // Those that never started, and so are no routes for Camel.
      model.removeRouteDefinitions(List.copyOf(model.getRouteDefinitions()));
    } finally {
      shutdown.setTimeUnit(unit);
      shutdown.setTimeout(timeout);
    }
    model.removeRouteTemplateDefinitions("*");
    model.getRouteConfigurationDefinitions().clear();
    camel.removeEndpoints("*");
  }
}
