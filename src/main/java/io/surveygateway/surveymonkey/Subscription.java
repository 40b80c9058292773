package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A webhook at SurveyMonkey, as it is or as it should be.
 *
 * <p>Source: SurveyMonkey API v3, "Webhooks".
 *
 * @param id empty for one that should be
 * @param objectType {@code survey}, {@code collector}, or empty for an event that has none
 * @param objectIds sorted
 */
record Subscription(
    String id,
    String name,
    String eventType,
    String objectType,
    List<String> objectIds,
    String url) {

  /** As the API gives it; ids may be numbers there. */
  static Subscription of(JsonNode webhook) {
    var ids = new ArrayList<String>();
    webhook.path("object_ids").forEach(id -> ids.add(id.asText()));
    return new Subscription(
        webhook.path("id").asText(),
        webhook.path("name").asText(),
        webhook.path("event_type").asText(),
        webhook.path("object_type").asText(""),
        ids.stream().distinct().sorted().toList(),
        webhook.path("subscription_url").asText());
  }

  /** All members, as a new one is made by. */
  ObjectNode toJson() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("name", name).put("event_type", eventType).put("subscription_url", url);
    if (!objectType.isEmpty()) {
      json.put("object_type", objectType);
      objectIds.forEach(json.putArray("object_ids")::add);
    }
    return json;
  }

  /** The members of this one that another one has not the same. */
  ObjectNode differencesFrom(Subscription other) {
    var differences = toJson();
    var others = other.toJson();
    // One for a type without objects may come with what SurveyMonkey put there.
    differences
        .properties()
        .removeIf(member -> member.getValue().equals(others.get(member.getKey())));
    return differences;
  }

  @Override
  public String toString() {
    return eventType
        + (objectIds.isEmpty() ? "" : " of " + objectType + " " + String.join(", ", objectIds))
        + (id.isEmpty() ? "" : " (webhook " + id + ")");
  }
}
