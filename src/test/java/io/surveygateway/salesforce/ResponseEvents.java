package io.surveygateway.salesforce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** Canonical events about responses, bent by verbs. */
final class ResponseEvents {

  private ResponseEvents() {}

  /** A completed response that nothing is known of but its id. */
  static Event completed(String id) {
    var event = JsonNodeFactory.instance.objectNode();
    event.put("specversion", "1.0").put("id", "evt-" + id).put("source", "/providers/popsee");
    event.put("type", "survey.response.completed").put("subject", "popsee:" + id);
    event.put("time", "2026-03-02T09:16:55.000Z");
    event.put("dataschema", "urn:survey-gateway:survey-event:1");
    var data = event.putObject("data");
    data.put("key", "popsee:" + id).put("provider", "popsee").put("id", id);
    data.put("status", "completed").putObject("survey").put("id", "s-42").put("title", "Checkout");
    return new Event(event);
  }

  static Event deleted(String id) {
    var event = completed(id);
    event.json().put("type", "survey.response.deleted");
    event.data().put("status", "deleted");
    return event;
  }

  static ArrayNode batch(Event... events) {
    var batch = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(events).map(Event::json).forEach(batch::add);
    return batch;
  }

  record Event(ObjectNode json) {

    ObjectNode data() {
      return (ObjectNode) json.get("data");
    }

    Event by(String email) {
      return respondent("email", email);
    }

    Event named(String first, String last) {
      return respondent("firstName", first).respondent("lastName", last);
    }

    Event respondent(String member, String value) {
      data().withObject("/respondent").put(member, value);
      return this;
    }

    Event scoring(int nps) {
      data().withObject("/scores").put("nps", nps);
      return this;
    }

    /** As SurveyMonkey's events are while there is no access token: of the answers nothing. */
    Event thin() {
      data().withObject("/survey").remove("title");
      data().withObject("/attributes").put("answers_not_fetched", "no access token");
      return this;
    }

    Event updated() {
      json.put("type", "survey.response.updated");
      data().put("status", "partial");
      return this;
    }

    Event commenting(String comment) {
      return attribute("comment", comment);
    }

    Event attribute(String name, String value) {
      data().withObject("/attributes").put(name, value);
      return this;
    }

    Event answering(String questionId, String text) {
      data()
          .withArray("/answers")
          .addObject()
          .put("questionId", questionId)
          .put("position", 1)
          .put("type", "text")
          .put("text", text);
      return this;
    }
  }
}
