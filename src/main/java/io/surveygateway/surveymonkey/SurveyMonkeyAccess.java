package io.surveygateway.surveymonkey;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the gateway's own work reaches SurveyMonkey's API.
 *
 * @param accessToken empty where the API is not to be asked
 * @param apiUrl host of the account's region, without a path
 * @param clientSecret of the app; here only the key of a fingerprint
 */
@ConfigurationProperties("gateway.providers.surveymonkey")
record SurveyMonkeyAccess(
    @DefaultValue("") String accessToken,
    @DefaultValue("https://api.surveymonkey.com") String apiUrl,
    @DefaultValue("") String clientSecret) {

  SurveyMonkeyAccess {
    accessToken = accessToken.strip();
    apiUrl = apiUrl.strip().replaceFirst("/+$", "");
    if (!accessToken.isEmpty() && !apiUrl.matches("https?://[^/?#@\\s]+")) {
      throw new IllegalArgumentException(
          "Expected SURVEYMONKEY_API_URL to be a host such as https://api.surveymonkey.com, without a"
              + " path");
    }
  }

  boolean isSet() {
    return !accessToken.isEmpty();
  }

  /** Hides the secrets. */
  @Override
  public String toString() {
    return "SurveyMonkeyAccess[" + apiUrl + (isSet() ? "" : ", no access token") + "]";
  }
}
