package io.surveygateway.surveymonkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.failure.FailureException;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import io.surveygateway.surveymonkey.CallAccount.Wait;
import io.surveygateway.surveymonkey.SubscriptionSettings.Wanted;
import io.surveygateway.surveymonkey.SurveyMonkeyApi.NoCallLeftException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gateway's own webhooks at SurveyMonkey, against a stand-in of {@code /v3/webhooks}. */
class SubscriptionsTest {

  private static final String GATEWAY = "https://gw.example.org";
  private static final String BASE = GATEWAY + "/webhooks/surveymonkey";
  private static final Wanted COMPLETED =
      new Wanted("response_completed", List.of("310", "311"), List.of());
  private static final Wanted UPDATED = new Wanted("collector_updated", List.of(), List.of("430"));

  private final SurveyMonkeyStandIn standIn = SurveyMonkeyStandIn.start();
  private final Calls calls = new Calls();

  /** Counts, and gives as many as a test says. */
  private static final class Calls implements CallBudget {

    int left = 1000;

    @Override
    public Turn turn(Asker asker) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Wait callBeside(int spare) {
      return left-- > 0 ? null : new Wait(Instant.EPOCH, "waiting for the daily budget");
    }

    @Override
    public void heard(int status, Map<String, String> headers) {}

    @Override
    public void keep(Asker asker, boolean hasOwn, Map<String, byte[]> responses) {}
  }

  @AfterEach
  void stop() {
    standIn.close();
  }

  private Subscriptions subscriptions(boolean apply, String authorization, Wanted... wanted) {
    var access = new SurveyMonkeyAccess(SurveyMonkeyStandIn.TOKEN, standIn.url(), "secret");
    return new Subscriptions(
        new SubscriptionSettings(
            apply, GATEWAY, authorization, Duration.ofHours(6), List.of(wanted)),
        access,
        new SurveyMonkeyApi(access, calls),
        Clock.systemUTC());
  }

  private List<String> there() {
    return standIn.webhooks().all().stream()
        .map(
            webhook ->
                webhook.path("name").asText()
                    + "|"
                    + webhook.path("event_type").asText()
                    + "|"
                    + webhook.path("object_type").asText()
                    + "|"
                    + webhook.path("object_ids")
                    + "|"
                    + webhook.path("subscription_url").asText())
        .toList();
  }

  private long changes() {
    return standIn.requests("/v3/webhooks").stream()
        .filter(request -> !request.method().equals("GET"))
        .count();
  }

  private static final String[] AS_WANTED = {
    "survey-gateway response_completed|response_completed|survey|[\"310\",\"311\"]|"
        + BASE
        + "/response_completed",
    "survey-gateway collector_updated-of-collectors|collector_updated|collector|[\"430\"]|"
        + BASE
        + "/collector_updated-of-collectors"
  };

  @Test
  void makesWhatIsMissingAndNothingTwice() {
    var subscriptions = subscriptions(true, "", COMPLETED, UPDATED);

    var first = subscriptions.check();

    assertThat(there()).containsExactlyInAnyOrder(AS_WANTED);
    assertThat(first.isInOrder()).isTrue();
    assertThat(first.lines())
        .containsExactly(
            "created response_completed of survey 310, 311",
            "created collector_updated of collector 430");
    assertThat(changes()).isEqualTo(2);

    var second = subscriptions.check();

    assertThat(second.lines()).isEmpty();
    assertThat(changes()).isEqualTo(2);
  }

  @Test
  void onlySaysWhatItWouldDoUntilItIsTold() {
    standIn
        .webhooks()
        .add("survey-gateway x", "response_created", "survey", List.of("1"), BASE + "/old");
    var id =
        standIn
            .webhooks()
            .add(
                "by hand",
                "response_completed",
                "survey",
                List.of("310"),
                BASE + "/response_completed");

    var report = subscriptions(false, "", COMPLETED, UPDATED).check();

    assertThat(changes()).isZero();
    assertThat(report.isInOrder()).isFalse();
    assertThat(report.lines())
        .containsExactly(
            "would delete response_created of survey 1 (webhook 9000)",
            "would change name, object_ids of response_completed of survey 310 (webhook "
                + id
                + ")",
            "would create collector_updated of collector 430");
  }

  @Test
  void putsRightWhatHasDrifted() {
    standIn
        .webhooks()
        .add(
            "survey-gateway response_completed",
            "response_updated",
            "survey",
            List.of("310"),
            BASE + "/response_completed");
    standIn
        .webhooks()
        .add(
            "renamed",
            "collector_updated",
            "collector",
            List.of("430"),
            BASE + "/collector_updated-of-collectors");

    subscriptions(true, "", COMPLETED, UPDATED).check();

    assertThat(there()).containsExactlyInAnyOrder(AS_WANTED);
    assertThat(standIn.requests("/v3/webhooks")).noneMatch(r -> r.method().equals("POST"));
    assertThat(subscriptions(true, "", COMPLETED, UPDATED).check().lines()).isEmpty();
  }

