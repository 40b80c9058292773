package io.surveygateway.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Slack's rules for the blocks of a message, and Slack's words for what breaks them.
 *
 * <p>Lengths are counted in code points. Inside a rich text and inside interactive elements other
 * than buttons nothing is checked. Source: Slack's reference, "Block Kit", page by page.
 */
final class BlockKit {

  private static final int BLOCKS = 50;
  private static final int FIELDS = 10;
  private static final int ELEMENTS_OF_CONTEXT = 10;
  private static final int ELEMENTS_OF_ACTIONS = 25;

  /** Members that each type of block may have, beside {@code type} and {@code block_id}. */
  private static final Map<String, Set<String>> MEMBERS =
      Map.of(
          "section", Set.of("text", "fields", "accessory", "expand"),
          "header", Set.of("text"),
          "divider", Set.of(),
          "image", Set.of("image_url", "slack_file", "alt_text", "title"),
          "context", Set.of("elements"),
          "actions", Set.of("elements"),
          "markdown", Set.of("text"),
          "rich_text", Set.of("elements"));

  private static final Set<String> MEMBERS_OF_BUTTON =
      Set.of(
          "type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label");

  private static final Set<String> OTHER_INTERACTIVE =
      Set.of(
          "overflow",
          "datepicker",
          "datetimepicker",
          "timepicker",
          "checkboxes",
          "radio_buttons",
          "static_select",
          "external_select",
          "users_select",
          "conversations_select",
          "channels_select",
          "multi_static_select",
          "multi_external_select",
          "multi_users_select",
          "multi_conversations_select",
          "multi_channels_select",
          "workflow_button");

  private final List<String> errors = new ArrayList<>();

  private BlockKit() {}

  /** What is wrong with these blocks; empty if Slack would show them. */
  static List<String> errors(JsonNode blocks) {
    var check = new BlockKit();
    check.blocks(blocks);
    return check.errors;
  }

  private void blocks(JsonNode blocks) {
    if (!blocks.isArray()) {
      error("/blocks", "must be an array");
      return;
    }
    atMost(blocks, BLOCKS, "/blocks");
    var ids = new HashSet<String>();
    for (var i = 0; i < blocks.size(); i++) {
      var at = "/blocks/" + i;
      block(blocks.get(i), at);
      var id = blocks.get(i).path("block_id");
      if (id.isTextual() && !ids.add(id.asText())) {
        error(at + "/block_id", "`block_id` already exists");
      }
    }
  }

  private void block(JsonNode block, String at) {
    var type = block.path("type").asText("");
    if (!MEMBERS.containsKey(type)) {
      error(at + "/type", "unsupported type: " + type);
      return;
    }
    var members = new HashSet<>(MEMBERS.get(type));
    members.add("type");
    members.add("block_id");
    only(members, block, at);
    optionalText(block, "block_id", 255, at);
    switch (type) {
      case "section" -> section(block, at);
      case "header" -> plainText(block, "text", 150, at);
      case "image" -> image(block, at);
      case "context" -> context(block, at);
      case "actions" -> actions(block, at);
      case "markdown" -> requiredText(block, "text", 12_000, at);
      case "rich_text" -> array(block, "elements", at);
      default -> {
        // A divider has nothing more.
      }
    }
  }

  private void section(JsonNode block, String at) {
    if (!block.has("text") && !block.has("fields")) {
      error(at, "must define either `text` or `fields`");
    }
    if (block.has("text")) {
      textObject(block.get("text"), 3000, at + "/text");
    }
    if (block.has("fields") && array(block, "fields", at)) {
      atMost(block.get("fields"), FIELDS, at + "/fields");
      for (var i = 0; i < block.get("fields").size(); i++) {
        textObject(block.get("fields").get(i), 2000, at + "/fields/" + i);
      }
    }
    if (block.has("accessory")) {
      element(block.get("accessory"), true, at + "/accessory");
    }
  }

  private void image(JsonNode image, String at) {
    if (image.has("image_url") == image.has("slack_file")) {
      error(at, "must define either `image_url` or `slack_file`");
    }
    optionalText(image, "image_url", 3000, at);
    requiredText(image, "alt_text", 2000, at);
    if (image.has("title")) {
      plainText(image, "title", 2000, at);
    }
  }

