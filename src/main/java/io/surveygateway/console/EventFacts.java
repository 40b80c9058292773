package io.surveygateway.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person looks for first in a canonical event. All of it was written by respondents and
 * providers.
 *
 * @param scores such as {@code nps 9}
 */
record EventFacts(
    @Nullable String survey,
    @Nullable String status,
    @Nullable String name,
    @Nullable String email,
    @Nullable String externalId,
    List<String> scores,
    @Nullable String comment,
    int answers) {

  static EventFacts of(JsonNode event) {
    var data = event.path("data");
    var respondent = data.path("respondent");
    var scores = new ArrayList<String>();
    data.path("scores")
        .fields()
        .forEachRemaining(
            score -> {
              if (score.getValue().isNumber()) {
                scores.add(score.getKey() + " " + score.getValue().asText());
              }
            });
    return new EventFacts(
        data.path("survey").path("title").textValue(),
        data.path("status").textValue(),
        respondent.path("name").textValue(),
        respondent.path("email").textValue(),
        respondent.path("externalId").textValue(),
        scores,
        data.path("attributes").path("comment").textValue(),
        data.path("answers").size());
  }
}
