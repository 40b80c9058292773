package io.surveygateway.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.event.SurveyJson;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands deliveries to the destination's route that starts with {@code outbox:}, in earnest or for a
 * trial.
 */
abstract class DeliveryRouteConsumer extends DefaultConsumer {

  private final int batchSize;

  /**
   * @param batchSize deliveries in one exchange at most; over 1 the body is a list
   */
  DeliveryRouteConsumer(Endpoint endpoint, Processor processor, int batchSize) {
    super(endpoint, processor);
    this.batchSize = batchSize;
  }

  /**
   * Runs the route to its end.
   *
   * @return what it ended with, or null if it ended well
   */
  final @Nullable Throwable route(Deliveries deliveries) {
    var exchange = createExchange(false);
    try {
      createUoW(exchange);
      exchange.setProperty(Deliveries.PROPERTY, deliveries);
      exchange.getMessage().setBody(body(deliveries));
      getProcessor().process(exchange);
    } catch (Throwable e) {
      exchange.setException(e);
    } finally {
      doneUoW(exchange);
    }
    try {
      return exchange.getException();
    } finally {
      releaseExchange(exchange, false);
    }
  }

  private JsonNode body(Deliveries deliveries) {
    if (batchSize == 1) {
      return deliveries.event(0);
    }
    var events = SurveyJson.mapper().createArrayNode();
    for (var i = 0; i < deliveries.size(); i++) {
      events.add(deliveries.event(i));
    }
    return events;
  }
}
