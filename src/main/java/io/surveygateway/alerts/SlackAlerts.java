package io.surveygateway.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.event.SurveyJson;
import io.surveygateway.slack.SlackText;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a channel of Slack, by an incoming webhook of its own: one message, a line for each.
 *
 * <p>Its text can format nothing, link nowhere and mention nobody. Source: Slack, "Sending messages
 * using incoming webhooks".
 */
final class SlackAlerts implements AlertChannel {

  /** Slack shows no more than a screen of a message. */
  static final int MOST_LINES = 20;

  private final AlertHttp http;
  private @Nullable URI address;
  private @Nullable String offBecause;

  SlackAlerts(AlertSettings settings, AlertHttp http) {
    this.http = http;
    var url = settings.slackUrl();
    if (url == null || url.isBlank()) {
      offBecause = "set GATEWAY_ALERTS_SLACK_URL to the address of an incoming webhook";
      return;
    }
    try {
      address = AlertHttp.address("GATEWAY_ALERTS_SLACK_URL", url);
    } catch (IllegalArgumentException e) {
      offBecause = e.getMessage();
    }
  }

  @Override
  public String name() {
    return "slack";
  }

  @Override
  public @Nullable String offBecause() {
    return offBecause;
  }

  @Override
  public void tell(long id, List<AlertChange> changes) {
    var message =
        SurveyJson.mapper()
            .createObjectNode()
            .put("text", text(changes))
            .put("unfurl_links", false)
            .put("unfurl_media", false);
    http.post("Slack", address, Map.of(), message.toString().getBytes(UTF_8));
  }

  static String text(List<AlertChange> changes) {
    var text = new StringBuilder();
    for (var change : changes.subList(0, Math.min(MOST_LINES, changes.size()))) {
      text.append(text.isEmpty() ? "" : "\n").append(line(change));
    }
    if (changes.size() > MOST_LINES) {
      text.append("\nand ").append(changes.size() - MOST_LINES).append(" more: see the log");
    }
    return text.toString();
  }

  private static String line(AlertChange change) {
    var mark =
        switch (change.what()) {
          case RAISED -> ":red_circle: ";
          case STILL -> ":large_orange_circle: still, since " + change.since() + ": ";
          case CLEARED -> ":large_green_circle: ";
        };
    return mark + SlackText.escaped("survey-gateway, " + change.about() + ": " + change.text());
  }
}
