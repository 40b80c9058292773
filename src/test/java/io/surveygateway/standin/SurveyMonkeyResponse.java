package io.surveygateway.standin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes up a response that looks as one of SurveyMonkey does, the same for the same ids. */
public final class SurveyMonkeyResponse {

  public static final String SURVEY = "310044821";
  public static final String COLLECTOR = "430021177";

  /** The question for the likelihood to recommend. */
  public static final String RECOMMEND = "88010";

  /** The question for anything else. */
  public static final String COMMENT = "88013";

  private static final List<String> NAMES =
      List.of("Ada Byron", "Grace Hopper", "Edsger Dijkstra", "Barbara Liskov", "Zoë Müller");
  private static final List<String> COMMENTS =
      List.of(
          "Quick and kind",
          "Took too long, and nobody called back",
          "Très bien 👍",
          "The <b>new</b> desk is better & brighter",
          "It was all right");
  private static final List<String> REASONS = List.of("Staff", "Price", "Opening hours");
  private static final List<String> ROWS = List.of("Waiting time", "Friendliness");
  private static final List<String> COLUMNS = List.of("Poor", "Fair", "Good", "Excellent");

  private SurveyMonkeyResponse() {}

  /** A response of a survey about a visit, completed at that time; texts included. */
  public static ObjectNode madeUp(String surveyId, String responseId, Instant ended) {
    var random = new Random((surveyId + "/" + responseId).hashCode());
    var name = NAMES.get(random.nextInt(NAMES.size()));
    var seconds = 60 + random.nextInt(300);
    var response = JsonNodeFactory.instance.objectNode();
    response.put("id", responseId).put("recipient_id", "").put("collection_mode", "default");
    response.put("response_status", "completed").put("custom_value", "");
    response.put("first_name", "").put("last_name", "").put("email_address", "");
    response.put("ip_address", "203.0.113.7").putObject("logic_path");
    metadata(response.putObject("metadata"), name);
    response.putArray("page_path");
    response.put("current_page_id", "0").put("collector_id", COLLECTOR).put("survey_id", surveyId);
    response.putObject("custom_variables").put("order", "A-" + (10 + random.nextInt(90)));
    response.put("edit_url", "https://www.surveymonkey.com/r/?sm=" + responseId);
    response.put(
        "analyze_url", "https://www.surveymonkey.com/analyze/browse/x?respondent_id=" + responseId);
    response.put("total_time", seconds);
    response.put("date_modified", time(ended));
    response.put("date_created", time(ended.minusSeconds(seconds)));
    response.put(
        "href", "https://api.surveymonkey.net/v3/surveys/" + surveyId + "/responses/" + responseId);
    var page = response.putArray("pages").addObject().put("id", "22010");
    questions(page.putArray("questions"), random);
    return response;
  }

  private static void metadata(ObjectNode metadata, String name) {
    var parts = name.split(" ");
    var contact = metadata.putObject("contact");
    text(contact.putObject("first_name"), parts[0]);
    text(contact.putObject("last_name"), parts[1]);
    text(contact.putObject("email"), emailOf(name));
    var respondent = metadata.putObject("respondent");
    text(respondent.putObject("user_agent"), "Mozilla/5.0");
    text(respondent.putObject("language"), "en");
  }

  private static void questions(ArrayNode questions, Random random) {
    var score = random.nextInt(11);
    question(
            questions,
            RECOMMEND,
            "How likely is it that you would recommend us?",
            "matrix",
            "rating")
        .addObject()
        .put("choice_id", "5880" + (10 + score))
        .put("row_id", "588099")
        .put("simple_text", String.valueOf(score))
        .putObject("choice_metadata")
        .put("weight", score >= 9 ? "100" : score >= 7 ? "0" : "-100");
    var reason = random.nextInt(REASONS.size());
    question(questions, "88011", "What mattered most?", "single_choice", "vertical")
        .addObject()
        .put("choice_id", "58810" + reason)
        .put("simple_text", REASONS.get(reason));
    var rows = question(questions, "88012", "How was it?", "matrix", "single");
    for (var row = 0; row < ROWS.size(); row++) {
      var column = random.nextInt(COLUMNS.size());
      rows.addObject()
          .put("row_id", "58820" + row)
          .put("choice_id", "58821" + column)
          .put("simple_text", ROWS.get(row) + " | " + COLUMNS.get(column));
    }
    var comment = COMMENTS.get(random.nextInt(COMMENTS.size()));
    question(questions, COMMENT, "Anything to add?", "open_ended", "essay")
        .addObject()
        .put("text", comment)
        .put("simple_text", comment)
        .putArray("tag_data");
    var heard =
        question(questions, "88014", "Where did you hear of us?", "multiple_choice", "vertical");
    heard.addObject().put("choice_id", "588402").put("simple_text", "Friends");
    heard
        .addObject()
        .put("other_id", "588409")
        .put("text", "radio")
        .put("simple_text", "Other (please specify) | radio");
  }

  private static ArrayNode question(
      ArrayNode questions, String id, String heading, String family, String subtype) {
    return questions
        .addObject()
        .put("id", id)
        .put("heading", heading)
        .put("family", family)
        .put("subtype", subtype)
        .putArray("answers");
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "+00:00");
  }

  private static void text(ObjectNode owner, String value) {
    owner.put("type", "string").put("value", value);
  }

  private static String emailOf(String name) {
    return name.toLowerCase(Locale.ROOT).replace("ë", "e").replace("ü", "u").replace(' ', '.')
        + "@example.org";
  }
}
