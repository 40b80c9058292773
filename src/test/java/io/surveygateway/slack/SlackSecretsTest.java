package io.surveygateway.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.slack.SlackComponent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which secret camel-slack gets. */
class SlackSecretsTest {

  @ParameterizedTest
  @CsvSource({
    "https://hook, xoxb, #c, xoxb, https://hook",
    "https://hook, '', #c, , https://hook",
    "https://hook, ' ', '', , https://hook",
    "https://hook, xoxb, '', , https://hook",
    "'', xoxb, #c, xoxb, ",
    "'', '', '', , ",
    ", , , , ",
  })
  void givesTheTokenOrElseTheWebhook(
      @Nullable String webhookUrl,
      @Nullable String token,
      @Nullable String channel,
      @Nullable String expectedToken,
      @Nullable String expectedWebhookUrl) {
    var component = new SlackComponent();
    component.setToken("");

    secrets(webhookUrl, token, channel).configure("slack", component);

    assertThat(component.getToken()).isEqualTo(expectedToken);
    assertThat(component.getWebhookUrl()).isEqualTo(expectedWebhookUrl);
  }

  @Test
  void isForSlackAlone() {
    assertThat(secrets("", "", "").isEnabled("slack", new SlackComponent())).isTrue();
    assertThat(secrets("", "", "").isEnabled("direct", new DirectComponent())).isFalse();
  }

  @Test
  void showsNoSecret() {
    assertThat(new SlackProperties("https://hook", "xoxb", "#c"))
        .hasToString("SlackProperties[by token, channel=#c]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hooks.slack.com/services/hush", "https://", "ftp://hush", "htt ps://x"})
  void refusesAWebhookThatIsNoAddressAndDoesNotQuoteIt(String webhookUrl) {
    assertThatThrownBy(() -> new SlackProperties(webhookUrl, null, null))
        .hasMessage(
            "Expected SLACK_WEBHOOK_URL to be the address of an incoming webhook, such as"
                + " https://hooks.slack.com/services/..., got one without https:// or a host");
  }

  private static SlackSecrets secrets(
      @Nullable String webhookUrl, @Nullable String token, @Nullable String channel) {
    return new SlackSecrets(new SlackProperties(webhookUrl, token, channel));
  }
}
