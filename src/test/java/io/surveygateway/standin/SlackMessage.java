package io.surveygateway.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A message that the Slack stand-in took.
 *
 * @param channel the channel's name with its hash
 * @param ts Slack's id of the message within its channel
 * @param text the top-level text, as notifications show it
 * @param blocks an array; empty if there were none
 * @param sent everything that was sent, by name
 */
public record SlackMessage(
    String channel, Instant at, String ts, String text, JsonNode blocks, JsonNode sent) {

  /** Every text that a reader sees in the blocks, a line for each. */
  public String shown() {
    var shown = new StringBuilder();
    collect(blocks, shown);
    return shown.toString();
  }

  private static void collect(JsonNode node, StringBuilder shown) {
    if (node.path("text").isTextual()) {
      shown.append(node.path("text").asText()).append('\n');
    }
    node.forEach(inner -> collect(inner, shown));
  }
}
