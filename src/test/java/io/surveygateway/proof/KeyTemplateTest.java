package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTemplateTest {

  private static final String ID = "gateway.providers.surveymonkey.client-id";
  private static final String SECRET = "gateway.providers.surveymonkey.client-secret";

  @Test
  void takesTheSecretsOfTheSettingThatItNames() {
    assertThat(
            keys(
                "{gateway.providers.popsee.secret}",
                Map.of("gateway.providers.popsee.secret", "new,old")))
        .containsExactly("new", "old");
  }

  @Test
  void joinsTwoSettings() {
    assertThat(keys("{" + ID + "}&{" + SECRET + "}", Map.of(ID, "id", SECRET, "s")))
        .containsExactly("id&s");
  }

  @Test
  void triesTheNewestOfEachBeforeTheOthers() {
    assertThat(keys("{" + ID + "}&{" + SECRET + "}", Map.of(ID, "id2,id1", SECRET, "s2,s1")))
        .containsExactly("id2&s2", "id2&s1", "id1&s2", "id1&s1");
  }

  @Test
  void keepsWhatStandsRoundTheSettings() {
    assertThat(keys("v1.{ a.b }!", Map.of("a.b", "x"))).containsExactly("v1.x!");
  }

  @Test
  void doesNotReadASecretAsATemplate() {
    assertThat(keys("{a}&{b}", Map.of("a", "x{b}y", "b", "z"))).containsExactly("x{b}y&z");
  }

  @Test
  void saysWhichSettingsItWants() {
    var secrets =
        KeyTemplate.parse("{" + ID + "}&{" + SECRET + "}")
            .secrets(setting -> Secrets.of(setting.equals(ID) ? "id" : ""));

    assertThat(secrets).containsOnlyKeys(ID, SECRET);
    assertThat(secrets.get(ID).lack()).isEmpty();
    assertThat(secrets.get(SECRET).lack()).contains("is empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s3cret",
        "gateway.providers.popsee.secret",
        "{",
        "{}",
        "{a",
        "a}",
        "{a}{",
        "{{a}}",
        "${a}{b}}",
        "{a b}"
      })
  void refusesWhatNamesNoSettingWithoutRepeatingIt(String template) {
    assertThatThrownBy(() -> KeyTemplate.parse(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Expected key to name settings in single braces, such as"
                + " {gateway.providers.popsee.secret}, got another text (not shown, in case it is"
                + " a secret)");
  }

  @Test
  void refusesMoreKeysThanARequestShouldCost() {
    var many = IntStream.range(0, 5).mapToObj(n -> "s" + n).collect(Collectors.joining(","));

    assertThatThrownBy(() -> keys("{a}&{b}", Map.of("a", many, "b", many)))
        .hasMessage(
            "Expected at most 16 keys, got more from a and b; remove the secrets that are no longer"
                + " in use");
  }

  @Test
  void showsWhereSecretsAreAndNotWhatTheyAre() {
    assertThat(KeyTemplate.parse(" v1.{ a.b }!")).hasToString("v1.{a.b}!");
  }

  private static List<String> keys(String template, Map<String, String> settings) {
    var parsed = KeyTemplate.parse(template);
    var keys = new ArrayList<String>();
    parsed
        .keys(parsed.secrets(setting -> Secrets.of(settings.get(setting))))
        .indexOf(
            key -> {
              keys.add(0, new String(key, UTF_8));
              return false;
            });
    return keys;
  }
}
