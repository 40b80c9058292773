package io.surveygateway.webhook;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
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
 * <p>The message stays empty, without body and headers: the request is the exchange property {@link
 * WebhookRequest#PROPERTY}, so that nothing a sender writes can steer a step or come back.
 */
final class WebhookConsumer extends VertxPlatformHttpConsumer {

  private final String path;
  private volatile @Nullable String providerRoute;

  WebhookConsumer(PlatformHttpEndpoint endpoint, Processor processor, String routerName) {
    super(endpoint, processor, List.of(), routerName);
    this.path = endpoint.getPath();
  }

  @Override
  protected void handleRequest(RoutingContext context) {
    WebhookRequest request = context.get(WebhookRequest.PROPERTY);
    // Vert.x matches by prefix, which popsee is of popseeX.
    if (request == null || !path.equals("/webhooks/" + request.provider()) || !isRunning()) {
      context.next();
      return;
    }
    // A step may wait, for the disk above all; the event loop may not.
    context
        .vertx()
        .executeBlocking(() -> process(request), false)
        .onSuccess(end -> answer(context, end))
        .onFailure(context::fail);
  }

  /**
   * Whether this route and the one that starts with the kamelet run. While the latter is stopped,
   * Camel would keep each request waiting for half a minute, and a worker with it.
   */
  private boolean isRunning() {
    var known = providerRoute;
    if (known == null) {
      known = findProviderRoute();
      providerRoute = known;
    }
    if (isSuspended() || known.isEmpty()) {
      return !isSuspended();
    }
    var status = getEndpoint().getCamelContext().getRouteController().getRouteStatus(known);
    return status != null && status.isStarted();
  }

  /** The route that starts with the kamelet of this consumer; empty if there is none. */
  private String findProviderRoute() {
    var routes = getEndpoint().getCamelContext().getRoutes();
    return routes.stream()
        .filter(route -> route.getEndpoint() == getEndpoint())
        .flatMap(ours -> routes.stream().filter(route -> isFedBy(ours, route)))
        .map(Route::getId)
        .findAny()
        .orElse("");
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
    var exchange = createExchange(false);
    try {
      exchange.setPattern(ExchangePattern.InOut);
      exchange.setProperty(WebhookRequest.PROPERTY, request);
      createUoW(exchange);
      getProcessor().process(exchange);
      return End.of(exchange);
    } finally {
      doneUoW(exchange);
      releaseExchange(exchange, false);
    }
  }
}
