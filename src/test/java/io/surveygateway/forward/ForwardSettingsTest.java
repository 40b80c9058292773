package io.surveygateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardSettingsTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.org/in",
        " HTTPS://hooks.example.org:8443/in?key=a%2Fb&c=%C3%A4 ",
        "https://[2606:4700::1]/"
      })
  void takeAnAddress(String url) {
    assertThat(settings(url, SECRET, false).address()).hasToString(url.strip());
  }

  @Test
  void takePlainHttpWhereItIsAllowed() {
    assertThat(settings("http://hooks.internal/in", SECRET, true).address())
        .hasToString("http://hooks.internal/in");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hooks.example.org/key|one without a host",
        "https:/key|one without a host",
        "https://a b/key|something else",
        "https://under_score/key|one without a host",
        "https://user:key@hooks.example.org/|one with a user: the signature is the proof",
        "ftp://hooks.example.org/key|another scheme",
        "http://hooks.example.org/key|http: responses would go unencrypted. Inside a network of"
            + " your own, set FORWARD_ALLOW_PRIVATE=true"
      })
  void letDeliveriesWaitForAnAddress(String url, String got) {
    assertThatThrownBy(settings(url, SECRET, false)::address)
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown ->
                assertThat(thrown.failure())
                    .isEqualTo(
                        Failure.auth(
                            "Expected FORWARD_URL to be an address such as"
                                + " https://hooks.example.org/surveys, got "
                                + got)));
  }

  @ParameterizedTest
  @CsvSource({
    "whsec_short, is no secret of Standard Webhooks",
    "'${FORWARD_SECRET}', holds a placeholder that nothing fills in"
  })
  void letDeliveriesWaitForASecret(String secret, String lack) {
    assertThatThrownBy(settings("https://hooks.example.org", secret, false)::address)
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> {
              assertThat(thrown.failure().kind()).isEqualTo(Failure.Kind.AUTH);
              assertThat(thrown.failure().reason())
                  .startsWith("FORWARD_SECRET " + lack)
                  .doesNotContain("short");
            });
  }

  @Test
  void showNothing() {
    assertThat(new ForwardProperties("https://h/key", SECRET, false).toString())
        .isEqualTo("ForwardProperties[not shown, allowPrivate=false]");
    assertThat(settings("https://h/key", SECRET, false)).hasToString("ForwardSettings[ready]");
  }

  private static ForwardSettings settings(String url, String secret, boolean allowPrivate) {
    return new ForwardSettings(new ForwardProperties(url, secret, allowPrivate));
  }
}
