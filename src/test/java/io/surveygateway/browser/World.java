package io.surveygateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.Sender;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.demo.SignedSamples.Sample;
import io.surveygateway.packaged.Others;
import io.surveygateway.packaged.PackagedGateway;
import io.surveygateway.standin.SalesforceField;
import io.surveygateway.standin.SalesforceObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/**
 * What has happened before a person comes to look: a day of responses of four providers, most of
 * which went well.
 *
 * <p>Yesterday somebody at Salesforce let the list of providers allow three of the four: since then
 * no response of SurveyMonkey arrives there.
 */
final class World {

  /** Somebody whose first response arrived everywhere, and whose second one Salesforce refused. */
  static final String ASKS_FOR_HERSELF = "noor.haddad@example.org";

  static final String CONTACT_IS_LOCKED =
      "Contacts with an open complaint are changed by the complaints desk alone";

  static final int OF_YESTERDAY = 7;

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration ROUND = Duration.ofMinutes(11);
  private static final int ROUNDS = 5;
  private static final List<String> NAMES =
      List.of(
          "Ada Byron",
          "Grace Hopper",
          "Zoë Müller",
          "Siobhán O'Neill",
          "Nguyễn Thị Mai",
          "Olu Adeyemi",
          "李小龙",
          "Jean-Luc d'Été");
  private static final List<String> COMMENTS =
      List.of(
          "Quick and kind",
          "Très bien 👍",
          "It was all right",
          "Waited 40 minutes, and nobody said sorry",
          "\"Free\" delivery <b>cost</b> me 4.99");

  private final Others others;
  private final Past past;
  private final Sender sender;
  private int number;

  World(Others others, PackagedGateway gateway) {
    this.others = others;
    this.past = new Past(gateway.database());
    this.sender = new Sender(gateway.webhooks);
  }

  /** Ends when all has arrived, or is parked. */
  void happens() {
    others.salesforce.declare(allowing(Set.of("popsee", "smartsurvey", "smartermeasure")));
    yesterday();
    past.becomes(DAY);
    for (var round = ROUNDS; round > 0; round--) {
      goesWell(ROUND.multipliedBy(round), round);
      past.becomes(ROUND);
    }
  }

  /** Somebody puts it right at Salesforce. */
  void providersAreAllowedAgain() {
    others.salesforce.declare(SalesforceObject.surveyResponse());
  }

  private static SalesforceObject allowing(Set<String> providers) {
    var all = SalesforceObject.surveyResponse();
    var fields = new LinkedHashMap<>(all.fields());
    fields.put(
        "Provider__c", SalesforceField.text("Provider__c", "Provider", 63).thatAllows(providers));
    return new SalesforceObject(all.name(), all.prefix(), fields, all.anyCustom());
  }

  private void yesterday() {
    var at = Instant.now().minus(DAY).truncatedTo(ChronoUnit.SECONDS);
    for (var n = 0; n < OF_YESTERDAY; n++) {
      send(signed(SignedSamples.surveyMonkey().at(at.minusSeconds(n))).toRequest(), 200);
    }
    send(by(SignedSamples.popsee()).at(at).signedWith(Others.SECRETS.popsee()).toRequest(), 200);
    send(
        SignedSamples.popsee()
            .name("Noor Haddad")
            .email(ASKS_FOR_HERSELF)
            .score(8)
            .at(at)
            .signedWith(Others.SECRETS.popsee())
            .toRequest(),
        200);
    settle();
  }

  private void goesWell(Duration ago, int round) {
    var at = Instant.now().minus(ago).truncatedTo(ChronoUnit.SECONDS);
    for (var n = 0; n < 2 + round % 3; n++) {
      send(by(SignedSamples.popsee()).at(at).signedWith(Others.SECRETS.popsee()).toRequest(), 200);
      var batch =
          by(SignedSamples.smartSurvey())
              .and(by(SignedSamples.smartSurvey()).at(at))
              .at(at)
              .signedWith(Others.SECRETS.smartSurvey())
              .toRequest();
      send(batch, 200);
    }
    send(
        by(SignedSamples.smarterMeasure())
            .at(at)
            .signedWith(Others.SECRETS.smarterMeasure())
            .toRequest(),
        200);
    if (round == 3) {
      send(by(SignedSamples.popsee()).signedWith("guessed").toRequest(), 401);
    }
    settle();
  }

  /** One that is set aside, one that is refused, and one that Salesforce refuses for good. */
  void hasTroubles() {
    var whole = by(SignedSamples.smartSurvey()).andItem("\"no response at all\"");
    send(whole.signedWith(Others.SECRETS.smartSurvey()).toRequest(), 200);
    send(by(SignedSamples.smartSurvey()).signedWith("guessed").toRequest(), 401);
    var hers =
        SignedSamples.smartSurvey()
            .name("Noor Haddad")
            .email(ASKS_FOR_HERSELF)
            .comment("Nobody has called me back")
            .score(2)
            .signedWith(Others.SECRETS.smartSurvey())
            .toRequest();
    isRefusedBySalesforce(hers, CONTACT_IS_LOCKED);
    send(hers, 200);
    settle();
  }

  /** From now on Salesforce refuses it, once, as a rule of its own would. */
  void isRefusedBySalesforce(SampleRequest request, String rule) {
    for (var key : request.responseKeys()) {
      others.salesforce.refuse(key, 1, "FIELD_CUSTOM_VALIDATION_EXCEPTION", rule);
    }
  }

  private static SignedSamples.SurveyMonkey signed(SignedSamples.SurveyMonkey sample) {
    return sample.signedWith(
        Others.SECRETS.surveyMonkeyClientId(), Others.SECRETS.surveyMonkeyClientSecret());
  }

  private <T extends Sample<T>> T by(T sample) {
    var who = NAMES.get(number++ % NAMES.size());
    return sample
        .name(who)
        .email(number % 4 == 0 ? "" : "respondent" + number % NAMES.size() + "@example.org")
        .score((number * 7) % 11)
        .comment(COMMENTS.get(number % COMMENTS.size()));
  }

  void send(SampleRequest request, int expected) {
    try {
      assertThat(sender.send(request)).isEqualTo(expected);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until nothing is under way. */
  void settle() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                past.count(
                        "SELECT (SELECT count(*) FROM inbox WHERE state IN ('waiting', 'retrying'))"
                            + " + (SELECT count(*) FROM delivery"
                            + " WHERE state IN ('waiting', 'retrying'))")
                    == 0);
  }
}
