package io.surveygateway.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SalesforcePropertiesTest {

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "https://example.my.salesforce.com", "http://127.0.0.1:1234"})
  void takesAnAddressOrNone(String loginUrl) {
    assertThat(new SalesforceProperties("Email", loginUrl).loginUrl()).isEqualTo(loginUrl.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.my.salesforce.com", "https://", "ftp://x", "https://a b"})
  void refusesWhatIsNoAddress(String loginUrl) {
    assertThatThrownBy(() -> new SalesforceProperties("Email", loginUrl))
        .hasMessage(
            "Expected SALESFORCE_LOGIN_URL to be the My Domain address of the org, such as"
                + " https://example.my.salesforce.com, got one without https:// or a host");
  }
}
