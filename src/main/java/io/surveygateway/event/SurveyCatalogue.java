package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.surveygateway.event.CatalogueProperties.KnownQuestion;
import io.surveygateway.event.CatalogueProperties.KnownSurvey;
import io.surveygateway.event.CatalogueProperties.Role;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Completes events with what is known of their survey beforehand: the setting {@code
 * gateway.surveys}.
 *
 * <p>Some providers send ids where people want words, and none says which answer is the score. The
 * catalogue fills what is missing, and except for one thing what an event brings stays:
 *
 * <ul>
 *   <li>the survey's title, also in events about collectors and surveys;
 *   <li>each answer's {@code question} (title);
 *   <li>each answer's {@code type}, also in place of the provider's: where a provider sends values
 *       alone its mapping can only guess, and here somebody knows;
 *   <li>for an answer to a question with a role:
 *       <ul>
 *         <li>{@code nps}, {@code csat}, {@code ces}: the score of that name, if the answer is a
 *             number, or text that holds nothing but one; an {@code nps} below 0 or over 10 is not
 *             taken;
 *         <li>{@code email}, {@code name}, {@code phone}, {@code externalId}: that member of the
 *             respondent, if the answer is text that is not blank, or a number;
 *         <li>{@code comment}: the attribute {@code comment}, likewise; it is what a message to
 *             people quotes.
 *       </ul>
 *       Where several questions have one role, the first answer that gives something counts.
 * </ul>
 *
 * <p>A survey that the settings name for one provider counts before one that they name for any. The
 * data of {@code survey.unknown} is the sender's own and is left alone. Immutable: safe for use by
 * many threads.
 */
final class SurveyCatalogue {

  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,15}(\\.\\d{1,15})?");

  private static final BigDecimal HIGHEST_NPS = BigDecimal.TEN;

  private final Map<String, Entry> entries = new HashMap<>();

  SurveyCatalogue(CatalogueProperties properties) {
    for (var survey : properties.surveys()) {
      entries.put(
          place(survey.provider(), survey.id()),
          new Entry(
              survey,
              survey.questions().stream()
                  .collect(Collectors.toMap(KnownQuestion::id, Function.identity()))));
    }
  }

  private record Entry(KnownSurvey survey, Map<String, KnownQuestion> questions) {}

  /** Fills the gaps of an event, which is changed. */
  void complete(ObjectNode event) {
    var type = EventType.find(event.path("type").asText());
    if (type == null || type == EventType.UNKNOWN) {
      return;
    }
    if (!(event.get("data") instanceof ObjectNode data)
        || !(data.get("survey") instanceof ObjectNode survey)) {
      return;
    }
    var entry = find(data.path("provider").asText(), survey.path("id").asText());
    if (entry == null) {
      return;
    }
    putIfMissing(survey, "title", entry.survey().title());
    if (type.isAboutResponse()) {
      for (var item : data.path("answers")) {
        if (item instanceof ObjectNode answer) {
          completeAnswer(data, answer, entry.questions().get(answer.path("questionId").asText()));
        }
      }
    }
  }

  private @Nullable Entry find(String provider, String survey) {
    var entry = entries.get(place(provider, survey));
    return entry != null ? entry : entries.get(place(null, survey));
  }

  /** A provider's name holds no blank, so that no two surveys share a place. */
  private static String place(@Nullable String provider, String survey) {
    return provider == null ? " " + survey : provider + " " + survey;
  }

  private static void completeAnswer(
      ObjectNode response, ObjectNode answer, @Nullable KnownQuestion question) {
    if (question == null) {
      return;
    }
    putIfMissing(answer, "question", question.title());
    if (question.type() != null) {
      answer.put("type", question.type());
    }
    var role = question.knownRole();
    if (role == null) {
      return;
    }
    switch (role) {
      case NPS, CSAT, CES -> {
        var score = number(given(answer));
        if (score != null && isInRange(role, score)) {
          fill(response, "scores", role.text(), score);
        }
      }
      case EMAIL, NAME, PHONE, EXTERNAL_ID ->
          fill(response, "respondent", role.text(), words(given(answer)));
      case COMMENT -> fill(response, "attributes", role.text(), words(given(answer)));
    }
  }

  private static boolean isInRange(Role role, JsonNode score) {
    var value = score.decimalValue();
    return role != Role.NPS || value.signum() >= 0 && value.compareTo(HIGHEST_NPS) <= 0;
  }

  /** Sets a member of a part of the response, unless it is there; the part is made on need. */
  private static void fill(
      ObjectNode response, String part, String name, @Nullable JsonNode value) {
    if (value == null || response.has(part) && !response.path(part).isObject()) {
      return;
    }
    var holder = response.get(part) instanceof ObjectNode there ? there : response.putObject(part);
    if (isMissing(holder.path(name))) {
      holder.set(name, value);
    }
  }

  private static JsonNode given(JsonNode answer) {
    return answer.has("value") ? answer.path("value") : answer.path("text");
  }

  private static @Nullable JsonNode number(JsonNode given) {
    if (given.isNumber()) {
      return given;
    }
    var text = given.isTextual() ? given.textValue().strip() : "";
    if (!NUMBER.matcher(text).matches()) {
      return null;
    }
    if (text.indexOf('.') >= 0) {
      return DecimalNode.valueOf(new BigDecimal(text));
    }
    var whole = Long.parseLong(text);
    // As a parser would read it, so that an event equals itself after a round through text.
    return whole == (int) whole ? IntNode.valueOf((int) whole) : LongNode.valueOf(whole);
  }

  private static @Nullable JsonNode words(JsonNode given) {
    var text = given.isTextual() || given.isNumber() ? given.asText().strip() : "";
    return text.isEmpty() ? null : TextNode.valueOf(text);
  }

  private static void putIfMissing(ObjectNode node, String name, @Nullable String value) {
    if (value != null && isMissing(node.path(name))) {
      node.put(name, value);
    }
  }

  private static boolean isMissing(JsonNode node) {
    return node.isMissingNode() || node.isTextual() && node.textValue().isBlank();
  }
}
