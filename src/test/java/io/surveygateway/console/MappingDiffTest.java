package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code POST /api/mappings/{provider}/diff}, and {@code ?diff=true} of a run: what mapping again
 * would change, counted before anyone does it. The questions got their roles after the responses
 * had come.
 */
class MappingDiffTest {

  private static final int RESPONSES = 4;
  private static final String RUN =
      "{\"action\": \"map-again\", \"filter\": {\"provider\": \"popsee\"}}";

  private static ApiGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    var folder = Files.createTempDirectory(Path.of("target"), "diff");
    try (var before = new ApiGateway(folder)) {
      for (var i = 0; i < RESPONSES; i++) {
        before.deliver(SignedSamples.popsee().signedWith(SampleSecrets.DEMO.popsee()).toRequest());
      }
      before.deliver(
          SignedSamples.smartSurvey().signedWith(SampleSecrets.DEMO.smartSurvey()).toRequest());
      before.awaitCount(
          RESPONSES + 1,
          "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    }
    gateway =
        new ApiGateway(
            folder,
            "--gateway.surveys[0].id=" + SignedSamples.Popsee.SURVEY,
            "--gateway.surveys[0].provider=popsee",
            "--gateway.surveys[0].questions[0].id=" + SignedSamples.Popsee.RECOMMEND,
            "--gateway.surveys[0].questions[0].role=nps");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static JsonNode diff(String path, String body) {
    var answer = gateway.post("/api/mappings/" + path, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  private static String edited(String end) throws Exception {
    return new ObjectMapper()
        .createObjectNode()
        .put("mapping", Files.readString(Path.of("routes/providers/popsee/popsee.jq")) + end)
        .toString();
  }

  private static String state() {
    return gateway.text(
        "SELECT COALESCE(sum(length(document)), 0) || '/' || (SELECT count(*) FROM delivery) || '/' ||"
            + " (SELECT count(*) FROM attempt) || '/' || (SELECT count(*) FROM set_aside) || '/' ||"
            + " (SELECT count(*) FROM inbox WHERE state = 'done') FROM event");
  }

  @Test
  void countsWhatWouldChangeAndNamesTheMembers() {
    var before = state();

    var diff = diff("popsee/diff?days=7", "");

    assertThat(diff.path("requests").asInt()).isEqualTo(RESPONSES);
    assertThat(diff.at("/events/changed").asInt()).isEqualTo(RESPONSES);
    assertThat(diff.at("/events/same").asInt()).isZero();
    assertThat(diff.path("more").asBoolean()).isFalse();
    assertThat(diff.path("examples")).hasSize(RESPONSES);
    assertThat(diff.at("/examples/0/pointers").toString()).contains("/data/scores");
    assertThat(diff.toString()).doesNotContain("ada@example.org");
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void findsNothingToChangeWhereNothingWould() {
    var diff = diff("smartsurvey/diff?days=7", "");

    assertThat(diff.at("/events/same").asInt()).isEqualTo(1);
    assertThat(diff.at("/events/changed").asInt()).isZero();
    assertThat(diff.path("examples")).isEmpty();
  }

  @Test
  void comparesWithAMappingThatStandsInNoFile() throws Exception {
    var before = state();

    var renamed = diff("popsee/diff?days=7", edited("\n| .id = \"x-\" + .id"));
    var broken = diff("popsee/diff?days=7", edited("\n| .data.status = 1"));

    assertThat(renamed.at("/events/new").asInt()).isEqualTo(RESPONSES);
    assertThat(renamed.at("/events/gone").asInt()).isEqualTo(RESPONSES);
    assertThat(broken.path("setAside").asInt()).isEqualTo(RESPONSES);
    assertThat(broken.path("setAsideBefore").asInt()).isZero();
    assertThat(broken.at("/events/gone").asInt()).isEqualTo(RESPONSES);
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void saysThatThereIsMore() {
    var diff = diff("popsee/diff?days=7&limit=3", "");

    assertThat(diff.path("requests").asInt()).isEqualTo(3);
    assertThat(diff.path("more").asBoolean()).isTrue();
    assertThat(diff.path("stoppedBy").asText()).isEqualTo("count: 3 requests");
  }

  @Test
  void looksAtTheRequestsOfTheFilterAlone() {
    assertThat(diff("popsee/diff?from=2020-01-01&to=2020-01-02", "").path("requests").asInt())
        .isZero();
    assertThat(diff("popsee/diff?days=7&survey=another", "").path("requests").asInt()).isZero();
    assertThat(
            diff("popsee/diff?days=7&survey=" + SignedSamples.Popsee.SURVEY, "")
                .path("requests")
                .asInt())
        .isEqualTo(RESPONSES);
  }

  @Test
  void goesWithARunThatIsPreparedAndNotStarted() {
    var run = gateway.post("/api/runs?diff=true", RUN);

    assertThat(run.status()).isEqualTo(201);
    assertThat(run.json().path("matches").asInt()).isEqualTo(RESPONSES);
    assertThat(run.json().path("state").asText()).isEqualTo("prepared");
    assertThat(run.json().at("/diff/requests").asInt()).isEqualTo(RESPONSES);
    assertThat(run.json().at("/diff/events/changed").asInt()).isEqualTo(RESPONSES);
    assertThat(gateway.post("/api/runs", RUN).json().has("diff")).isFalse();
    assertThat(
            gateway
                .post(
                    "/api/runs?diff=true",
                    "{\"action\": \"retry\", \"filter\": {\"destination\": \"slack\"}}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void looksAtTheRequestsOfAllProvidersWhereARunDoes() {
    var run =
        gateway.post(
            "/api/runs?diff=true",
            "{\"action\": \"map-again\", \"filter\": {\"from\": \"2020-01-01\"}}");

    assertThat(run.json().at("/diff/requests").asInt()).isEqualTo(RESPONSES + 1);
    assertThat(run.json().at("/diff/events/same").asInt()).isEqualTo(1);
    assertThat(run.json().at("/diff/events/changed").asInt()).isEqualTo(RESPONSES);
  }

  @Test
  void preparesARunAlsoWhereNobodyMapsItsRequestsNow() {
    rename("smartsurvey", "gone");
    try {
      var ofOne =
          gateway
              .post(
                  "/api/runs?diff=true",
                  "{\"action\": \"map-again\", \"filter\": {\"provider\": \"gone\"}}")
              .json();
      var ofAll =
          gateway
              .post(
                  "/api/runs?diff=true",
                  "{\"action\": \"map-again\", \"filter\": {\"from\": \"2020-01-01\"}}")
              .json();

      assertThat(ofOne.path("state").asText()).isEqualTo("prepared");
      assertThat(ofOne.has("diff")).isFalse();
      assertThat(ofOne.path("notCompared").asText()).startsWith("Expected the name of a provider");
      assertThat(ofAll.at("/diff/failed").asInt()).isEqualTo(1);
      assertThat(ofAll.at("/diff/events/changed").asInt()).isEqualTo(RESPONSES);
    } finally {
      rename("gone", "smartsurvey");
    }
  }

  private static void rename(String from, String to) {
    gateway
        .bean(Store.class)
        .write(
            jdbc -> {
              jdbc.update("UPDATE inbox SET provider = ? WHERE provider = ?", to, from);
              return jdbc.update("UPDATE request SET provider = ? WHERE provider = ?", to, from);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "popsee/diff, 400",
    "popsee/diff?days=0, 400",
    "popsee/diff?days=7&from=2026-01-01, 400",
    "popsee/diff?days=7&limit=10001, 400",
    "popsee/diff?days=7&nosuch=1, 400",
    "popsee/diff?from=yesterday, 400"
  })
  void refusesWhatItCannotCompare(String path, int status) {
    var answer = gateway.post("/api/mappings/" + path, "");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(List.of("Expected")).allMatch(answer.json().path("detail").asText()::contains);
  }

  @Test
  void refusesAMappingWithAMistake() {
    var answer = gateway.post("/api/mappings/popsee/diff?days=7", "{\"mapping\": \"{\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().at("/mistakes/0").asText()).contains("popsee.jq, line 1");
  }
}
