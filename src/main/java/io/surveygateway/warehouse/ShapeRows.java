package io.surveygateway.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.surveygateway.event.SurveyJson;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Lays the canonical events in the body out as rows: variable {@code responses} holds those of
 * {@code survey_response}, variable {@code answers} those of {@code survey_answer}, or is null if
 * there are none.
 *
 * <p>A thin event ({@link ResponseRows#isThin}) comes alone, and is kept in variable {@code
 * thinEvent}. It comes here once more when the body holds the rows that were found of its response,
 * at most one, with the column {@code document}; then it is laid out with what that document knows.
 *
 * <p>Leaves body and headers alone. Keeps no state: one instance serves every thread.
 */
final class ShapeRows implements Processor {

  private static final String THIN_EVENT = "thinEvent";

  /** Rows are many times as large in memory as what they are made of. */
  private static final int MOST_ANSWERS = 5_000;

  private final Clock clock;

  ShapeRows(Clock clock) {
    this.clock = clock;
  }

  /**
   * What is laid out and written together: those that tell everything, as many as have {@value
   * #MOST_ANSWERS} answers between them, one at least; and each thin one by itself.
   *
   * @param events canonical events, each of another response
   */
  public List<List<JsonNode>> groups(@Body JsonNode events) {
    var groups = new ArrayList<List<JsonNode>>();
    var group = new ArrayList<JsonNode>();
    var answers = 0;
    for (var event : events) {
      if (ResponseRows.isThin(event)) {
        groups.add(List.of(event));
        continue;
      }
      var more = event.path("data").path("answers").size();
      if (!group.isEmpty() && answers + more > MOST_ANSWERS) {
        groups.add(group);
        group = new ArrayList<>();
        answers = 0;
      }
      group.add(event);
      answers += more;
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    var events = (List<?>) exchange.getMessage().getBody();
    var thin = exchange.getVariable(THIN_EVENT, JsonNode.class);
    if (thin != null) {
      events = List.of(ResponseRows.completed(thin, former(events)));
    } else if (ResponseRows.isThin((JsonNode) events.get(0))) {
      exchange.setVariable(THIN_EVENT, events.get(0));
    }
    var now = clock.instant();
    var responses = new ArrayList<Map<String, @Nullable Object>>();
    var answers = new ArrayList<Map<String, @Nullable Object>>();
    for (var event : events) {
      var rows = ResponseRows.of((JsonNode) event, now);
      responses.add(rows.response());
      answers.addAll(rows.answers());
    }
    exchange.setVariable("responses", responses);
    // To count them in the route would take longer than to write one.
    exchange.setVariable("answers", answers.isEmpty() ? null : answers);
  }

  private static JsonNode former(List<?> rows) throws IOException {
    for (var row : rows) {
      return SurveyJson.mapper().readTree(String.valueOf(((Map<?, ?>) row).get("document")));
    }
    return MissingNode.getInstance();
  }
}
