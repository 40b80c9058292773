package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The survey that was answered.
 *
 * @param id at its provider; unique there and nowhere else
 * @param title as its owner wrote it, or null where neither provider nor catalogue says
 */
public record Survey(String id, @Nullable String title) {

  /**
   * @throws IllegalArgumentException if there is no id
   */
  public static Survey from(JsonNode node) {
    return new Survey(Members.requiredText(node, "id"), Members.text(node, "title"));
  }

  public ObjectNode toJson() {
    var node = Members.object();
    Members.put(node, "id", id);
    Members.put(node, "title", title);
    return node;
  }
}