  @Test
  void removesDoublesOfItsOwn() {
    for (var i = 0; i < 3; i++) {
      standIn
          .webhooks()
          .add(
              "survey-gateway response_completed",
              "response_completed",
              "survey",
              List.of("311", "310"),
              BASE + "/response_completed");
    }

    subscriptions(true, "", COMPLETED, UPDATED).check();

    assertThat(there()).hasSize(2);
    assertThat(standIn.webhooks().all().get(0).path("id").asText()).isEqualTo("9000");
    assertThat(subscriptions(true, "", COMPLETED, UPDATED).check().lines()).isEmpty();
  }

  @Test
  void leavesAloneWhatIsSomebodyElses() {
    // Another gateway's, by the name and not by the address; one at an address that only begins
    // alike.
    standIn
        .webhooks()
        .add(
            "survey-gateway a",
            "response_completed",
            "survey",
            List.of("1"),
            "https://other.example.org/webhooks/surveymonkey/response_completed");
    standIn
        .webhooks()
        .add("survey-gateway b", "response_completed", "survey", List.of("1"), BASE + "er/x");
    standIn
        .webhooks()
        .add("by hand", "response_deleted", "survey", List.of("1"), BASE + "/deleted");

    var report = subscriptions(true, "", COMPLETED).check();

    assertThat(standIn.webhooks().all()).hasSize(4);
    assertThat(changes()).isEqualTo(1);
    assertThat(report.lines())
        .containsExactly(
            "created response_completed of survey 310, 311",
            "response_completed of survey 1 (webhook 9000) sends to somebody else: left alone",
            "response_completed of survey 1 (webhook 9001) sends to somebody else: left alone",
            "response_deleted of survey 1 (webhook 9002) sends to this gateway and is not wanted, but"
                + " was made by hand: delete it there");
  }

  @Test
  void setsTheAuthorizationAndSeesWhenItIsAnother() {
    subscriptions(true, "Bearer one", COMPLETED).check();
    assertThat(standIn.webhooks().all().get(0).path("authorization").asText())
        .isEqualTo("Bearer one");
    assertThat(subscriptions(true, "Bearer one", COMPLETED).check().lines()).isEmpty();

    subscriptions(true, "Bearer two, Bearer one", COMPLETED).check();

    assertThat(standIn.webhooks().all()).hasSize(1);
    assertThat(standIn.webhooks().all().get(0).path("authorization").asText())
        .isEqualTo("Bearer two");
    assertThat(standIn.webhooks().all().get(0).path("name").asText())
        .matches("survey-gateway response_completed [0-9a-f]{8}");
  }

  @Test
  void goesOnWithTheOthersWhereOneIsRefused() {
    standIn
        .faults()
        .next(
            Fault.answer(SurveyMonkeyStandIn.error(400, "1002", "Bad Request", "secret"))
                .when(request -> request.method().equals("POST")));

    var report = subscriptions(true, "", COMPLETED, UPDATED).check();

    assertThat(report.isInOrder()).isFalse();
    assertThat(report.lines())
        .containsExactly(
            "could not create response_completed of survey 310, 311: SurveyMonkey's API refused the"
                + " request (status 400, code 1002)",
            "created collector_updated of collector 430");
  }

  @Test
  void stopsWhereNoCallIsLeft() {
    calls.left = 1;
    var subscriptions = subscriptions(true, "", COMPLETED, UPDATED);

    assertThatThrownBy(subscriptions::check).isInstanceOf(NoCallLeftException.class);
    calls.left = 1000;

    assertThat(subscriptions.check().isInOrder()).isTrue();
    assertThat(there()).containsExactlyInAnyOrder(AS_WANTED);
  }

  @Test
  void showsTheTokenToOneHostOnly() {
    standIn
        .faults()
        .always(Fault.status(302).withHeader("Location", "https://elsewhere.example.org/"));

    assertThatThrownBy(() -> subscriptions(true, "", COMPLETED).check())
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("we do not follow with a token")
        .hasMessageNotContaining(SurveyMonkeyStandIn.TOKEN);
  }

  @Test
  void refusesWhatSurveyMonkeyWouldRefuse() {
    assertThatThrownBy(() -> new Wanted("collector_created", List.of(), List.of("430")))
        .hasMessage(
            "Expected surveys and no collectors for collector_created in"
                + " gateway.providers.surveymonkey.subscriptions.wanted: SurveyMonkey refuses it with"
                + " object_type=collector, since there is no collector yet whose creation could be"
                + " told");
    assertThatThrownBy(() -> new Wanted("survey_created", List.of("310"), List.of()))
        .hasMessageContaining("there is no survey yet");
    assertThatThrownBy(() -> new Wanted("response_completed", List.of(), List.of()))
        .hasMessageContaining("surveys or collectors, one of the two");
    assertThatThrownBy(() -> new Wanted("response_completed", List.of("31O"), List.of()))
        .hasMessageContaining("ids of 1 to 20 digits");
    assertThatThrownBy(() -> subscriptions(true, "", COMPLETED, COMPLETED))
        .hasMessageContaining("once in gateway.providers.surveymonkey.subscriptions.wanted");
    for (var url : List.of("", "http://gw.example.org", "https://gw.example.org/path", "ftp://x")) {
      assertThatThrownBy(
              () ->
                  new SubscriptionSettings(false, url, "", Duration.ofHours(1), List.of(COMPLETED)))
          .hasMessageContaining("public-url");
    }
  }
}
