package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One answered question, or one answered row of a matrix question.
 *
 * @param questionId the question's id at its provider; with {@code rowId} unique in a response
 * @param rowId the row of a matrix question, or null
 * @param position 1 for the first answer of the response
 * @param question the question's title, and the row's after an en dash; or null
 * @param type what kind of answer, one of {@link #TYPES}; or null
 * @param value what was given, as a machine reads it: text, a number, a boolean, or an array of
 *     these; or null. Not copied: leave it as it is
 * @param text what was given, as a person reads it; or null
 * @param choiceIds the chosen options' ids at the provider; empty where nothing was chosen from
 */
public record Answer(
    String questionId,
    @Nullable String rowId,
    int position,
    @Nullable String question,
    @Nullable String type,
    @Nullable JsonNode value,
    @Nullable String text,
    List<String> choiceIds) {

  /** The kinds of answers that the schema knows. */
  public static final Set<String> TYPES =
      Set.of(
          "text", "number", "boolean", "choice", "choices", "rating", "date", "email", "phone",
          "file", "other");

  public Answer {
    choiceIds = List.copyOf(choiceIds);
  }

  /**
   * @throws IllegalArgumentException if there is no question id
   */
  public static Answer from(JsonNode node) {
    return new Answer(
        Members.requiredText(node, "questionId"),
        Members.text(node, "rowId"),
        node.path("position").intValue(),
        Members.text(node, "question"),
        Members.text(node, "type"),
        Members.value(node, "value"),
        Members.text(node, "text"),
        Members.list(node, "choiceIds", JsonNode::asText));
  }

  public ObjectNode toJson() {
    var node = Members.object();
    Members.put(node, "questionId", questionId);
    Members.put(node, "rowId", rowId);
    node.put("position", position);
    Members.put(node, "question", question);
    Members.put(node, "type", type);
    Members.put(node, "value", value);
    Members.put(node, "text", text);
    if (!choiceIds.isEmpty()) {
      choiceIds.forEach(node.putArray("choiceIds")::add);
    }
    return node;
  }

  /** Which question it answers, and not what was answered. */
  @Override
  public String toString() {
    return "Answer[questionId=" + questionId + ", rowId=" + rowId + ", not shown]";
  }
}
