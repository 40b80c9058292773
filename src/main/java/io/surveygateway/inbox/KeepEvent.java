package io.surveygateway.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.event.CanonicalEvents;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Checks a mapped event against its schema and keeps it, whether or not a destination wants it.
 *
 * <p>The body is a {@link JsonNode} as the mapping made it, and afterwards the canonical event.
 */
@Component("keepEvent")
final class KeepEvent implements Processor {

  private final CanonicalEvents canonicalEvents;

  KeepEvent(CanonicalEvents canonicalEvents) {
    this.canonicalEvents = canonicalEvents;
  }

  /**
   * @throws FailureException if the mapping made no event, or one that its schema refuses
   */
  @Override
  public void process(Exchange exchange) {
    if (!(exchange.getMessage().getBody() instanceof JsonNode mapped)) {
      throw new FailureException(
          Failure.permanent(
              "Expected the mapping to make one JSON object, got none or several; see the jq file of"
                  + " this provider"));
    }
    var event = canonicalEvents.accept(mapped);
    MapStep.of(exchange).keep(exchange, event, event.toString());
    exchange.getMessage().setBody(event);
  }
}
