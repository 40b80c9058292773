package io.surveygateway.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.surveygateway.event.SurveyJson;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Processor;

/**
 * Lays the canonical event in the body out as rows: variable {@code response} holds the one of
 * {@code survey_response}, variable {@code answers} those of {@code survey_answer}, or is null if
 * there are none.
 *
 * <p>A thin event ({@link ResponseRows#isThin}) is kept in variable {@code thinEvent}. It comes
 * here once more when the body holds the rows that were found of its response, at most one, with
 * the column {@code document}; then it is laid out with what that document knows.
 *
 * <p>Leaves body and headers alone. Keeps no state: one instance serves every thread.
 */
final class ShapeRows implements Processor {

  private static final String THIN_EVENT = "thinEvent";

  private final Clock clock;

  ShapeRows(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void process(Exchange exchange) throws InvalidPayloadException, IOException {
    var thin = exchange.getVariable(THIN_EVENT, JsonNode.class);
    var event =
        thin == null
            ? exchange.getMessage().getMandatoryBody(JsonNode.class)
            : ResponseRows.completed(thin, former(exchange));
    if (thin == null && ResponseRows.isThin(event)) {
      exchange.setVariable(THIN_EVENT, event);
    }
    var rows = ResponseRows.of(event, clock.instant());
    exchange.setVariable("response", rows.response());
    // To count them in the route would take longer than to write one.
    exchange.setVariable("answers", rows.answers().isEmpty() ? null : rows.answers());
  }

  private static JsonNode former(Exchange exchange) throws IOException {
    for (var row : exchange.getMessage().getBody(List.class)) {
      return SurveyJson.mapper().readTree(String.valueOf(((Map<?, ?>) row).get("document")));
    }
    return MissingNode.getInstance();
  }
}
