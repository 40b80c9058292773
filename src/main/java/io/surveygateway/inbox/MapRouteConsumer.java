package io.surveygateway.inbox;

import io.surveygateway.store.InboxStore.ClaimedRequest;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** Hands a request to the map route that starts with {@code inbox:}, in earnest or for a trial. */
abstract class MapRouteConsumer extends DefaultConsumer {

  MapRouteConsumer(Endpoint endpoint, Processor processor) {
    super(endpoint, processor);
  }

  /**
   * Runs the route to its end; what it makes is in the step.
   *
   * @return what it ended with, or null if it ended well
   */
  final @Nullable Throwable route(ClaimedRequest request, MapStep step) {
    var exchange = createExchange(false);
    try {
      step.startOn(exchange);
      exchange.setProperty(InboxProperties.PROVIDER, request.provider());
      exchange.setProperty(InboxProperties.PATH, request.path());
      exchange.setProperty(InboxProperties.CONTENT_TYPE, request.contentType());
      exchange.setProperty(InboxProperties.REQUEST_ID, request.id());
      exchange.setProperty(InboxProperties.RECEIVED_AT, request.receivedAt().toString());
      KeptHeaders.put(exchange, KeptHeaders.fromStore(request.headers()));
      exchange.getMessage().setBody(request.body());
      return run(exchange);
    } finally {
      releaseExchange(exchange, false);
    }
  }

  private @Nullable Throwable run(Exchange exchange) {
    try {
      createUoW(exchange);
      getProcessor().process(exchange);
    } catch (Throwable e) {
      exchange.setException(e);
    } finally {
      doneUoW(exchange);
    }
    return exchange.getException();
  }
}
