package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.store.Store;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /api} over HTTP: lists, pauses, and what it says of what it does not take. */
class ApiTest {

  private static ApiGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway = new ApiGateway(Files.createTempDirectory(Path.of("target"), "api"));
    for (var i = 0; i < 3; i++) {
      gateway.deliver(
          SignedSamples.popsee()
              .comment("what a respondent wrote")
              .signedWith(SampleSecrets.DEMO.popsee())
              .toRequest());
    }
    gateway.deliver(
        SignedSamples.smartSurvey()
            .andItem("{\"no\": \"id\"}")
            .signedWith(SampleSecrets.DEMO.smartSurvey())
            .toRequest());
    gateway.deliver(SignedSamples.popsee().signedWith("forged").toRequest());
    gateway.awaitCount(
        4, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    gateway.awaitCount(1, "SELECT count(*) FROM refusal");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static List<Long> ids(com.fasterxml.jackson.databind.JsonNode list) {
    var ids = new ArrayList<Long>();
    list.path("items").forEach(item -> ids.add(item.path("id").asLong()));
    return ids;
  }

  @Test
  void listsPageByPage() {
    var first = gateway.get("/api/deliveries?destination=database&state=delivered&limit=3");
    var next = first.json().path("next").asText();
    var second = gateway.get(next);

    assertThat(first.status()).isEqualTo(200);
    assertThat(ids(first.json())).hasSize(3);
    assertThat(next)
        .startsWith("/api/deliveries?destination=database&limit=3&state=delivered&after=");
    assertThat(ids(second.json())).hasSize(1).doesNotContainAnyElementsOf(ids(first.json()));
    assertThat(second.json().has("next")).isFalse();
  }

  @Test
  void showsARequestWithWhatWasSetAsideAndItsEvents() {
    var id = ids(gateway.get("/api/requests?provider=smartsurvey").json()).get(0);

    var request = gateway.get("/api/requests/" + id).json();

    assertThat(request.path("state").asText()).isEqualTo("done");
    assertThat(request.path("provedBy").asText()).isNotBlank();
    assertThat(request.path("itemsSetAside")).hasSize(1);
    assertThat(request.path("itemsSetAside").get(0).path("item").asInt()).isEqualTo(1);
    assertThat(request.path("itsEvents")).hasSize(1);
    assertThat(request.at("/itsEvents/0/type").asText()).isEqualTo("survey.response.completed");
  }

  @Test
  void showsWhatARespondentWroteInTheDocumentAlone() {
    var event = ids(gateway.get("/api/events?provider=popsee").json()).get(0);
    var wrote = "what a respondent wrote";
    var delivery = gateway.count("SELECT min(id) FROM delivery WHERE event_id = ?", event);
    var request = gateway.count("SELECT request_id FROM event WHERE id = ?", event);

    assertThat(gateway.get("/api/events/" + event).response().body()).contains(wrote);
    for (var path :
        List.of(
            "/api/events",
            "/api/requests",
            "/api/requests/" + request,
            "/api/deliveries",
            "/api/deliveries/" + delivery)) {
      assertThat(gateway.get(path).response().body())
          .as(path)
          .doesNotContain(wrote, "ada@example.org");
    }
  }

  @Test
  void showsWhyRequestsWereTurnedAway() {
    var refusals = gateway.get("/api/refusals").json().path("items");

    assertThat(refusals).hasSize(1);
    assertThat(refusals.get(0).path("status").asInt()).isEqualTo(401);
    assertThat(refusals.get(0).path("provider").asText()).isEqualTo("popsee");
  }

  @Test
  void pausesADestinationAndAProviderAndLetsThemGoOn() {
    for (var lane : List.of("destinations/database", "providers/popsee")) {
      var paused = gateway.post("/api/" + lane + "/pause", "{\"because\": \"they migrate\"}");
      assertThat(paused.status()).isEqualTo(200);
      assertThat(paused.json().at("/pause/by").asText()).isEqualTo("admin");
      assertThat(paused.json().at("/pause/because").asText()).isEqualTo("they migrate");

      var resumed = gateway.post("/api/" + lane + "/resume");
      assertThat(resumed.status()).isEqualTo(200);
      assertThat(resumed.json().has("pause")).isFalse();
    }
    assertThat(gateway.post("/api/destinations/database/pause").status()).isEqualTo(200);
    gateway.post("/api/destinations/database/resume");
  }

  @Test
  void takesNoMoreOfABodyThanItNeeds() {
    var answer =
        gateway.post(
            "/api/destinations/database/pause", "{\"because\": \"" + "x".repeat(65536) + "\"}");

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.type()).contains("application/problem+json");
  }

