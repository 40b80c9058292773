package io.surveygateway.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Brings a message that a layout made within what Slack takes.
 *
 * <ul>
 *   <li>Text that is too long is cut, and ends in an ellipsis. Lengths are counted in UTF-16 units
 *       and entities as they are written, which is never less than Slack counts. No cut goes
 *       through a character, an entity or a {@code <…>}.
 *   <li>Text that is empty goes, and so does a block that has none left: Slack refuses both.
 *   <li>Fields, elements and blocks over the limit go, the last ones first.
 *   <li>A message that is too long as a whole has its longest texts cut until it fits.
 *   <li>{@code mrkdwn} is {@code verbatim}, unless the layout says otherwise: bare names and
 *       addresses that a respondent typed become no mentions and links.
 * </ul>
 *
 * <p>Sources: Slack, "Blocks" and "Text object"; the limit of the whole is in no document, see
 * slackapi/bolt-js#2509.
 */
final class BlockKit {

  static final int LONGEST_TEXT = 3_000;
  static final int LONGEST_HEADER = 150;
  static final int LONGEST_SECTION = 3_000;
  static final int LONGEST_FIELD = 2_000;
  static final int MOST_FIELDS = 10;
  static final int MOST_ELEMENTS = 10;
  static final int MOST_BLOCKS = 50;
  static final int LONGEST_MESSAGE = 13_000;

  /** Texts are not cut below this to make the whole fit; rather the last blocks go. */
  private static final int SHORTEST_CUT = 40;

  private static final int LONGEST_ENTITY = "&amp;".length();

  private BlockKit() {}

  /**
   * @param layout what the layout gave; not changed
   * @return {@code {text, blocks}} that Slack takes
   * @throws FailureException permanent, if the layout is no message
   */
  static ObjectNode fit(@Nullable JsonNode layout) {
    if (layout == null || !layout.isObject()) {
      throw noMessage("an object", layout);
    }
    var text = layout.path("text");
    if (!text.isTextual() || text.textValue().isBlank()) {
      throw noMessage("text that is not blank in .text", text);
    }
    if (!layout.path("blocks").isArray()) {
      throw noMessage("an array in .blocks", layout.path("blocks"));
    }
    var blocks = JsonNodeFactory.instance.arrayNode();
    for (var block : layout.path("blocks")) {
      if (!(block instanceof ObjectNode object) || !block.path("type").isTextual()) {
        throw noMessage("objects with a type in .blocks", block);
      }
      var fitted = block(object.deepCopy(), Integer.MAX_VALUE);
      if (fitted != null && blocks.size() < MOST_BLOCKS) {
        blocks.add(fitted);
      }
    }
    var message = JsonNodeFactory.instance.objectNode();
    message.put("text", cut(text.textValue(), LONGEST_TEXT));
    message.set("blocks", whole(blocks));
    return message;
  }

  /** Cuts text to a length, between characters, entities and {@code <…>}. */
  static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    var end = longest - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    var entity = text.lastIndexOf('&', end - 1);
    if (entity > end - LONGEST_ENTITY && entity >= 0) {
      var close = text.indexOf(';', entity);
      if (close >= end && close < entity + LONGEST_ENTITY) {
        end = entity;
      }
    }
    var open = text.lastIndexOf('<', end - 1);
    if (open >= 0 && text.indexOf('>', open) >= end) {
      end = open;
    }
    return text.substring(0, end) + "…";
  }

  private static ArrayNode whole(ArrayNode blocks) {
    if (length(blocks) <= LONGEST_MESSAGE) {
      return blocks;
    }
    var fits = SHORTEST_CUT;
    var tooLong = LONGEST_SECTION;
    while (tooLong - fits > 1) {
      var middle = (fits + tooLong) / 2;
      if (length(shortened(blocks, middle)) <= LONGEST_MESSAGE) {
        fits = middle;
      } else {
        tooLong = middle;
      }
    }
    var shortened = shortened(blocks, fits);
    while (shortened.size() > 1 && length(shortened) > LONGEST_MESSAGE) {
      shortened.remove(shortened.size() - 1);
    }
    return shortened;
  }

  private static int length(ArrayNode blocks) {
    return blocks.toString().length();
  }

  private static ArrayNode shortened(ArrayNode blocks, int longest) {
    var shortened = JsonNodeFactory.instance.arrayNode(blocks.size());
    for (var block : blocks) {
      shortened.add(block(((ObjectNode) block).deepCopy(), longest));
    }
    return shortened;
  }

  /** A block within its limits, or null if nothing is left of it. */
  private static @Nullable ObjectNode block(ObjectNode block, int longest) {
    switch (block.path("type").asText()) {
      case "header" -> {
        return text(block.path("text"), Math.min(LONGEST_HEADER, longest)) ? block : null;
      }
      case "section" -> {
        if (block.has("text") && !text(block.path("text"), Math.min(LONGEST_SECTION, longest))) {
          block.remove("text");
        }
        if (block.has("fields")
            && !texts(block.path("fields"), MOST_FIELDS, Math.min(LONGEST_FIELD, longest))) {
          block.remove("fields");
        }
        return block.has("text") || block.has("fields") ? block : null;
      }
      case "context" -> {
        return texts(block.path("elements"), MOST_ELEMENTS, Math.min(LONGEST_FIELD, longest))
            ? block
            : null;
      }
      default -> {
        return block;
      }
    }
  }

  /** Whether any of these is left. */
  private static boolean texts(JsonNode list, int most, int longest) {
    if (!(list instanceof ArrayNode array)) {
      throw noMessage("an array of text objects in a block", list);
    }
    for (var items = array.iterator(); items.hasNext(); ) {
      var item = items.next();
      if (!item.path("type").asText().equals("image") && !text(item, longest)) {
        items.remove();
      }
    }
    while (array.size() > most) {
      array.remove(array.size() - 1);
    }
    return !array.isEmpty();
  }

  /** Whether anything is left of this text object. */
  private static boolean text(JsonNode text, int longest) {
    if (!(text instanceof ObjectNode object) || !text.path("text").isTextual()) {
      throw noMessage("text objects {type, text} in a block", text);
    }
    var words = text.path("text").textValue();
    if (words.isBlank()) {
      return false;
    }
    object.put("text", cut(words, longest));
    if (text.path("type").asText().equals("mrkdwn") && !text.has("verbatim")) {
      object.put("verbatim", true);
    }
    return true;
  }

  /** Names what came by its kind alone: what it holds, a respondent may have written. */
  private static FailureException noMessage(String expected, @Nullable JsonNode got) {
    var kind =
        got == null || got.isMissingNode() || got.isNull()
            ? "nothing"
            : got.getNodeType().name().toLowerCase(Locale.ROOT);
    return new FailureException(
        Failure.permanent(
            "Expected slack.jq to give a message {text, blocks} with "
                + expected
                + ", and got "
                + kind
                + ": mend slack.jq, then retry"));
  }
}
