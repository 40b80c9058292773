package io.surveygateway.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.surveygateway.alerts.AlertChange.What;
import io.surveygateway.event.SurveyJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Changes as JSON: as they are kept, and as receivers get them. */
final class AlertJson {

  private AlertJson() {}

  static ArrayNode of(List<AlertChange> changes) {
    var array = SurveyJson.mapper().createArrayNode();
    for (var change : changes) {
      array
          .addObject()
          .put("change", change.what().text())
          .put("kind", change.kind().text())
          .put(change.kind().isOfProvider() ? "provider" : "destination", change.about())
          .put("since", change.since().toString())
          .put("at", change.at().toString())
          .put("text", change.text());
    }
    return array;
  }

  static List<AlertChange> read(String json) {
    try {
      var changes = new ArrayList<AlertChange>();
      SurveyJson.mapper().readTree(json).forEach(node -> changes.add(read(node)));
      return changes;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Expected the notice that the gateway itself wrote", e);
    }
  }

  private static AlertChange read(JsonNode node) {
    var kind = AlertKind.of(node.path("kind").asText());
    return new AlertChange(
        What.valueOf(node.path("change").asText().toUpperCase(Locale.ROOT)),
        kind,
        node.path(kind.isOfProvider() ? "provider" : "destination").asText(),
        Instant.parse(node.path("since").asText()),
        Instant.parse(node.path("at").asText()),
        node.path("text").asText());
  }
}
