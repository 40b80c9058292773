package io.surveygateway.demo;

import io.surveygateway.demo.SignedSamples.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Sends samples of all providers to the gateway, and tells what it answered, a line for each. */
final class DemoTraffic {

  private final Sender sender;
  private final SampleSecrets secrets;
  private final Random random;
  private final Consumer<String> teller;

  DemoTraffic(Sender sender, SampleSecrets secrets, Random random, Consumer<String> teller) {
    this.sender = sender;
    this.secrets = secrets;
    this.random = random;
    this.teller = teller;
  }

  /**
   * Of each provider a good sample, the same again, a forged one, and one that nobody can read.
   *
   * @return the keys of the responses that have to come out
   */
  List<String> sendOneOfEachKind() throws InterruptedException {
    var keys = new ArrayList<String>();
    for (var provider : providers(secrets)) {
      var good = provider.get().toRequest();
      keys.addAll(good.responseKeys());
      tell(good, "", good.story());
      tell(good, ", repeated", "known already");
    }
    for (var forged : providers(FORGER)) {
      tell(forged.get().toRequest(), ", forged", "");
    }
    for (var provider : providers(secrets)) {
      tell(provider.get().unreadable().toRequest(), ", unreadable", "set aside");
    }
    var batch = smartSurvey(secrets).and(smartSurvey(secrets)).andItem("\"no response at all\"");
    var request = batch.toRequest();
    keys.addAll(request.responseKeys());
    tell(request, ", one of three unreadable", "that one set aside");
    return keys;
  }

  /** One more response of any provider. */
  void sendOne() throws InterruptedException {
    var all = providers(secrets);
    var sample = all.get(random.nextInt(all.size())).get().toRequest();
    tell(sample, "", sample.story());
  }

  private static final SampleSecrets FORGER =
      new SampleSecrets("guessed", "guessed", "guessed", "guessed", "guessed");

  private List<Supplier<Sample<?>>> providers(SampleSecrets secrets) {
    return List.of(
        () -> Respondents.anyone(SignedSamples.popsee(), random).signedWith(secrets.popsee()),
        () -> smartSurvey(secrets),
        () ->
            SignedSamples.surveyMonkey()
                .signedWith(secrets.surveyMonkeyClientId(), secrets.surveyMonkeyClientSecret()),
        () ->
            Respondents.anyone(SignedSamples.smarterMeasure(), random)
                .signedWith(secrets.smarterMeasure()));
  }

  private SignedSamples.SmartSurvey smartSurvey(SampleSecrets secrets) {
    return Respondents.anyone(SignedSamples.smartSurvey(), random)
        .signedWith(secrets.smartSurvey());
  }

  private void tell(SampleRequest sample, String kind, String story) throws InterruptedException {
    String outcome;
    try {
      var status = sender.send(sample);
      outcome = status == 200 && !story.isEmpty() ? status + ", " + story : "" + status;
    } catch (IOException e) {
      outcome = "no answer (" + e + ")";
    }
    teller.accept(sample.provider() + kind + ": " + outcome);
  }
}
