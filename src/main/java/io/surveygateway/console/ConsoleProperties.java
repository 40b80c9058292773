package io.surveygateway.console;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who may use the private port.
 *
 * @param adminPassword of user {@code admin}, taken as it is; empty for a random one
 */
@ConfigurationProperties("gateway.console")
record ConsoleProperties(@Nullable String adminPassword) {

  ConsoleProperties {
    if (adminPassword != null && adminPassword.isBlank()) {
      adminPassword = null;
    }
    if (adminPassword != null && adminPassword.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "Expected GATEWAY_ADMIN_PASSWORD without line breaks or other control characters, which"
              + " no browser can send; a file that it was read from often ends with one");
    }
  }

  @Override
  public String toString() {
    return "ConsoleProperties[adminPassword=" + (adminPassword == null ? "random" : "set") + "]";
  }
}
