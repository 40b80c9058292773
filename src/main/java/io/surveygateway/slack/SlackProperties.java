package io.surveygateway.slack;

import io.surveygateway.settings.WebAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where alerts go: {@code gateway.slack}. A blank setting is one that is not there.
 *
 * @param webhookUrl address of an incoming webhook; whoever has it may post, so it is a secret
 * @param token bot token, with the scope {@code chat:write}; a secret
 * @param channel name with {@code #}, or id, of the channel that the token posts to
 */
@ConfigurationProperties("gateway.slack")
record SlackProperties(
    @Nullable String webhookUrl, @Nullable String token, @Nullable String channel) {

  SlackProperties {
    webhookUrl = blankToNull(webhookUrl);
    token = blankToNull(token);
    channel = blankToNull(channel);
    if (webhookUrl != null && !WebAddress.isOne(webhookUrl)) {
      // Not quoted: whoever has it may post.
      throw new IllegalArgumentException(
          "Expected SLACK_WEBHOOK_URL to be the address of an incoming webhook, such as"
              + " https://hooks.slack.com/services/..., got one without https:// or a host");
    }
  }

  /** Whether messages go by the token; a token without a channel cannot, and the webhook has it. */
  boolean usesToken() {
    return token != null && channel != null;
  }

  @Override
  public String toString() {
    return "SlackProperties[by "
        + (usesToken() ? "token" : webhookUrl != null ? "webhook" : "nothing")
        + ", channel="
        + channel
        + "]";
  }

  private static @Nullable String blankToNull(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }
}
