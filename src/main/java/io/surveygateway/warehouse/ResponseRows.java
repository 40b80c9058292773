package io.surveygateway.warehouse;

import static io.surveygateway.failure.Failure.permanent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.failure.FailureException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one canonical event makes in the business database.
 *
 * <p>Keys are the names of columns. Values are {@link String}, {@link Number}, {@link Instant},
 * {@link JsonNode} or null; {@link WarehouseStatements} says what a database makes of them.
 *
 * <p>A deleted response gives a row that says which response it was and that it is gone, and no
 * answers: whoever asked for the deletion did not mean that we keep a copy.
 *
 * @param response one row of {@code survey_response}; {@code now} is the moment of writing
 * @param answers rows of {@code survey_answer}, in the order of the event, each key once; {@code
 *     event_id} beside them says which event they are of
 */
record ResponseRows(
    Map<String, @Nullable Object> response, List<Map<String, @Nullable Object>> answers) {

  private static final String DELETED = "deleted";
  private static final String STATUS = "status";

  /**
   * Whether the event says of itself that it lacks what the respondent gave, so that what is
   * missing in it is no news. A deletion lacks it too, and means it.
   *
   * @param event a checked canonical event
   */
  static boolean isThin(JsonNode event) {
    var data = event.path("data");
    return data.path("attributes").has("answers_not_fetched")
        && !data.has("answers")
        && !DELETED.equals(text(data, STATUS));
  }

  /**
   * The event with what is known of its response from before, where it does not know better itself.
   *
   * @param event a thin one ({@link #isThin}); left as it is
   * @param former the document that an earlier event left; nothing is taken from that of a deleted
   *     response
   */
  static ObjectNode completed(JsonNode event, JsonNode former) {
    ObjectNode completed = event.deepCopy();
    if (former instanceof ObjectNode known && !DELETED.equals(text(former, STATUS))) {
      var data = lay(event.path("data"), known.deepCopy());
      if (event.path("type").asText().endsWith(".updated") && known.has(STATUS)) {
        // A thin update cannot tell whether the response was complete before.
        data.set(STATUS, known.get(STATUS));
      }
      completed.set("data", data);
    }
    return completed;
  }

  /** Members of objects win one by one, everything else as a whole. */
  private static ObjectNode lay(JsonNode over, ObjectNode known) {
    for (var member : over.properties()) {
      var isBoth = member.getValue().isObject() && known.get(member.getKey()) instanceof ObjectNode;
      known.set(
          member.getKey(),
          isBoth
              ? lay(member.getValue(), (ObjectNode) known.get(member.getKey()))
              : member.getValue());
    }
    return known;
  }

  /**
   * @param event a checked canonical event (CloudEvents envelope); left as it is
   * @throws FailureException if it tells of something else than a response
   */
  static ResponseRows of(JsonNode event, Instant now) {
    var type = event.path("type").asText();
    if (!type.startsWith("survey.response.")) {
      throw new FailureException(
          permanent(
              "Expected an event about a response (survey.response.…), got "
                  + (type.length() <= 60 ? type : type.substring(0, 60))
                  + ": the business database holds responses only; see routes/router.camel.yaml"));
    }
    var data = event.path("data");
    var deleted = DELETED.equals(text(data, STATUS)) || type.endsWith("." + DELETED);
    var document = deleted ? remainsOf(data) : data;
    var key = text(document, "key");

    var row = new LinkedHashMap<String, @Nullable Object>();
    row.put("response_key", key);
    row.put("provider", text(document, "provider"));
    row.put("response_id", text(document, "id"));
    row.put("survey_id", text(document.path("survey"), "id"));
    row.put("survey_title", text(document.path("survey"), "title"));
    var collector = document.path("collector");
    row.put("collector_id", text(collector, "id"));
    row.put("collector_name", text(collector, "name"));
    row.put("collector_channel", text(collector, "channel"));
    row.put("status", text(document, STATUS));
    var respondent = document.path("respondent");
    row.put("respondent_id", text(respondent, "id"));
    row.put("respondent_email", text(respondent, "email"));
    row.put("respondent_name", nameOf(respondent));
    row.put("respondent_phone", text(respondent, "phone"));
    row.put("respondent_external_id", text(respondent, "externalId"));
    row.put("respondent_language", text(respondent, "language"));
    row.put("started_at", instant(document, "startedAt"));
    row.put("completed_at", instant(document, "completedAt"));
    row.put("modified_at", instant(document, "modifiedAt"));
    row.put("duration_seconds", number(document.path("durationSeconds")));
    var scores = document.path("scores");
    row.put("nps", number(scores.path("nps")));
    row.put("csat", number(scores.path("csat")));
    row.put("ces", number(scores.path("ces")));
    row.put("event_id", text(event, "id"));
    row.put("event_type", type);
    row.put("event_at", instant(event, "time"));
    row.put("document", document);
    row.put("now", now);
    return new ResponseRows(row, answers(row, document.path("answers")));
  }

  /** What says which response it was, and nothing that the respondent gave. */
  private static ObjectNode remainsOf(JsonNode data) {
    var remains = JsonNodeFactory.instance.objectNode();
    for (var name : List.of("key", "provider", "id")) {
      if (data.hasNonNull(name)) {
        remains.set(name, data.get(name));
      }
    }
    remains.put(STATUS, DELETED);
    if (data.hasNonNull("survey")) {
      remains.set("survey", data.get("survey"));
    }
    return remains;
  }

  private static List<Map<String, @Nullable Object>> answers(
      Map<String, @Nullable Object> response, JsonNode answers) {
    record Key(@Nullable String questionId, String rowId) {}
    var rows = new LinkedHashMap<Key, Map<String, @Nullable Object>>();
    for (var answer : answers) {
      var rowId = text(answer, "rowId");
      var key = new Key(text(answer, "questionId"), rowId == null ? "" : rowId);
      var row = new LinkedHashMap<String, @Nullable Object>();
      row.put("response_key", response.get("response_key"));
      row.put("event_id", response.get("event_id"));
      row.put("question_id", key.questionId());
      row.put("row_id", key.rowId());
      row.put("position", number(answer.path("position")));
      row.put("question", text(answer, "question"));
      row.put("type", text(answer, "type"));
      row.put("value_text", textOf(answer));
      row.put("value_number", number(answer.path("value")));
      rows.merge(key, row, ResponseRows::both);
    }
    return new ArrayList<>(rows.values());
  }

  /** One row for a question that was answered twice: both texts, and no number of the two. */
  private static Map<String, @Nullable Object> both(
      Map<String, @Nullable Object> first, Map<String, @Nullable Object> second) {
    var one = first.get("value_text");
    var other = second.get("value_text");
    first.put("value_text", one == null ? other : other == null ? one : one + "; " + other);
    first.put("value_number", null);
    return first;
  }

  private static @Nullable String nameOf(JsonNode respondent) {
    var name = text(respondent, "name");
    if (name != null) {
      return name;
    }
    var first = text(respondent, "firstName");
    var last = text(respondent, "lastName");
    return first == null ? last : last == null ? first : first + " " + last;
  }

  /** The text as a person reads it, or the value where the provider gave no text. */
  private static @Nullable String textOf(JsonNode answer) {
    var text = text(answer, "text");
    var value = answer.path("value");
    if (text != null || value.isMissingNode() || value.isNull()) {
      return text;
    }
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .map(JsonNode::asText)
            .reduce((one, other) -> one + "; " + other)
            .orElse(null)
        : value.asText();
  }

  private static @Nullable String text(JsonNode parent, String name) {
    var value = parent.path(name);
    return value.isValueNode() && !value.isNull() ? value.asText() : null;
  }

  /** Numbers that every database can hold; digits in a text are no number. */
  private static @Nullable Number number(JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (value.isNumber() && Double.isFinite(value.doubleValue())) {
      return value.doubleValue();
    }
    return null;
  }

  private static @Nullable Instant instant(JsonNode parent, String name) {
    var value = text(parent, name);
    try {
      return value == null ? null : Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw new FailureException(
          permanent("Expected " + name + " as RFC 3339 in UTC, such as 2026-01-31T09:00:00.000Z"),
          e);
    }
  }
}
