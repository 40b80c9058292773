package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookRequestTest {

  private static WebhookRequest request(
      List<Map.Entry<String, String>> headers, List<Map.Entry<String, String>> query) {
    return new WebhookRequest(
        "popsee", "path-of-sender", "text/x-of-sender", headers, query, "body".getBytes(UTF_8));
  }

  private static WebhookRequest withHeader(String name, String value) {
    return request(List.of(Map.entry(name, value)), List.of());
  }

  @Test
  void findsAHeaderInAnyCase() {
    assertThat(withHeader("X-POPSEE-signature", "a").header("x-popsee-SIGNATURE"))
        .containsExactly("a");
  }

  @Test
  void takesNoLetterOfAnotherAlphabetForOneOfAHeader() {
    // A Kelvin sign is a k, and a long s an s, to String.equalsIgnoreCase.
    assertThat(withHeader("X-\u212Aey", "a").header("x-key")).isEmpty();
    assertThat(withHeader("X-\u017Fig", "a").header("x-sig")).isEmpty();
  }

  @Test
  void givesEveryValueOfAHeaderInTheOrderOfArrival() {
    var request =
        request(
            List.of(Map.entry("X-Key", "b"), Map.entry("X-Other", "c"), Map.entry("x-key", "a")),
            List.of());

    assertThat(request.header("X-Key")).containsExactly("b", "a");
    assertThat(request.header("X-Unknown")).isEmpty();
  }

  @Test
  void leavesOutBlanksAndTabsRoundAHeadersValueAndNothingElse() {
    assertThat(withHeader("X-Key", " \t a b\t ").header("X-Key")).containsExactly("a b");
    assertThat(withHeader("X-Key", " \t").header("X-Key")).containsExactly("");
    assertThat(withHeader("X-Key", "\u00A0a\u2003\n").header("X-Key"))
        .containsExactly("\u00A0a\u2003\n");
  }

  @Test
  void findsAQueryParameterByItsExactName() {
    var request =
        request(
            List.of(),
            List.of(Map.entry("Key", " b "), Map.entry("key", "c"), Map.entry("Key", "a")));

    assertThat(request.query("Key")).containsExactly(" b ", "a");
    assertThat(request.query("KEY")).isEmpty();
  }

  @Test
  void showsNothingThatTheSenderWrote() {
    assertThat(request(List.of(Map.entry("X-Key", "s3cret")), List.of(Map.entry("key", "s3cret"))))
        .hasToString("WebhookRequest[popsee, 4 bytes]");
  }
}
