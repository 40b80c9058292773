package io.surveygateway.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;

/** A canonical event about one response, and verbs that bend it. */
final class SurveyEvents {

  static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode event;

  private SurveyEvents(ObjectNode event) {
    this.event = event;
  }

  static SurveyEvents completed() {
    return new SurveyEvents(
        read(
            """
            {
              "specversion": "1.0",
              "id": "evt-1",
              "source": "/providers/popsee",
              "type": "survey.response.completed",
              "subject": "popsee:7c9e",
              "time": "2026-03-01T10:00:00Z",
              "datacontenttype": "application/json",
              "dataschema": "urn:survey-gateway:survey-event:1",
              "data": {
                "key": "popsee:7c9e",
                "provider": "popsee",
                "id": "7c9e",
                "status": "completed",
                "survey": {"id": "s-1", "title": "After the visit"},
                "collector": {"id": "c-1", "name": "Shop", "channel": "web"},
                "respondent": {
                  "id": "r-1", "email": "jo@example.com", "firstName": "Jo", "lastName": "Doe",
                  "phone": "+44 20 7946 0000", "externalId": "crm-9", "language": "en"
                },
                "startedAt": "2026-03-01T09:58:30.5Z",
                "completedAt": "2026-03-01T10:00:00Z",
                "modifiedAt": "2026-03-01T10:00:00.123Z",
                "durationSeconds": 89.5,
                "answers": [
                  {"questionId": "q1", "position": 1, "question": "Would you recommend us?",
                   "type": "rating", "value": 9, "text": "9"},
                  {"questionId": "q2", "rowId": "price", "position": 2,
                   "question": "How was … – Price", "type": "choice", "value": "c3",
                   "text": "Fair", "choiceIds": ["c3"]},
                  {"questionId": "q2", "rowId": "staff", "position": 3,
                   "question": "How was … – Staff", "type": "choice", "value": "c4",
                   "text": "Friendly", "choiceIds": ["c4"]}
                ],
                "scores": {"nps": 9, "csat": 4.5}
              }
            }
            """));
  }

  SurveyEvents withId(String id) {
    event.put("id", id);
    return this;
  }

  SurveyEvents at(String time) {
    event.put("time", time);
    return this;
  }

  SurveyEvents ofType(String type) {
    event.put("type", type);
    return this;
  }

  SurveyEvents about(String key) {
    event.put("subject", key);
    return with(data -> data.put("key", key));
  }

  SurveyEvents with(Consumer<ObjectNode> change) {
    change.accept((ObjectNode) event.get("data"));
    return this;
  }

  SurveyEvents withAnswers(String json) {
    return with(data -> data.set("answers", read("{\"answers\": " + json + "}").get("answers")));
  }

  /** As SurveyMonkey's events are while there is no access token: of the answers nothing. */
  SurveyEvents thin() {
    return with(
        data -> {
          data.remove(List.of("answers", "scores", "startedAt", "durationSeconds"));
          data.withObject("/survey").remove("title");
          data.withObject("/collector").remove(List.of("name", "channel"));
          data.putObject("respondent").put("id", "r-1");
          data.putObject("attributes").put("answers_not_fetched", "no access token");
        });
  }

  SurveyEvents deleted() {
    return ofType("survey.response.deleted").with(data -> data.put("status", "deleted"));
  }

  ObjectNode node() {
    return event.deepCopy();
  }

  private static ObjectNode read(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
