package io.surveygateway.standin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Makes up a response that looks as one of SmartSurvey does, in its API and in its webhooks. */
public final class SmartSurveyResponse {

  private SmartSurveyResponse() {}

  /** A completed response of a survey about a visit, of two minutes. */
  public static ObjectNode madeUp(String survey, int id, Instant ended) {
    var end = ended.truncatedTo(ChronoUnit.SECONDS);
    var response = JsonNodeFactory.instance.objectNode();
    response.put("id", id).put("survey_id", Long.parseLong(survey)).put("tracking_link_id", 771);
    response.put("date_started", end.minusSeconds(120).toString());
    response.put("date_ended", end.toString()).put("date_modified", end.toString());
    response.put("status", "completed").put("contact_name", "").put("contact_email", "");
    response.put("href", "https://api.smartsurvey.io/v2/surveys/" + survey + "/responses/" + id);
    response.putArray("variables");
    var page = response.putArray("pages").addObject().put("id", 8801).put("title", "Visit");
    var question = page.putArray("questions").addObject();
    question.put("id", 88011).put("title", "How was it?").put("type", "single_choice");
    question.put("sub_type", "radio").put("position", 1);
    question
        .putArray("answers")
        .addObject()
        .put("id", 1)
        .put("type", "radio")
        .put("choice_title", "Good")
        .put("choice_id", 880111);
    return response;
  }
}
