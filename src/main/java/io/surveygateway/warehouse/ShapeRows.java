package io.surveygateway.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Processor;

/**
 * Lays the canonical event in the body out as rows: variable {@code response} holds the one of
 * {@code survey_response}, variable {@code answers} those of {@code survey_answer}.
 *
 * <p>Leaves body and headers alone. Keeps no state: one instance serves every thread.
 */
final class ShapeRows implements Processor {

  private final Clock clock;

  ShapeRows(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void process(Exchange exchange) throws InvalidPayloadException {
    var event = exchange.getMessage().getMandatoryBody(JsonNode.class);
    var rows = ResponseRows.of(event, clock.instant());
    exchange.setVariable("response", rows.response());
    exchange.setVariable("answers", rows.answers());
  }
}
