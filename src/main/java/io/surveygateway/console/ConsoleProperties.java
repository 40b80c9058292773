package io.surveygateway.console;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who may use the private port, and what it tells them.
 *
 * @param adminPassword of user {@code admin}, taken as it is; empty for a random one
 * @param webhookUrl address that senders reach the public port by, without a path; null where it is
 *     not set
 */
@ConfigurationProperties("gateway.console")
record ConsoleProperties(@Nullable String adminPassword, @Nullable String webhookUrl) {

  ConsoleProperties {
    if (adminPassword != null && adminPassword.isBlank()) {
      adminPassword = null;
    }
    if (adminPassword != null && adminPassword.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "Expected GATEWAY_ADMIN_PASSWORD without line breaks or other control characters, which"
              + " no browser can send; a file that it was read from often ends with one");
    }
    webhookUrl = webhookUrl == null || webhookUrl.isBlank() ? null : webhookUrl.strip();
    if (webhookUrl != null && !webhookUrl.matches("https?://[^/\\s?#@]+/?")) {
      throw new IllegalArgumentException(
          "Expected GATEWAY_PUBLIC_URL to be http or https and a host, without a path, such as"
              + " https://hooks.example.org, got "
              + webhookUrl);
    }
    webhookUrl = webhookUrl == null ? null : webhookUrl.replaceFirst("/$", "");
  }

  @Override
  public String toString() {
    return "ConsoleProperties[adminPassword="
        + (adminPassword == null ? "random" : "set")
        + ", webhookUrl="
        + webhookUrl
        + "]";
  }
}
