package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One respondent's answers to one survey, in the form that every destination gets.
 *
 * <p>This is the {@code data} of a {@link SurveyEvent} about a response; its definition is {@code
 * $defs/response} of {@code schema/survey-event.schema.json}. What is null here is left out there,
 * and so are empty collections. Instants are UTC. Immutable, but for the JSON values in answers and
 * attributes, which are not copied: leave them as they are.
 *
 * @param key {@code <provider>:<response id>}, the same in every destination
 * @param provider the provider's name in the gateway: {@code popsee}
 * @param id the response's id at its provider
 * @param status how far the respondent came
 * @param survey what was answered
 * @param collector by which way it reached the respondent, or null
 * @param respondent who answered, or null where nothing is known
 * @param startedAt when the respondent began, or null
 * @param completedAt when the respondent came to the end, or null
 * @param modifiedAt when the response was last changed, or null
 * @param durationSeconds time taken, in seconds, or null
 * @param answers in the survey's order
 * @param scores {@code nps} from 0 to 10; {@code csat}, {@code ces} and others on the survey's own
 *     scale
 * @param attributes what the sender adds that has no place of its own: hidden fields, variables,
 *     custom parameters; and {@code comment}, the answer that the catalogue calls the comment. Each
 *     is text, a number, a boolean, or an array of these
 * @param pageUrl the page that the survey was answered on, or null
 * @param links where a person looks at the response, by name: {@code edit}, {@code analyze}, …
 */
public record SurveyResponse(
    String key,
    String provider,
    String id,
    Status status,
    Survey survey,
    @Nullable Collector collector,
    @Nullable Respondent respondent,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable Instant modifiedAt,
    @Nullable BigDecimal durationSeconds,
    List<Answer> answers,
    Map<String, BigDecimal> scores,
    Map<String, JsonNode> attributes,
    @Nullable String pageUrl,
    Map<String, String> links) {

  /** How far a respondent came. */
  public enum Status {
    COMPLETED("completed"),
    PARTIAL("partial"),
    DISQUALIFIED("disqualified"),
    OVER_QUOTA("over_quota"),
    DELETED("deleted");

    private final String text;

    Status(String text) {
      this.text = text;
    }

    /** As it stands in a response: {@code over_quota}. */
    public String text() {
      return text;
    }

    /**
     * @throws IllegalArgumentException if no status has that name
     */
    public static Status of(String text) {
      for (var status : values()) {
        if (status.text.equals(text)) {
          return status;
        }
      }
      throw new IllegalArgumentException(
          "Expected a response's status: one of "
              + Arrays.stream(values()).map(Status::text).toList());
    }
  }

  public SurveyResponse {
    answers = List.copyOf(answers);
    // Unmodifiable views of maps that nobody else holds: Map.copyOf would lose the order.
    scores = Collections.unmodifiableMap(Members.copy(scores));
    attributes = Collections.unmodifiableMap(Members.copy(attributes));
    links = Collections.unmodifiableMap(Members.copy(links));
  }

  /**
   * Reads the {@code data} of an event that {@link CanonicalEvents} accepted.
   *
   * @throws IllegalArgumentException if something that every response has is missing or unreadable;
   *     the message names the member and shows no value
   */
  public static SurveyResponse from(JsonNode node) {
    return new SurveyResponse(
        Members.requiredText(node, "key"),
        Members.requiredText(node, "provider"),
        Members.requiredText(node, "id"),
        Status.of(Members.requiredText(node, "status")),
        Survey.from(node.path("survey")),
        node.path("collector").isObject() ? Collector.from(node.path("collector")) : null,
        node.path("respondent").isObject() ? Respondent.from(node.path("respondent")) : null,
        Members.instant(node, "startedAt"),
        Members.instant(node, "completedAt"),
        Members.instant(node, "modifiedAt"),
        node.path("durationSeconds").isNumber()
            ? node.path("durationSeconds").decimalValue()
            : null,
        Members.list(node, "answers", Answer::from),
        Members.map(node, "scores", JsonNode::decimalValue),
        Members.map(node, "attributes", value -> value),
        Members.text(node, "pageUrl"),
        Members.map(node, "links", JsonNode::asText));
  }

  public ObjectNode toJson() {
    var node = Members.object();
    Members.put(node, "key", key);
    Members.put(node, "provider", provider);
    Members.put(node, "id", id);
    Members.put(node, "status", status.text());
    node.set("survey", survey.toJson());
    Members.put(node, "collector", collector == null ? null : collector.toJson());
    Members.put(node, "respondent", respondent == null ? null : respondent.toJson());
    Members.put(node, "startedAt", startedAt);
    Members.put(node, "completedAt", completedAt);
    Members.put(node, "modifiedAt", modifiedAt);
    if (durationSeconds != null) {
      node.put("durationSeconds", durationSeconds);
    }
    if (!answers.isEmpty()) {
      var array = node.putArray("answers");
      answers.forEach(answer -> array.add(answer.toJson()));
    }
    if (!scores.isEmpty()) {
      scores.forEach(node.putObject("scores")::put);
    }
    if (!attributes.isEmpty()) {
      node.putObject("attributes").setAll(attributes);
    }
    Members.put(node, "pageUrl", pageUrl);
    if (!links.isEmpty()) {
      links.forEach(node.putObject("links")::put);
    }
    return node;
  }

  /** Likelihood to recommend, from 0 to 10, or null where nobody asked. */
  public @Nullable BigDecimal nps() {
    return scores.get("nps");
  }

  /** Which response it is, and nothing that a respondent wrote. */
  @Override
  public String toString() {
    return "SurveyResponse[" + key + ", " + status.text() + "]";
  }
}
