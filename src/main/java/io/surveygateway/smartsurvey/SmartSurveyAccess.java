package io.surveygateway.smartsurvey;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the gateway's own work reaches SmartSurvey's API.
 *
 * @param apiToken of a key of the account, and
 * @param apiTokenSecret its secret; empty where the API is not to be asked
 * @param apiUrl host of the account's region, without a path
 */
@ConfigurationProperties("gateway.providers.smartsurvey")
record SmartSurveyAccess(
    @DefaultValue("") String apiToken,
    @DefaultValue("") String apiTokenSecret,
    @DefaultValue("https://api.smartsurvey.io") String apiUrl) {

  SmartSurveyAccess {
    apiToken = apiToken.strip();
    apiTokenSecret = apiTokenSecret.strip();
    apiUrl = apiUrl.strip().replaceFirst("/+$", "");
    if (!apiToken.isEmpty() && !apiUrl.matches("https?://[^/?#@\\s]+")) {
      throw new IllegalArgumentException(
          "Expected SMARTSURVEY_API_URL to be a host such as https://api.smartsurvey.io, without a"
              + " path");
    }
  }

  boolean isSet() {
    return !apiToken.isEmpty() && !apiTokenSecret.isEmpty();
  }

  /** Hides the secrets. */
  @Override
  public String toString() {
    return "SmartSurveyAccess[" + apiUrl + (isSet() ? "" : ", no API token") + "]";
  }
}
