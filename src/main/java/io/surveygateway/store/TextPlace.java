package io.surveygateway.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a text stands in a canonical event, for a person.
 *
 * @param place the question of an answer, or else the member's name
 * @param words that stand round it, and itself
 */
record TextPlace(String place, String words) {

  /** Characters on each side of the text. */
  private static final int AROUND = 40;

  private static final int LONGEST_PLACE = 80;

  /**
   * The first value of the event's data, key or id that holds the text, whatever the case.
   *
   * @return empty where it stands in names of members alone
   */
  static Optional<TextPlace> of(JsonNode event, String text) {
    var sought = text.toLowerCase(Locale.ROOT);
    return find("", event.path("data"), sought)
        .or(() -> find("response", event.path("subject"), sought))
        .or(() -> find("event", event.path("id"), sought));
  }

  private static Optional<TextPlace> find(String place, JsonNode node, String sought) {
    if (node.isValueNode()) {
      return in(place, node.asText(), sought);
    }
    if (node.isArray()) {
      for (var item : node) {
        var found = find(place, item, sought);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    // An answer is told by its question.
    var question = node.path("question").asText(node.path("questionId").asText());
    for (var members = node.fields(); members.hasNext(); ) {
      var member = members.next();
      var found = find(question.isEmpty() ? member.getKey() : question, member.getValue(), sought);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<TextPlace> in(String place, String value, String sought) {
    var at = value.toLowerCase(Locale.ROOT).indexOf(sought);
    if (at < 0) {
      return Optional.empty();
    }
    // Small letters may be more than the capitals were.
    var from = Math.max(0, Math.min(at, value.length()) - AROUND);
    var to = Math.min(value.length(), at + sought.length() + AROUND);
    return Optional.of(
        new TextPlace(
            place.length() <= LONGEST_PLACE ? place : place.substring(0, LONGEST_PLACE) + "…",
            (from > 0 ? "…" : "")
                + value.substring(from, Math.max(from, to))
                + (to < value.length() ? "…" : "")));
  }
}
