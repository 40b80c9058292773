package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The way by which a survey reached its respondents.
 *
 * @param id at its provider
 * @param name as its owner wrote it, or null
 * @param channel {@code web}, {@code email}, {@code sms}, {@code link} …, in the provider's word;
 *     or null
 */
public record Collector(String id, @Nullable String name, @Nullable String channel) {

  /**
   * @throws IllegalArgumentException if there is no id
   */
  public static Collector from(JsonNode node) {
    return new Collector(
        Members.requiredText(node, "id"),
        Members.text(node, "name"),
        Members.text(node, "channel"));
  }

  public ObjectNode toJson() {
    var node = Members.object();
    Members.put(node, "id", id);
    Members.put(node, "name", name);
    Members.put(node, "channel", channel);
    return node;
  }
}
