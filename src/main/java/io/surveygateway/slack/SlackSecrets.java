package io.surveygateway.slack;

import org.apache.camel.Component;
import org.apache.camel.component.slack.SlackComponent;
import org.apache.camel.spi.ComponentCustomizer;

/**
 * Gives camel-slack its secret: the bot token, or else the webhook's address.
 *
 * <p>On the component and not at an endpoint, since an endpoint's address is shown in logs, metrics
 * and health. In Java and not as {@code camel.component.slack.token}, since camel-slack takes a
 * token that is set but blank for a token (SlackProducer#process), and would never use the webhook.
 */
@org.springframework.stereotype.Component
final class SlackSecrets implements ComponentCustomizer {

  private final SlackProperties properties;

  SlackSecrets(SlackProperties properties) {
    this.properties = properties;
  }

  @Override
  public boolean isEnabled(String name, Component target) {
    return target instanceof SlackComponent;
  }

  @Override
  public void configure(String name, Component target) {
    if (target instanceof SlackComponent slack) {
      slack.setToken(properties.usesToken() ? properties.token() : null);
      slack.setWebhookUrl(properties.webhookUrl());
    }
  }
}
