package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a mapped event the one form that the schema, the stores and the destinations rely on.
 *
 * <ul>
 *   <li>Members that are null go, and so do objects without members, except the event itself and
 *       its {@code data}; nulls go from arrays.
 *   <li>A NUL character or half a surrogate pair, in text or in a member's name, becomes U+FFFD:
 *       PostgreSQL holds neither.
 *   <li>A number that no double can hold becomes text, digits and all.
 *   <li>{@code time} and the response's {@code startedAt}, {@code completedAt}, {@code modifiedAt}
 *       become UTC with milliseconds ({@link Instants}). What is no instant stays as it is, for the
 *       schema to complain about: a wrong date should be seen and not be lost.
 * </ul>
 *
 * <p>Everything else stays, order of members included. What comes in is never changed, since a
 * mapping may share parts of one request between events. Keeps no state.
 */
final class EventTidier {

  /** A double's largest power of ten is 308; beyond it, writing a number out costs its size. */
  private static final int LARGEST_SCALE = 400;

  private static final char REPLACEMENT = '\uFFFD';

  private static final List<String> RESPONSE_INSTANTS =
      List.of("startedAt", "completedAt", "modifiedAt");

  private EventTidier() {}

  /**
   * @throws FailureException permanent, if it is nested deeper, or has longer names, than {@link
   *     SurveyJson} reads
   */
  static ObjectNode tidy(ObjectNode mapped) {
    var event = tidyMembers(mapped, 1);
    normaliseInstant(event, "time");
    if (event.get("data") == null && mapped.path("data").isObject()) {
      event.putObject("data");
    }
    if (event.get("data") instanceof ObjectNode data && isAboutResponse(event)) {
      RESPONSE_INSTANTS.forEach(name -> normaliseInstant(data, name));
    }
    return event;
  }

  private static boolean isAboutResponse(ObjectNode event) {
    var type = EventType.find(event.path("type").asText());
    return type != null && type.isAboutResponse();
  }

  private static void normaliseInstant(ObjectNode node, String name) {
    var text = Members.text(node, name);
    var instant = text == null ? null : Instants.parse(text);
    if (instant != null) {
      node.put(name, Instants.format(instant));
    }
  }

  /**
   * @param depth which level of nesting the object is, from 1
   */
  private static ObjectNode tidyMembers(JsonNode object, int depth) {
    checkDepth(depth);
    var tidied = Members.object();
    for (var member : object.properties()) {
      var value = tidyValue(member.getValue(), depth);
      if (value != null && !(value.isObject() && value.isEmpty())) {
        tidied.set(tidyName(member.getKey()), value);
      }
    }
    return tidied;
  }

  /** The name may be what a respondent wrote, so the reason tells its length alone. */
  private static String tidyName(String name) {
    var clean = clean(name);
    var bytes = clean.chars().mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : 3).sum();
    if (bytes > SurveyJson.LONGEST_NAME) {
      throw new FailureException(
          Failure.permanent(
              "Expected the mapped event's members to have names of at most "
                  + SurveyJson.LONGEST_NAME
                  + " bytes, and one has "
                  + bytes));
    }
    return clean;
  }

  private static ArrayNode tidyItems(JsonNode array, int depth) {
    checkDepth(depth);
    var tidied = Members.object().arrayNode(array.size());
    for (var item : array) {
      var value = tidyValue(item, depth);
      if (value != null) {
        tidied.add(value);
      }
    }
    return tidied;
  }

  private static void checkDepth(int depth) {
    if (depth > SurveyJson.DEEPEST) {
      throw new FailureException(
          Failure.permanent(
              "Expected the mapped event to be nested at most "
                  + SurveyJson.DEEPEST
                  + " levels deep, and it is deeper"));
    }
  }

  private static @Nullable JsonNode tidyValue(JsonNode value, int depth) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> null;
      case OBJECT -> tidyMembers(value, depth + 1);
      case ARRAY -> tidyItems(value, depth + 1);
      case STRING -> tidyText(value);
      case NUMBER -> tidyNumber(value);
      case BOOLEAN -> value;
      case BINARY, POJO -> TextNode.valueOf(clean(value.asText()));
    };
  }

  private static JsonNode tidyText(JsonNode value) {
    var text = value.textValue();
    var clean = clean(text);
    return clean.equals(text) ? value : TextNode.valueOf(clean);
  }

  private static JsonNode tidyNumber(JsonNode value) {
    var holdable = Double.isFinite(value.doubleValue());
    if (value.isBigDecimal()) {
      holdable &= Math.abs((long) value.decimalValue().scale()) <= LARGEST_SCALE;
    }
    return holdable ? value : TextNode.valueOf(value.asText());
  }

  private static String clean(String text) {
    var i = firstUnholdable(text, 0);
    if (i == text.length()) {
      return text;
    }
    var clean = new StringBuilder(text);
    for (; i < clean.length(); i = firstUnholdable(text, i + 1)) {
      clean.setCharAt(i, REPLACEMENT);
    }
    return clean.toString();
  }

  /** Where the first NUL or unpaired surrogate stands, or the text's length. */
  private static int firstUnholdable(String text, int from) {
    for (var i = from; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == 0) {
        return i;
      }
      if (Character.isSurrogate(c)) {
        var paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return i;
        }
        i++;
      }
    }
    return text.length();
  }
}
