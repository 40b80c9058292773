package io.surveygateway.webhook;

import io.surveygateway.failure.NotStartedException;
import io.surveygateway.store.RefusalLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedStartupListener;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of the public port.
 *
 * <p>It listens once all routes run and not before, and stops while they still do: senders that
 * come too early are not connected, those that come too late get a 503, and those in between are
 * answered. Nobody gets a 404 for a provider that will be there in a moment.
 *
 * <p>Its methods are for any thread.
 */
public final class WebhookServer implements AutoCloseable {

  static final String ROUTER = VertxPlatformHttpRouter.PLATFORM_HTTP_ROUTER_NAME + "-webhooks";

  private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);

  private static final Duration LONGEST_WAIT_FOR_VERTX = Duration.ofSeconds(10);
  private static final long SLOWEST_CHECK_OF_TIME = 500;
  private static final List<Integer> FAILURES = List.of(400, 404, 405, 406, 413, 415, 500, 503);

  private final WebhookProperties properties;
  private final FrontDoor door;
  private final Vertx vertx;
  private final Context eventLoop;
  private final Router router;

  private volatile @Nullable HttpServer http;
  private volatile boolean stopped;

  public WebhookServer(
      WebhookProperties properties, Providers providers, RefusalLog refusals, AnswerTimes times) {
    this.properties = properties;
    this.door = new FrontDoor(properties, providers, refusals, times);
    this.vertx = Vertx.vertx(vertxOptions(properties));
    this.eventLoop = vertx.getOrCreateContext();
    this.router = router();
  }

  private static VertxOptions vertxOptions(WebhookProperties properties) {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(properties.workers())
        // Serves no files, so it needs no folder to unpack them to.
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  private static HttpServerOptions httpOptions(WebhookProperties properties) {
    return new HttpServerOptions()
        .setHost(properties.address())
        .setPort(properties.port())
        // HTTP/1.1 alone: limits and stops are made for one request a connection at a time.
        .setHttp2ClearTextEnabled(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }

  private Router router() {
    var routes = Router.router(vertx);
    routes.route().handler(door);
    // A provider that is on and has no route just now: stopped by an operator, or reloaded.
    routes.route().last().handler(door::notTaken);
    FAILURES.forEach(status -> routes.errorHandler(status, door::notTaken));
    return routes;
  }

  /** Makes {@code platform-http} of this Camel context serve on this server. */
  public void attachTo(CamelContext camel) {
    var registry = camel.getRegistry();
    registry.bind(
        ROUTER,
        VertxPlatformHttpRouter.class,
        new VertxPlatformHttpRouter(null, vertx, router, ROUTER) {
          @Override
          public Handler<RoutingContext> bodyHandler() {
            return RoutingContext::next;
          }
        });
    registry.bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, new WebhookEngine(this));
    try {
      camel.addStartupListener(new OpenWhenStarted());
    } catch (Exception e) {
      throw new IllegalStateException("Camel takes no startup listener", e);
    }
    camel.addLifecycleStrategy(
        new LifecycleStrategySupport() {
          @Override
          public void onContextStopping(CamelContext context) {
            stop();
          }

          @Override
          public void onContextStopped(CamelContext context) {
            close();
          }
        });
  }

  /**
   * Starts to listen.
   *
   * @throws NotStartedException if the port cannot be had
   */
  void open() {
    Future<HttpServer> listening =
        Future.future(promise -> eventLoop.runOnContext(run -> listen().onComplete(promise)));
    try {
      http = listening.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new NotStartedException(
          "The public port %d (gateway.webhook.port) cannot be opened on %s: %s"
              .formatted(properties.port(), properties.address(), e.getCause().getMessage()),
          "Stop what listens there, or set another WEBHOOK_PORT; CONSOLE_PORT needs one of its own."
              + " Both come from application.yaml, which has to be in the folder that the gateway"
              + " is started in.",
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the public port was opened", e);
    }
    LOG.info("The public port is open: http://{}:{}/webhooks/", properties.address(), port());
  }

  private Future<HttpServer> listen() {
    var server = vertx.createHttpServer(httpOptions(properties));
    server.connectionHandler(this::connected);
    server.requestHandler(this::handle);
    var everyMillis =
        Math.max(1, Math.min(SLOWEST_CHECK_OF_TIME, properties.requestTimeout().toMillis() / 4));
    vertx.setPeriodic(everyMillis, timer -> door.checkTime());
    return server.listen();
  }

  private void connected(HttpConnection connection) {
    // In place of Vert.x's own handler, which answers 501 to a version of HTTP that it does not
    // know.
    ((HttpServerConnection) connection).handler(this::handle);
    door.connected(connection);
  }

  private void handle(HttpServerRequest request) {
    if (request.version() == null) {
      request.response().setStatusCode(400).end();
      request.connection().close();
    } else {
      router.handle(request);
    }
  }

  /** The port that it listens on; the configured one while it does not. */
  public int port() {
    var server = http;
    return server == null ? properties.port() : server.actualPort();
  }

  /**
   * Keeps requests from the routes, so that these can be replaced: who comes until {@link #release}
   * is asked to come again.
   *
   * @param longest wait for the requests that are with their routes
   * @return whether none is with its route any more
   */
  public boolean hold(Duration longest) {
    var quiet = new CompletableFuture<Void>();
    eventLoop.runOnContext(run -> door.hold(quiet));
    try {
      quiet.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Requests go to the routes again. */
  public void release() {
    eventLoop.runOnContext(run -> door.release());
  }

  /** An engine of this server, for routes that are built to see whether they can be. */
  public PlatformHttpEngine newEngine() {
    return new WebhookEngine(this);
  }

  /** Lets nobody in any more, waits for those who are in, and closes the port. */
  public synchronized void stop() {
    var server = http;
    if (server == null || stopped) {
      return;
    }
    stopped = true;
    eventLoop.runOnContext(run -> door.startDraining());
    try {
      door.emptied().get(properties.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          "Stopped with {} requests in flight after {}; their senders will come again",
          door.inFlight(),
          properties.stopTimeout());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    await(server.close(), "close the public port");
    LOG.info("The public port is closed");
  }

  /** Stops, and gives its threads back. */
  @Override
  public void close() {
    stop();
    await(vertx.close(), "end Vert.x");
  }

  private static void await(Future<Void> end, String what) {
    try {
      end.toCompletionStage()
          .toCompletableFuture()
          .get(LONGEST_WAIT_FOR_VERTX.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Could not {}: {}", what, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  FrontDoor door() {
    return door;
  }

  private final class OpenWhenStarted implements ExtendedStartupListener {

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
      // Too early: some routes start after this.
    }

    @Override
    public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
      open();
    }
  }
}
