package io.surveygateway.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.event.EventType;
import io.surveygateway.store.StepResult;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Reads from a canonical event what the store finds and counts it by. */
final class Facts {

  private Facts() {}

  /** Of an event that is about no response: the respondent alone, who is none. */
  static StepResult.Facts of(JsonNode event) {
    var type = EventType.find(event.path("type").asText());
    var isAboutResponse = type != null && type.isAboutResponse();
    var data = isAboutResponse ? event.path("data") : event.path("none");
    return new StepResult.Facts(
        data.path("respondent").path("externalId").textValue(),
        data.path("status").textValue(),
        nps(data.path("scores").path("nps")),
        data.path("survey").path("title").textValue());
  }

  /** Down to a whole number: 6.5 is less than the 7 of a passive. */
  private static @Nullable Integer nps(JsonNode score) {
    if (!score.isNumber()) {
      return null;
    }
    var value = score.decimalValue();
    return value.signum() < 0 || value.compareTo(BigDecimal.TEN) > 0
        ? null
        : value.setScale(0, RoundingMode.FLOOR).intValueExact();
  }
}