  private void context(JsonNode block, String at) {
    if (!array(block, "elements", at)) {
      return;
    }
    atMost(block.get("elements"), ELEMENTS_OF_CONTEXT, at + "/elements");
    for (var i = 0; i < block.get("elements").size(); i++) {
      var element = block.get("elements").get(i);
      var place = at + "/elements/" + i;
      if (element.path("type").asText().equals("image")) {
        only(Set.of("type", "image_url", "slack_file", "alt_text"), element, place);
        image(element, place);
      } else {
        textObject(element, 3000, place);
      }
    }
  }

  private void actions(JsonNode block, String at) {
    if (!array(block, "elements", at)) {
      return;
    }
    atMost(block.get("elements"), ELEMENTS_OF_ACTIONS, at + "/elements");
    for (var i = 0; i < block.get("elements").size(); i++) {
      element(block.get("elements").get(i), false, at + "/elements/" + i);
    }
  }

  private void element(JsonNode element, boolean imageAllowed, String at) {
    var type = element.path("type").asText("");
    if (type.equals("button")) {
      only(MEMBERS_OF_BUTTON, element, at);
      plainText(element, "text", 75, at);
      optionalText(element, "action_id", 255, at);
      optionalText(element, "url", 3000, at);
      optionalText(element, "value", 2000, at);
      var style = element.path("style");
      if (!style.isMissingNode() && !Set.of("primary", "danger").contains(style.asText())) {
        error(at + "/style", "must be a valid enum value");
      }
    } else if (imageAllowed && type.equals("image")) {
      only(Set.of("type", "image_url", "slack_file", "alt_text"), element, at);
      image(element, at);
    } else if (!OTHER_INTERACTIVE.contains(type)) {
      error(at + "/type", "unsupported type: " + type);
    }
  }

  private void plainText(JsonNode owner, String name, int longest, String at) {
    if (!owner.has(name)) {
      error(at, "missing required field: " + name);
      return;
    }
    var text = owner.get(name);
    if (!text.path("type").asText().equals("plain_text")) {
      error(at + "/" + name + "/type", "must be plain_text");
      return;
    }
    textObject(text, longest, at + "/" + name);
  }

  private void textObject(JsonNode text, int longest, String at) {
    switch (text.path("type").asText("")) {
      case "plain_text" -> only(Set.of("type", "text", "emoji"), text, at);
      case "mrkdwn" -> only(Set.of("type", "text", "verbatim"), text, at);
      default -> {
        error(at + "/type", "unsupported type: " + text.path("type").asText(""));
        return;
      }
    }
    requiredText(text, "text", longest, at);
  }

  private void requiredText(JsonNode owner, String name, int longest, String at) {
    if (!owner.has(name)) {
      error(at, "missing required field: " + name);
      return;
    }
    optionalText(owner, name, longest, at);
    if (owner.get(name).isTextual() && owner.get(name).asText().isEmpty()) {
      error(at + "/" + name, "must be more than 0 characters");
    }
  }

  private void optionalText(JsonNode owner, String name, int longest, String at) {
    var text = owner.path(name);
    if (text.isMissingNode()) {
      return;
    }
    var place = at + "/" + name;
    if (!text.isTextual()) {
      error(place, "must be a string");
    } else if (text.asText().codePointCount(0, text.asText().length()) > longest) {
      error(place, "must be less than " + (longest + 1) + " characters");
    }
  }

  private boolean array(JsonNode owner, String name, String at) {
    if (!owner.path(name).isArray() || owner.path(name).isEmpty()) {
      error(at + "/" + name, "must be an array of at least one item");
      return false;
    }
    return true;
  }

  private void atMost(JsonNode array, int most, String at) {
    if (array.size() > most) {
      error(at, "no more than " + most + " items allowed");
    }
  }

  private void only(Set<String> members, JsonNode object, String at) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!members.contains(name)) {
                error(at, "invalid additional property: " + name);
              }
            });
  }

  private void error(String at, String message) {
    errors.add(message + " [json-pointer:" + at + "]");
  }
}
