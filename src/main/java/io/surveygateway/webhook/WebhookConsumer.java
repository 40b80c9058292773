package io.surveygateway.webhook;

import io.surveygateway.inbox.InboxProperties;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings a request to its provider's route, and the route's answer back.
 *
 * <p>A small request of a {@link QuickRoute} stays on the event loop, from its head to its answer;
 * every other one has a worker's thread.
 *
 * <p>The message stays empty, without body and headers: the request is the exchange property {@link
 * WebhookRequest#PROPERTY}, so that nothing a sender writes can steer a step or come back.
 */
final class WebhookConsumer extends VertxPlatformHttpConsumer {

  /** Bytes of a body that are hashed in less time than another thread takes to wake up. */
  private static final int SMALL = 32 << 10;

  /**
   * @param id empty if there is none
   */
  private record ProviderRoute(String id, boolean isQuick) {}

  private final String path;
  private volatile @Nullable ProviderRoute providerRoute;

  WebhookConsumer(PlatformHttpEndpoint endpoint, Processor processor, String routerName) {
    super(endpoint, processor, List.of(), routerName);
    this.path = endpoint.getPath();
  }

  @Override
  protected void handleRequest(RoutingContext context) {
    WebhookRequest request = context.get(WebhookRequest.PROPERTY);
    // Vert.x matches by prefix, which popsee is of popseeX.
    // A request whose body took its time may meet a route that another one has replaced.
    if (request == null || !path.equals("/webhooks/" + request.provider()) || !isStarted()) {
      context.next();
      return;
    }
    var route = providerRoute();
    if (!isRunning(route)) {
      context.next();
    } else if (route.isQuick && request.body().length <= SMALL) {
      processHere(context, request);
    } else {
      // A step may wait; the event loop may not.
      context
          .vertx()
          .executeBlocking(() -> process(request), false)
          .onSuccess(end -> answer(context, end))
          .onFailure(context::fail);
    }
  }

  /**
   * Whether this route and the one that starts with the kamelet run. While the latter is stopped,
   * Camel would keep each request waiting for half a minute, and a worker with it.
   */
  private boolean isRunning(ProviderRoute route) {
    if (isSuspended() || route.id.isEmpty()) {
      return !isSuspended();
    }
    var status = getEndpoint().getCamelContext().getRouteController().getRouteStatus(route.id);
    return status != null && status.isStarted();
  }

  private ProviderRoute providerRoute() {
    var known = providerRoute;
    if (known == null) {
      known = findProviderRoute();
      providerRoute = known;
    }
    return known;
  }

  /** The route that starts with the kamelet of this consumer. */
  private ProviderRoute findProviderRoute() {
    var camel = getEndpoint().getCamelContext();
    var routes = camel.getRoutes();
    return routes.stream()
        .filter(route -> route.getEndpoint() == getEndpoint())
        .flatMap(ours -> routes.stream().filter(route -> isFedBy(ours, route)))
        .map(route -> new ProviderRoute(route.getId(), QuickRoute.is(camel, route.getId())))
        .findAny()
        .orElseGet(() -> new ProviderRoute("", false));
  }

  private static boolean isFedBy(Route ours, Route route) {
    return route.getEndpoint() instanceof KameletEndpoint kamelet
        && kamelet.getRouteId().equals(ours.getId());
  }

  private static void answer(RoutingContext context, End end) {
    var visit = Visit.of(context);
    if (visit == null) {
      return;
    }
    if (end.unhandledRefusal == null) {
      visit.answer(end.answer);
    } else {
      visit.refuse(end.answer, end.unhandledRefusal);
    }
  }

  /**
   * How a request came out of its route.
   *
   * @param unhandledRefusal why a check refused it, if no policy saw that: Camel's do not see what
   *     a doCatch throws, which is where the last of several checks stands
   */
  private record End(Answer answer, @Nullable String unhandledRefusal) {

    static End of(Exchange exchange) {
      var refusal =
          exchange.getException() instanceof ProofRefusedException refused
              ? refused.getMessage()
              : null;
      return new End(Answer.of(exchange), refusal);
    }
  }

  private End process(WebhookRequest request) throws Exception {
    var exchange = newExchange(request);
    try {
      createUoW(exchange);
      getProcessor().process(exchange);
      return End.of(exchange);
    } finally {
      doneUoW(exchange);
      releaseExchange(exchange, false);
    }
  }

  /** The same on the event loop, which goes on with others while the request is being stored. */
  private void processHere(RoutingContext context, WebhookRequest request) {
    var eventLoop = context.vertx().getOrCreateContext();
    var exchange = newExchange(request);
    Executor goesOnAt = work -> eventLoop.runOnContext(run -> work.run());
    exchange.setProperty(InboxProperties.GOES_ON_AT, goesOnAt);
    try {
      createUoW(exchange);
    } catch (Exception e) {
      releaseExchange(exchange, false);
      context.fail(e);
      return;
    }
    getAsyncProcessor()
        .process(
            exchange,
            doneAtOnce -> {
              var end = End.of(exchange);
              doneUoW(exchange);
              releaseExchange(exchange, false);
              answer(context, end);
            });
  }

  private Exchange newExchange(WebhookRequest request) {
    var exchange = createExchange(false);
    exchange.setPattern(ExchangePattern.InOut);
    exchange.setProperty(WebhookRequest.PROPERTY, request);
    return exchange;
  }
}
