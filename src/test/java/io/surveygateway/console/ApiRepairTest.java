package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.standin.SmartSurveyResponse;
import io.surveygateway.standin.SmartSurveyStandIn;
import io.surveygateway.standin.SurveyMonkeyResponse;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import io.surveygateway.store.Store;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repairs of gaps by {@code /api/providers/{provider}/repair}. */
class ApiRepairTest {

  private static final String PATH = "/api/providers/surveymonkey/repair";
  private static final String SURVEY = "310044821";

  @TempDir private static Path folder;

  private static final SurveyMonkeyStandIn SURVEYMONKEY = SurveyMonkeyStandIn.start();
  private static final SmartSurveyStandIn SMARTSURVEY = SmartSurveyStandIn.start();
  private static ApiGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        new ApiGateway(
            folder.resolve("on"),
            "--SURVEYMONKEY_ACCESS_TOKEN=" + SurveyMonkeyStandIn.TOKEN,
            "--SURVEYMONKEY_API_URL=" + SURVEYMONKEY.url(),
            "--SURVEYMONKEY_PUBLIC_URL=https://gw.example.org",
            "--gateway.providers.surveymonkey.gap-repair.surveys=" + SURVEY,
            "--gateway.providers.surveymonkey.subscriptions.wanted[0].event-type=response_completed",
            "--gateway.providers.surveymonkey.subscriptions.wanted[0].surveys=" + SURVEY,
            "--SMARTSURVEY_API_TOKEN=" + SmartSurveyStandIn.TOKEN,
            "--SMARTSURVEY_API_TOKEN_SECRET=" + SmartSurveyStandIn.SECRET,
            "--SMARTSURVEY_API_URL=" + SMARTSURVEY.url());
    awaitJobs(gateway, 4);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    SURVEYMONKEY.close();
    SMARTSURVEY.close();
  }

  /** Until each kind of work has been done once, and none is under way. */
  private static void awaitJobs(ApiGateway gateway, int kinds) {
    gateway.awaitCount(
        kinds, "SELECT count(*) FROM provider_job WHERE lease_until = 0 AND ended_at > 0");
  }

  private static Instant twoHoursAgo() {
    return Instant.now().minus(Duration.ofHours(2));
  }

  @Test
  void startsARepairAndShowsWhatCameOfIt() {
    SURVEYMONKEY.prepare("1", SurveyMonkeyResponse.madeUp(SURVEY, "1", twoHoursAgo()));

    var answer = gateway.post(PATH);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("provider").asText()).isEqualTo("surveymonkey");
    assertThat(answer.json().path("on").asBoolean()).isTrue();
    awaitJobs(gateway, 4);
    var seen = gateway.get(PATH);
    assertThat(seen.status()).isEqualTo(200);
    assertThat(seen.json().path("underWay").asBoolean()).isFalse();
    assertThat(Instant.parse(seen.json().path("nextAt").asText())).isAfter(Instant.now());
    assertThat(seen.json().has("failure")).isFalse();
    assertThat(seen.json().path("surveys")).hasSize(1);
    var survey = seen.json().at("/surveys/0");
    assertThat(survey.path("survey").asText()).isEqualTo(SURVEY);
    assertThat(survey.path("listed").asInt()).isEqualTo(1);
    assertThat(survey.path("missing").asInt()).isEqualTo(1);
    assertThat(survey.path("imported").asInt()).isEqualTo(1);
    assertThat(Instant.parse(survey.path("at").asText())).isAfter(twoHoursAgo());
    gateway.awaitCount(1, "SELECT count(*) FROM event WHERE subject = 'surveymonkey:1'");
  }

  @Test
  void showsHowItsWebhooksStand() {
    var subscriptions = gateway.get(PATH).json().path("subscriptions");

    assertThat(subscriptions.path("inOrder").asBoolean()).isFalse();
    assertThat(subscriptions.path("wanted").toString())
        .isEqualTo("[\"response_completed of survey 310044821\"]");
    assertThat(subscriptions.path("found").toString()).isEqualTo("[]");
    assertThat(subscriptions.path("drift").toString())
        .isEqualTo("[\"would create response_completed of survey 310044821\"]");
    assertThat(subscriptions.path("foreign").toString()).isEqualTo("[]");
    assertThat(Instant.parse(subscriptions.path("checkedAt").asText())).isAfter(twoHoursAgo());
  }

  @Test
  void repairsSmartSurveyTheSameWay() {
    SMARTSURVEY.prepare(SmartSurveyResponse.madeUp("90311", 7, twoHoursAgo()));

    assertThat(gateway.post("/api/providers/smartsurvey/repair").status()).isEqualTo(202);

    awaitJobs(gateway, 4);
    var seen = gateway.get("/api/providers/smartsurvey/repair").json();
    assertThat(seen.at("/surveys/0/imported").asInt()).isEqualTo(1);
    assertThat(seen.has("subscriptions")).isFalse();
    gateway.awaitCount(1, "SELECT count(*) FROM event WHERE subject = 'smartsurvey:7'");
  }

  @Test
  void startsNoneWhileOneIsUnderWay() {
    lease(Instant.now().plusSeconds(600).toEpochMilli());
    try {
      var answer = gateway.post(PATH);

      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.type()).startsWith("application/problem+json");
      assertThat(answer.json().path("result").asText()).isEqualTo("under-way");
      assertThat(answer.json().path("detail").asText())
          .isEqualTo(
              "Expected no repair of surveymonkey to be under way, and one is; GET shows it");
      assertThat(gateway.get(PATH).json().path("underWay").asBoolean()).isTrue();
    } finally {
      lease(0);
    }
  }

  /** As another gateway of the store takes it. */
  private static void lease(long until) {
    gateway
        .bean(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "UPDATE provider_job SET lease_owner = 'another', lease_until = ? WHERE name ="
                        + " 'surveymonkey gap repair'",
                    until));
  }

  @Test
  void saysWhichSettingIsMissing() {
    try (var without = new ApiGateway(folder.resolve("off"))) {
      var answer = without.post(PATH);

      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.type()).startsWith("application/problem+json");
      assertThat(answer.json().path("result").asText()).isEqualTo("off");
      assertThat(answer.json().path("detail").asText())
          .isEqualTo("Expected an access token of SurveyMonkey: set SURVEYMONKEY_ACCESS_TOKEN");
      assertThat(without.post("/api/providers/smartsurvey/repair").json().path("detail").asText())
          .isEqualTo(
              "Expected a key of SmartSurvey's API: set SMARTSURVEY_API_TOKEN and"
                  + " SMARTSURVEY_API_TOKEN_SECRET");
      var seen = without.get(PATH).json();
      assertThat(seen.path("on").asBoolean()).isFalse();
      assertThat(seen.path("offBecause").asText()).contains("SURVEYMONKEY_ACCESS_TOKEN");
    }
  }

  @Test
  void knowsProvidersWithAnApiAlone() {
    for (var answer :
        new ApiGateway.Answered[] {
          gateway.get("/api/providers/popsee/repair"), gateway.post("/api/providers/popsee/repair")
        }) {
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.json().path("detail").asText())
          .isEqualTo(
              "Expected a provider whose API lists responses: one of smartsurvey, surveymonkey");
    }
  }

  @Test
  void takesNoOrderFromAnotherSite() {
    var answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.api(PATH))
                .header("Origin", "https://elsewhere.example")
                .POST(BodyPublishers.noBody()));

    assertThat(answer.status()).isEqualTo(403);
  }
}
