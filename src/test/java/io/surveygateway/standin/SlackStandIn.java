package io.surveygateway.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Slack, as far as messages are posted: an incoming webhook, {@code auth.test} and {@code
 * chat.postMessage}.
 *
 * <p>One token, one webhook and, until others are named, one channel are right. Stricter than Slack
 * in one respect: a message with blocks and no {@code text} is refused too, since nobody could read
 * its notification. The limit for all blocks together is undocumented; the one here is what others
 * measured (slackapi/bolt-js#2509).
 *
 * <p>Sources: Slack's pages "chat.postMessage", "Rate limits", and "Improving error conditions for
 * Incoming Webhooks".
 */
public final class SlackStandIn extends StandIn {

  public static final String TOKEN = "xoxb-stand-in";
  public static final String CHANNEL = "#survey-alerts";

  private static final String WEBHOOK = "/services/T000/B000/stand-in";
  private static final int LONGEST_BLOCKS = 13_200;
  private static final int LONGEST_TEXT = 40_000;
  private static final int MESSAGES_KEPT = 10_000;
  private static final JsonNode NO_BLOCKS = JsonNodeFactory.instance.arrayNode();
  private static final Duration BETWEEN_MESSAGES = Duration.ofSeconds(1);

  /** Members of a message that are JSON within a form. */
  private static final Set<String> JSON_IN_FORM = Set.of("blocks", "attachments", "metadata");

  private final Map<String, String> channelNames = new LinkedHashMap<>();
  private final Deque<SlackMessage> messages = new ArrayDeque<>();
  private final Map<String, Instant> lastIn = new HashMap<>();
  private @Nullable Clock limitedBy;
  private long sequence;

  private SlackStandIn() {
    addChannel(CHANNEL);
  }

  public static SlackStandIn start() {
    var slack = new SlackStandIn();
    slack.listen();
    return slack;
  }

  /** The address of the incoming webhook, which posts to {@link #CHANNEL}. */
  public String webhookUrl() {
    return url() + WEBHOOK;
  }

  /** Has this channel too; its name begins with a hash. */
  public synchronized void addChannel(String name) {
    channelNames.put("C%09d".formatted(channelNames.size() + 1), name);
  }

  /** From now on takes one message a second for each channel, by this clock. */
  public synchronized void limitRate(Clock clock) {
    limitedBy = clock;
  }

  /** The messages that were taken, oldest first. */
  public synchronized List<SlackMessage> messages() {
    return List.copyOf(messages);
  }

  /** The same, which it forgets: who takes them often enough misses none. */
  public synchronized List<SlackMessage> takeMessages() {
    var taken = List.copyOf(messages);
    messages.clear();
    return taken;
  }

  public synchronized void forgetMessages() {
    messages.clear();
  }

  @Override
  String page() {
    return SlackPage.of(messages());
  }

  @Override
  Answer answer(StandInRequest request) {
    if (request.path().startsWith("/services/")) {
      return webhook(request);
    }
    if (request.path().startsWith("/api/")) {
      return api(request, request.path().substring("/api/".length()));
    }
    return Answer.text(404, "not found");
  }

  private Answer webhook(StandInRequest request) {
    if (!request.path().equals(WEBHOOK)) {
      return Answer.text(404, "no_service");
    }
    if (!request.method().equals("POST")) {
      return Answer.text(405, "method_not_allowed");
    }
    var isForm = request.mediaType().equals("application/x-www-form-urlencoded");
    var payload = isForm ? request.form().getOrDefault("payload", "") : request.text();
    var sent = StandInRequest.parse(payload);
    if (sent.isEmpty() || !sent.get().isObject()) {
      return Answer.text(400, "invalid_payload");
    }
    var outcome = post(CHANNEL, sent.get());
    if (outcome.waitFor != null) {
      return Answer.json(429, "{\"ok\":false,\"error\":\"rate_limited\"}")
          .withHeader("Retry-After", outcome.seconds());
    }
    return outcome.error == null ? Answer.text(200, "ok") : Answer.text(400, outcome.error);
  }

  private Answer api(StandInRequest request, String method) {
    var sent = arguments(request);
    var token = request.bearer().orElseGet(() -> sent.path("token").asText(""));
    if (token.isEmpty()) {
      return refuse("not_authed");
    }
    if (!token.equals(TOKEN)) {
      return refuse("invalid_auth");
    }
    return switch (method) {
      case "auth.test" -> whoAmI();
      case "chat.postMessage" -> postMessage(sent);
      default -> refuse("unknown_method");
    };
  }

  private Answer whoAmI() {
    var answer = ok();
    answer.put("url", url() + "/").put("team", "Stand-in").put("user", "survey-gateway");
    answer.put("team_id", "T000").put("user_id", "U000").put("bot_id", "B000");
    return Answer.json(200, answer);
  }

  private Answer postMessage(JsonNode sent) {
    var channel = channel(sent.path("channel").asText(""));
    if (channel == null) {
      return refuse("channel_not_found");
    }
    if (sent.hasNonNull("blocks") && !sent.get("blocks").isArray()) {
      return refuse("invalid_blocks_format");
    }
    var outcome = post(channel.getValue(), sent);
    if (outcome.waitFor != null) {
      return Answer.json(429, "{\"ok\":false,\"error\":\"ratelimited\"}")
          .withHeader("Retry-After", outcome.seconds());
    }
    if (outcome.error != null) {
      var answer = JsonNodeFactory.instance.objectNode();
      answer.put("ok", false).put("error", outcome.error);
      if (!outcome.details.isEmpty()) {
        var errors = answer.putArray("errors");
        var messages = answer.putObject("response_metadata").putArray("messages");
        for (var detail : outcome.details) {
          errors.add(detail);
          messages.add("[ERROR] " + detail);
        }
      }
      return Answer.json(200, answer);
    }
    var answer = ok();
    answer.put("channel", channel.getKey()).put("ts", outcome.ts);
    var message = answer.putObject("message");
    message.put("type", "message").put("user", "U000").put("bot_id", "B000").put("team", "T000");
    message.put("ts", outcome.ts).set("text", sent.path("text"));
    if (sent.hasNonNull("blocks")) {
      message.set("blocks", sent.get("blocks"));
    }
    return Answer.json(200, answer);
  }

  private synchronized Map.@Nullable Entry<String, String> channel(String nameOrId) {
    return channelNames.entrySet().stream()
        .filter(
            channel ->
                channel.getKey().equals(nameOrId)
                    || channel.getValue().equals(nameOrId)
                    || channel.getValue().equals("#" + nameOrId))
        .findFirst()
        .orElse(null);
  }

  private synchronized Outcome post(String channel, JsonNode sent) {
    var text = sent.path("text").asText("");
    var blocks = sent.hasNonNull("blocks") ? sent.get("blocks") : NO_BLOCKS;
    if (text.isBlank()) {
      return Outcome.refused("no_text", List.of());
    }
    var errors = BlockKit.errors(blocks);
    if (!errors.isEmpty()) {
      return Outcome.refused("invalid_blocks", errors);
    }
    if (blocks.toString().codePoints().count() > LONGEST_BLOCKS) {
      return Outcome.refused("msg_blocks_too_long", List.of());
    }
    var now = limitedBy == null ? Instant.now() : limitedBy.instant();
    if (limitedBy != null) {
      var last = lastIn.get(channel);
      if (last != null && now.isBefore(last.plus(BETWEEN_MESSAGES))) {
        return Outcome.limited(Duration.between(now, last.plus(BETWEEN_MESSAGES)));
      }
      lastIn.put(channel, now);
    }
    var ts = "%d.%06d".formatted(now.getEpochSecond(), ++sequence % 1_000_000);
    var shortened = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    messages.add(new SlackMessage(channel, now, ts, shortened, blocks, sent));
    if (messages.size() > MESSAGES_KEPT) {
      messages.removeFirst();
    }
    return new Outcome(ts, null, List.of(), null);
  }

  /** What a method was called with, be it a form or JSON. */
  private static ObjectNode arguments(StandInRequest request) {
    if (request.mediaType().equals("application/json")) {
      return request
          .json()
          .filter(ObjectNode.class::isInstance)
          .map(ObjectNode.class::cast)
          .orElseGet(JsonNodeFactory.instance::objectNode);
    }
    var arguments = JsonNodeFactory.instance.objectNode();
    request
        .form()
        .forEach(
            (name, value) ->
                arguments.set(
                    name,
                    JSON_IN_FORM.contains(name)
                        ? StandInRequest.parse(value).orElse(TextNode.valueOf(value))
                        : TextNode.valueOf(value)));
    return arguments;
  }

  private static ObjectNode ok() {
    return JsonNodeFactory.instance.objectNode().put("ok", true);
  }

  private static Answer refuse(String error) {
    return Answer.json(
        200, JsonNodeFactory.instance.objectNode().put("ok", false).put("error", error));
  }

  private record Outcome(
      String ts, @Nullable String error, List<String> details, @Nullable Duration waitFor) {

    static Outcome refused(String error, List<String> details) {
      return new Outcome("", error, details, null);
    }

    static Outcome limited(Duration waitFor) {
      return new Outcome("", null, List.of(), waitFor);
    }

    /** Whole seconds, never none. */
    String seconds() {
      return String.valueOf(Math.max(1, (waitFor.toMillis() + 999) / 1000));
    }
  }
}
