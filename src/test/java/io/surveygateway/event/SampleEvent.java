package io.surveygateway.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A canonical event to bend: {@code completed().with("/data/status", "\"partial\"")}. */
final class SampleEvent {

  private final ObjectNode event;

  private SampleEvent(ObjectNode event) {
    this.event = event;
  }

  static SampleEvent completed() {
    return new SampleEvent(
        (ObjectNode)
            json(
                """
                {"specversion": "1.0", "id": "response.completed|b6f1",
                 "source": "/providers/popsee", "type": "survey.response.completed",
                 "subject": "popsee:b6f1", "time": "2026-03-02T09:16:55.000Z",
                 "dataschema": "urn:survey-gateway:survey-event:1",
                 "data": {
                   "key": "popsee:b6f1", "provider": "popsee", "id": "b6f1", "status": "completed",
                   "survey": {"id": "3d0c"},
                   "completedAt": "2026-03-02T09:16:55.000Z",
                   "answers": [
                     {"questionId": "q1", "position": 1, "value": 9},
                     {"questionId": "q2", "position": 2, "value": "Très bien 👍",
                      "text": "Très bien 👍"}]}}
                """));
  }

  /** Sets what stands at a JSON pointer; objects on the way must be there. */
  SampleEvent with(String pointer, String json) {
    var slash = pointer.lastIndexOf('/');
    ((ObjectNode) event.at(pointer.substring(0, slash)))
        .set(pointer.substring(slash + 1), json(json));
    return this;
  }

  SampleEvent withText(String pointer, String text) {
    var slash = pointer.lastIndexOf('/');
    ((ObjectNode) event.at(pointer.substring(0, slash))).put(pointer.substring(slash + 1), text);
    return this;
  }

  SampleEvent without(String pointer) {
    var slash = pointer.lastIndexOf('/');
    ((ObjectNode) event.at(pointer.substring(0, slash))).remove(pointer.substring(slash + 1));
    return this;
  }

  ObjectNode json() {
    return event;
  }

  static JsonNode json(String text) {
    try {
      return SurveyJson.mapper().readTree(text);
    } catch (JsonProcessingException wrongSample) {
      throw new IllegalArgumentException(wrongSample);
    }
  }
}
