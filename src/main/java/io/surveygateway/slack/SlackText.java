package io.surveygateway.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes an event safe to be laid out for Slack: its text can format nothing, link nowhere and
 * mention nobody.
 *
 * <p>Puts a copy in the body in which every string and every member's name has {@code &}, {@code <}
 * and {@code >} as entities, line breaks as a line feed, and neither control characters (tabs stay)
 * nor marks that turn the direction of writing. {@code data.pageUrl} and {@code data.links} hold
 * web addresses ({@code http}, {@code https}) that fit between {@code <} and {@code |}, or nothing.
 * Source: Slack, "Formatting text for app surfaces", Escaping text.
 *
 * <p>Standing before the layout, it cannot be forgotten there. Keeps no state, and does not change
 * the event that it gets.
 */
@Component("slackText")
public final class SlackText implements Processor {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final Pattern UNSEEN =
      Pattern.compile("[\\p{Cntrl}&&[^\\n\\r\\t]]|[\\u202A-\\u202E\\u2066-\\u2069]");

  private static final Pattern WEB_ADDRESS =
      Pattern.compile("https?://[^\\s\\p{Cntrl}]+", Pattern.CASE_INSENSITIVE);

  @Override
  public void process(Exchange exchange) throws Exception {
    var message = exchange.getMessage();
    message.setBody(escaped(message.getMandatoryBody(JsonNode.class)));
  }

  static JsonNode escaped(JsonNode event) {
    var copy = copy(event);
    // From the original: an address is encoded its own way before it is escaped.
    var data = event.path("data");
    if (copy.path("data") instanceof ObjectNode copied) {
      putAddress(copied, "pageUrl", data.path("pageUrl"));
      if (copied.path("links") instanceof ObjectNode links) {
        data.path("links")
            .properties()
            .forEach(link -> putAddress(links, escaped(link.getKey()), link.getValue()));
      }
    }
    return copy;
  }

  /** The same of one text. */
  public static String escaped(String text) {
    return UNSEEN
        .matcher(text)
        .replaceAll("")
        .replace("\r\n", "\n")
        .replace('\r', '\n')
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  /**
   * The address in a form that {@code <address|label>} can hold, or null if it is no web address.
   */
  static @Nullable String webAddress(String text) {
    var address = text.strip();
    if (!WEB_ADDRESS.matcher(address).matches()) {
      return null;
    }
    return escaped(address.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E"));
  }

  private static void putAddress(ObjectNode node, String name, JsonNode value) {
    var address = value.isTextual() ? webAddress(value.textValue()) : null;
    if (address == null) {
      node.remove(name);
    } else {
      node.put(name, address);
    }
  }

  private static JsonNode copy(JsonNode node) {
    if (node.isTextual()) {
      return JSON.textNode(escaped(node.textValue()));
    }
    if (node.isArray()) {
      var array = JSON.arrayNode(node.size());
      node.forEach(item -> array.add(copy(item)));
      return array;
    }
    if (node.isObject()) {
      var object = JSON.objectNode();
      node.properties()
          .forEach(member -> object.set(escaped(member.getKey()), copy(member.getValue())));
      return object;
    }
    return node;
  }
}