  @Test
  void leavesADestinationThatWorksAsItIsWhenItIsToBeTried() {
    var answer = gateway.post("/api/destinations/database/probe");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/condition/state").asText()).isEqualTo("working");
  }

  @Test
  void showsWhatIsOnAndWhatIsOff() {
    var destinations = gateway.get("/api/destinations").json().path("items");
    var providers = gateway.get("/api/providers").json().path("items");

    assertThat(destinations.findValuesAsText("name"))
        .containsExactly("database", "forward", "salesforce", "slack");
    assertThat(destinations.get(0).path("on").asBoolean()).isTrue();
    assertThat(destinations.get(0).at("/condition/state").asText()).isEqualTo("working");
    assertThat(destinations.get(3).path("on").asBoolean()).isFalse();
    assertThat(destinations.get(3).has("condition")).isFalse();
    assertThat(destinations.get(3).path("offBecause").asText()).contains("SLACK_WEBHOOK_URL");
    assertThat(providers.findValuesAsText("name")).contains("popsee", "surveymonkey");
  }

  @Test
  void sendsNothingToADestinationThatIsOff() {
    var id = ids(gateway.get("/api/deliveries?destination=slack&state=skipped").json()).get(0);

    var answer = gateway.post("/api/deliveries/" + id + "/retry");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().path("detail").asText()).startsWith("slack is off: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/deliveries?stat=parked",
        "/api/deliveries?state=lost",
        "/api/deliveries?state=parked&state=waiting",
        "/api/deliveries?state=",
        "/api/deliveries?limit=0",
        "/api/deliveries?limit=501",
        "/api/deliveries?limit=many",
        "/api/deliveries?after=1",
        "/api/deliveries?after=99999999999999999999-1",
        "/api/deliveries?from=yesterday",
        "/api/deliveries?from=%2B1000000000-12-31T23:59:59Z",
        "/api/deliveries?from=2026-03-03&to=2026-03-02",
        "/api/requests?state=delivered",
        "/api/events?state=parked",
        "/api/events?destination=slack",
        "/api/runs?state=done",
        "/api/deliveries/x",
        "/api/deliveries/-1",
        "/api/deliveries/99999999999999999999",
        "/api/events/1.5",
      })
  void saysWhatItExpectedOfAWrongQuestion(String path) {
    var answer = gateway.get(path);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.json().path("detail").asText()).startsWith("Expected ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/deliveries/404",
        "/api/events/404",
        "/api/requests/404",
        "/api/runs/404",
        "/api/nothing",
        "/api/deliveries/404/attempts"
      })
  void findsNothingThatIsNotThere(String path) {
    var answer = gateway.get(path);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.type()).isEqualTo("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/deliveries/404/retry",
        "/api/deliveries/404/cancel",
        "/api/deliveries/404/resend",
        "/api/events/404/replay",
        "/api/requests/404/map-again",
        "/api/runs/404/start",
        "/api/runs/404/stop",
        "/api/destinations/slak/pause",
        "/api/destinations/slak/resume",
        "/api/destinations/slak/probe",
        "/api/providers/nobody/pause",
        "/api/providers/POPSEE/resume",
        "/api/deliveries/404/forget"
      })
  void changesNothingThatIsNotThere(String path) {
    var answer = gateway.post(path);

    assertThat(answer.status()).isIn(400, 404);
    assertThat(answer.type()).contains("application/problem+json");
    assertThat(
            gateway.count(
                "SELECT count(*) FROM lane WHERE name NOT IN ('outbox:database',"
                    + " 'inbox:popsee')"))
        .isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "{}",
        "[]",
        "null",
        "{\"action\": \"retry\"}",
        "{\"action\": \"retry\", \"filter\": {}}",
        "{\"action\": \"forget\", \"filter\": {\"provider\": \"popsee\"}}",
        "{\"action\": \"cancel\", \"filter\": {\"provider\": \"popsee\", \"destinaton\": \"x\"}}",
        "{\"action\": \"cancel\", \"filter\": {\"provider\": \"popsee\"}} {}",
        "{\"action\": \"cancel\", \"filter\": {\"provider\": \"a\", \"provider\": \"b\"}}",
        "{\"action\": \"cancel\", \"filter\": {\"state\": \"delivered\"}}",
        "{\"action\": \"cancel\", \"filter\": {\"state\": [null]}}",
        "{\"action\": \"cancel\", \"filter\": {\"provider\": {}}}",
        "{\"action\": \"retry\", \"filter\": {\"state\": \"delivered\"}}",
        "{\"action\": \"replay\", \"filter\": {\"destination\": \"slack\"}}",
        "{\"action\": \"map-again\", \"filter\": {\"destination\": \"slack\"}}",
        "{\"action\": \"replay\", \"filter\": {\"provider\": \"popsee\"}, \"destinations\": [\"x\"]}",
        "{\"action\": \"retry\", \"filter\": {\"provider\": \"a\"}, \"destinations\": [\"database\"]}",
        "{\"action\": \"retry\", \"filter\": {\"from\": \"once\"}}",
        "no JSON"
      })
  void preparesNoRunThatIsNotClear(String body) {
    var runs = gateway.count("SELECT count(*) FROM operation");

    var answer = gateway.post("/api/runs", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.json().path("detail").asText()).startsWith("Expected ");
    assertThat(gateway.count("SELECT count(*) FROM operation")).isEqualTo(runs);
  }

  @Test
  void preparesARunAndShowsIt() {
    var prepared =
        gateway.post(
            "/api/runs",
            "{\"action\": \"map-again\", \"filter\": {\"provider\": \"popsee\", \"from\":"
                + " \"2020-01-01\"}}");
    var id = prepared.json().path("id").asLong();

    assertThat(prepared.status()).isEqualTo(201);
    assertThat(prepared.json().path("matches").asLong()).isEqualTo(3);
    assertThat(prepared.json().at("/filter/provider").asText()).isEqualTo("popsee");
    assertThat(prepared.json().at("/filter/from").asText()).isEqualTo("2020-01-01T00:00:00Z");
    assertThat(ids(gateway.get("/api/runs").json())).contains(id);
    assertThat(gateway.post("/api/runs/" + id + "/stop").status()).isEqualTo(409);
  }

  @Test
  void takesJsonAloneAndTheRightMethods() {
    var form =
        gateway.send(
            HttpRequest.newBuilder(gateway.api("/api/runs"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("action=cancel")));
    var method = gateway.send(HttpRequest.newBuilder(gateway.api("/api/deliveries/1/retry")).GET());
    var delete = gateway.send(HttpRequest.newBuilder(gateway.api("/api/deliveries")).DELETE());
    var file =
        gateway.send(
            HttpRequest.newBuilder(gateway.api("/api/runs"))
                .header("Content-Type", "multipart/form-data")
                .POST(BodyPublishers.ofString("a")));

    assertThat(file.status()).isEqualTo(415);
    assertThat(form.status()).isEqualTo(415);
    assertThat(method.status()).isEqualTo(405);
    assertThat(delete.status()).isEqualTo(405);
    assertThat(List.of(form, method, delete))
        .allSatisfy(answer -> assertThat(answer.type()).isEqualTo("application/problem+json"));
  }

  @Test
  void doesNothingForOneWhoTakesNoAnswerThatItHas() {
    var html =
        gateway.send(
            HttpRequest.newBuilder(gateway.api("/api/providers/smartermeasure/pause"))
                .header("Accept", "text/html")
                .POST(BodyPublishers.noBody()));

    assertThat(html.status()).isEqualTo(406);
    assertThat(html.type()).isEqualTo("application/problem+json");
    assertThat(gateway.count("SELECT count(*) FROM lane WHERE name = 'inbox:smartermeasure'"))
        .isZero();
  }

  @Test
  void asksForALogin() throws Exception {
    var http = java.net.http.HttpClient.newHttpClient();
    for (var path : List.of("/api/deliveries", "/api/runs", "/api/events/1")) {
      var answer =
          http.send(
              HttpRequest.newBuilder(gateway.api(path)).build(),
              java.net.http.HttpResponse.BodyHandlers.discarding());
      assertThat(answer.statusCode()).isEqualTo(401);
    }
  }

  @Test
  void says503WhileTheStoreIsAway() throws Exception {
    try (var away = new ApiGateway(Files.createTempDirectory(Path.of("target"), "api"))) {
      away.bean(Store.class).write(jdbc -> jdbc.update("DELETE FROM refusal"));
      away.bean("storeReadDataSource", DataSource.class)
          .unwrap(com.zaxxer.hikari.HikariDataSource.class)
          .close();
      away.bean("storeDataSource", DataSource.class)
          .unwrap(com.zaxxer.hikari.HikariDataSource.class)
          .close();

      for (var answer :
          List.of(
              away.get("/api/deliveries"),
              away.get("/api/destinations"),
              away.post("/api/deliveries/1/retry"),
              away.post("/api/destinations/database/pause"))) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.response().headers().firstValue("Retry-After")).contains("30");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void saysThatRoutesAreNotReloadedWhereThatIsOff(String method) {
    var answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.api("/api/reload"))
                .method(method, BodyPublishers.noBody()));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.type()).startsWith("application/problem+json");
    assertThat(answer.json().path("detail").asText())
        .isEqualTo(
            "Expected gateway.reload.enabled to be true: routes are loaded at the start alone");
  }
}
