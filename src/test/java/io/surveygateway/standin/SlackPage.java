package io.surveygateway.standin;

import static io.surveygateway.standin.Page.escape;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shows messages about as Slack does, newest first. Mentions stand out, since they would ping. */
final class SlackPage {

  private static final int SHOWN = 100;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM, HH:mm:ss");

  /** A link, a mention or a date: what Slack reads in angle brackets. */
  private static final Pattern BRACKETS = Pattern.compile("<([^<>|]*)(?:\\|([^<>]*))?>");

  private static final Pattern EMOJI = Pattern.compile(":([a-z0-9_+-]+):");
  private static final Map<String, String> EMOJIS =
      Map.ofEntries(
          Map.entry("star", "⭐"),
          Map.entry("warning", "⚠️"),
          Map.entry("rotating_light", "🚨"),
          Map.entry("speech_balloon", "💬"),
          Map.entry("tada", "🎉"),
          Map.entry("large_green_circle", "🟢"),
          Map.entry("large_yellow_circle", "🟡"),
          Map.entry("large_orange_circle", "🟠"),
          Map.entry("red_circle", "🔴"),
          Map.entry("white_check_mark", "✅"),
          Map.entry("x", "❌"),
          Map.entry("memo", "📝"),
          Map.entry("bar_chart", "📊"),
          Map.entry("slightly_smiling_face", "🙂"),
          Map.entry("neutral_face", "😐"),
          Map.entry("disappointed", "😞"),
          Map.entry("smile", "😄"));

  private SlackPage() {}

  static String of(List<SlackMessage> messages) {
    var newest = new ArrayList<>(messages);
    Collections.reverse(newest);
    var html = new StringBuilder();
    html.append("<p class=\"soft\">")
        .append(messages.size())
        .append(messages.size() == 1 ? " message, " : " messages, ")
        .append("newest first. This is the stand-in: nothing was sent to Slack.</p>\n");
    newest.stream().limit(SHOWN).forEach(message -> message(message, html));
    return Page.of("Slack messages", html.toString());
  }

  private static void message(SlackMessage message, StringBuilder html) {
    html.append("<article class=\"card\">\n<p><strong>")
        .append(escape(message.channel()))
        .append("</strong> <time datetime=\"")
        .append(message.at())
        .append("\">")
        .append(TIME.format(message.at().atZone(ZoneId.systemDefault())))
        .append("</time></p>\n");
    if (message.blocks().isEmpty()) {
      html.append("<p>").append(mrkdwn(message.text())).append("</p>\n");
    }
    message.blocks().forEach(block -> block(block, html));
    html.append("<p class=\"soft\">Notification: ")
        .append(plain(message.text()))
        .append("</p>\n</article>\n");
  }

  private static void block(JsonNode block, StringBuilder html) {
    switch (block.path("type").asText()) {
      case "header" -> html.append("<h3>").append(text(block.path("text"))).append("</h3>\n");
      case "divider" -> html.append("<hr>\n");
      case "section" -> section(block, html);
      case "context" -> {
        html.append("<p class=\"soft\">");
        block.path("elements").forEach(element -> html.append(element(element)).append("  "));
        html.append("</p>\n");
      }
      case "actions" -> {
        html.append("<p>");
        block.path("elements").forEach(element -> html.append(element(element)).append(' '));
        html.append("</p>\n");
      }
      case "image" -> html.append("<p>").append(element(block)).append("</p>\n");
      case "markdown" ->
          html.append("<p>").append(escape(block.path("text").asText())).append("</p>\n");
      default -> html.append("<p><code>").append(escape(block.toString())).append("</code></p>\n");
    }
  }

  private static void section(JsonNode block, StringBuilder html) {
    if (block.has("text")) {
      html.append("<p>").append(text(block.get("text"))).append("</p>\n");
    }
    if (block.has("fields")) {
      html.append("<div class=\"fields\">");
      block.get("fields").forEach(field -> html.append("<p>").append(text(field)).append("</p>"));
      html.append("</div>\n");
    }
    if (block.has("accessory")) {
      html.append("<p>").append(element(block.get("accessory"))).append("</p>\n");
    }
  }

  private static String element(JsonNode element) {
    return switch (element.path("type").asText()) {
      case "image" -> "🖼 " + escape(element.path("alt_text").asText());
      case "button" -> button(element);
      default -> text(element);
    };
  }

  private static String button(JsonNode button) {
    var label = "<span class=\"button\">" + text(button.path("text")) + "</span>";
    return link(button.path("url").asText(""), label);
  }

  private static String text(JsonNode text) {
    var shown = text.path("text").asText("");
    return text.path("type").asText().equals("plain_text") ? plain(shown) : mrkdwn(shown);
  }

  /** Slack reads entities and emoji even in plain text. */
  private static String plain(String text) {
    return emoji(escape(unescape(text)));
  }

  private static String mrkdwn(String text) {
    var html = new StringBuilder();
    var brackets = BRACKETS.matcher(text);
    var end = 0;
    while (brackets.find()) {
      html.append(styled(text.substring(end, brackets.start())));
      html.append(bracket(brackets.group(1), brackets.group(2)));
      end = brackets.end();
    }
    return html.append(styled(text.substring(end))).toString();
  }

  private static String bracket(String target, @Nullable String label) {
    var shown = escape(unescape(label == null ? target : label));
    if (target.startsWith("!date^")) {
      return shown;
    }
    if (target.startsWith("@") || target.startsWith("!") || target.startsWith("#")) {
      return "<span class=\"mention\">" + shown + "</span>";
    }
    return link(unescape(target), shown);
  }

  private static String link(String url, String label) {
    return url.matches("(?i)(https?://|mailto:).*")
        ? "<a rel=\"noreferrer\" href=\"" + escape(url) + "\">" + label + "</a>"
        : label;
  }

  private static String styled(String text) {
    return emoji(escape(unescape(text)))
        .replaceAll("`([^`\n]+)`", "<code>$1</code>")
        .replaceAll("(?<![\\w*])\\*([^*\n]+)\\*(?![\\w*])", "<strong>$1</strong>")
        .replaceAll("(?<![\\w_])_([^_\n]+)_(?![\\w_])", "<em>$1</em>")
        .replaceAll("(?<![\\w~])~([^~\n]+)~(?![\\w~])", "<s>$1</s>")
        .replaceAll("(?m)^&gt; ?(.*)$", "┃ $1");
  }

  private static String emoji(String html) {
    return EMOJI
        .matcher(html)
        .replaceAll(match -> EMOJIS.getOrDefault(match.group(1), match.group()));
  }

  private static String unescape(String text) {
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }
}
