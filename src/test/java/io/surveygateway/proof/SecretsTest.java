package io.surveygateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @Test
  void holdsOneSecret() {
    assertThat(Secrets.of("s3cret").newestFirst()).containsExactly("s3cret");
    assertThat(Secrets.of("s3cret").lack()).isEmpty();
  }

  @Test
  void holdsSeveralNewestFirstWithoutTheBlanksRoundThem() {
    assertThat(Secrets.of(" new one ,\told\n").newestFirst()).containsExactly("new one", "old");
  }

  @Test
  void leavesOutWhatStandsEmptyBetweenCommas() {
    assertThat(Secrets.of(",new,, ,old,").newestFirst()).containsExactly("new", "old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n", ",", " , ,"})
  void isEmptyWhereNothingIsGiven(String setting) {
    assertThat(Secrets.of(setting).lack()).contains("is empty");
    assertThat(Secrets.of(setting).newestFirst()).isEmpty();
  }

  @Test
  void isNotSetWhereThereIsNoSetting() {
    assertThat(Secrets.of(null).lack()).contains("is not set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${POPSEE_SECRET}",
        "${POPSEE_SECRET:a,b}",
        "{{popsee.secret}}",
        "{VerificationKey}",
        " {VerificationKey} ",
        "new,${OLD}",
        "{new},old",
        "sk-${X}-1",
        "a{{b}}c"
      })
  void takesNoPlaceholderForASecret(String setting) {
    assertThat(Secrets.of(setting).lack()).contains("holds a placeholder that nothing fills in");
    assertThat(Secrets.of(setting).newestFirst()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a{b}c", "{a", "a}", "$a", "a$", "#{a", "a&b=c%d+e", "clé \"ü\" \\"})
  void takesOddCharactersAsTheyAre(String setting) {
    assertThat(Secrets.of(setting).newestFirst()).containsExactly(setting);
  }

  @Test
  void showsNoSecret() {
    assertThat(Secrets.of("new,old")).hasToString("Secrets[2, not shown]");
    assertThat(Secrets.of("new,${OLD}"))
        .hasToString("Secrets[holds a placeholder that nothing fills in]");
  }
}
