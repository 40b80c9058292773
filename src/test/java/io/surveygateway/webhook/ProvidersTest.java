package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.webhook.Providers.Provider;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ProvidersTest {

  private static final String NO_CHECK =
      "no step of its route checks a proof; add one of the kamelets check-... in routes/kamelets";

  private final Providers providers = new Providers();

  @Test
  void isOnOnceItIsDeclaredAndChecked() {
    providers.declare("popsee", 100);
    providers.on("popsee");

    assertThat(providers.isOn("popsee")).isTrue();
    assertThat(providers.find("popsee")).contains(new Provider("popsee", 100, true, null, null));
  }

  @Test
  void doesNotMindWhichComesFirst() {
    providers.on("popsee");
    providers.declare("popsee", 100);

    assertThat(providers.find("popsee")).contains(new Provider("popsee", 100, true, null, null));
  }

  @Test
  void isOffWhileNothingChecksAProof() {
    providers.declare("popsee", 100);

    assertThat(providers.isOn("popsee")).isFalse();
    assertThat(providers.find("popsee"))
        .contains(new Provider("popsee", 100, false, NO_CHECK, null));
  }

  @Test
  void isOffWhileNoRouteDeclaresIt() {
    providers.on("popsee");

    assertThat(providers.isOn("popsee")).isFalse();
    assertThat(providers.find("popsee")).isEmpty();
    assertThat(providers.all()).isEmpty();
  }

  @Test
  void knowsNoOther() {
    assertThat(providers.isOn("acme")).isFalse();
    assertThat(providers.find("acme")).isEmpty();
  }

  @Test
  void isOffWithTheReasonOfItsCheck() {
    providers.declare("popsee", 100);
    providers.off("popsee", "its secret is empty");

    assertThat(providers.find("popsee"))
        .contains(new Provider("popsee", 100, false, "its secret is empty", null));
  }

  @Test
  void staysOffWhileOneOfItsChecksHasNoSecret() {
    providers.declare("popsee", 100);
    providers.off("popsee", "its secret is empty");
    providers.on("popsee");

    assertThat(providers.isOn("popsee")).isFalse();
  }

  @Test
  void givesEveryReasonOnce() {
    providers.declare("popsee", 100);
    providers.off("popsee", "b is empty");
    providers.off("popsee", "a is empty");
    providers.off("popsee", "b is empty");

    assertThat(providers.find("popsee"))
        .contains(new Provider("popsee", 100, false, "a is empty; b is empty", null));
  }

  @Test
  void isOnIfOneOfSeveralChecksHasItsSecret() {
    providers.declare("popsee", 100);
    providers.alternativeOff("popsee", "a is empty");
    assertThat(providers.isOn("popsee")).isFalse();

    providers.alternativeOn("popsee");

    assertThat(providers.isOn("popsee")).isTrue();
  }

  @Test
  void isOffIfAnotherCheckLacksItsSecretThanTheOnesOfWhichOneIsEnough() {
    providers.declare("popsee", 100);
    providers.alternativeOn("popsee");
    providers.open("popsee", "nobody signs");
    providers.off("popsee", "b is empty");

    assertThat(providers.find("popsee"))
        .contains(new Provider("popsee", 100, false, "b is empty", "nobody signs"));
  }

  @Test
  void isNotOnByAnotherCheckAloneWhileNoneOfSeveralHasItsSecret() {
    providers.declare("popsee", 100);
    providers.on("popsee");
    providers.alternativeOff("popsee", "a is empty");

    assertThat(providers.isOn("popsee")).isFalse();
  }

  @Test
  void isOffWithItsMistakeWhereItsRoutesWereLeftOut() {
    providers.leaveOut(Map.of("popsee", "popsee.jq, line 3: This is no jq"));

    assertThat(providers.isOn("popsee")).isFalse();
    assertThat(providers.isLeftOut("popsee")).isTrue();
    assertThat(providers.all())
        .containsExactly(
            new Provider("popsee", 0, false, "popsee.jq, line 3: This is no jq", null));

    providers.leaveOut(Map.of());

    assertThat(providers.isLeftOut("popsee")).isFalse();
    assertThat(providers.all()).isEmpty();
  }

  @Test
  void tellsOfOtherRoutesOnceTheyAreBuilt() {
    providers.declare("popsee", 100);
    providers.off("popsee", "its secret is empty");
    providers.declare("acme", 100);
    providers.on("acme");
    var before = providers.all();

    providers.startAnew();
    providers.declare("popsee", 200);
    providers.on("popsee");

    assertThat(providers.all()).isEqualTo(before);
    assertThat(providers.isOn("acme")).isTrue();

    providers.useNew();

    assertThat(providers.all()).containsExactly(new Provider("popsee", 200, true, null, null));
    assertThat(providers.isOn("acme")).isFalse();
  }

  @Test
  void doesNotRepeatInTheLogWhatOtherRoutesSayToo(CapturedOutput log) {
    providers.off("popsee", "its secret is empty");
    providers.forDryRun().off("acme", "its secret is empty");
    providers.startAnew();
    providers.off("popsee", "its secret is empty");
    providers.useNew();

    assertThat(log.toString()).containsOnlyOnce("popsee is switched off").doesNotContain("acme");
  }

  @Test
  void listsThemByName() {
    providers.declare("popsee", 1);
    providers.declare("acme", 2);
    providers.declare("smartsurvey", 3);

    assertThat(providers.all())
        .extracting(Provider::name)
        .containsExactly("acme", "popsee", "smartsurvey");
  }

  @Test
  void saysOnceInTheLogWhyOneIsOff(CapturedOutput log) {
    providers.off("popsee", "its secret is empty");
    providers.off("popsee", "its secret is empty");

    assertThat(log.toString())
        .containsOnlyOnce("WARN")
        .containsOnlyOnce("popsee is switched off: its secret is empty");
  }

  @Test
  void saysAtTheEndOfTheStartWhichHaveNoCheck(CapturedOutput log) {
    providers.declare("popsee", 1);
    providers.on("popsee");
    providers.declare("acme", 1);

    providers.sayHowTheyStand();

    assertThat(log.toString())
        .containsOnlyOnce("acme is switched off: " + NO_CHECK)
        .doesNotContain("popsee");
  }
}
