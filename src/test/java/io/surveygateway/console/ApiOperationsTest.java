package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.standin.Answer;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SlackStandIn;
import io.surveygateway.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator does by {@code /api} to real responses, from webhook to destination. */
class ApiOperationsTest {

  private final SlackStandIn slack = SlackStandIn.start();
  private Path folder;
  private ApiGateway gateway;

  @BeforeEach
  void folder() throws Exception {
    folder = Files.createTempDirectory(Path.of("target"), "api");
  }

  @AfterEach
  void close() {
    if (gateway != null) {
      gateway.close();
    }
    slack.close();
  }

  private void start(String... more) {
    gateway = new ApiGateway(folder, more);
  }

  private static SampleRequest popsee() {
    return SignedSamples.popsee()
        .responseId("00000000-0000-4000-8000-000000000001")
        .signedWith(SampleSecrets.DEMO.popsee())
        .toRequest();
  }

  private long only(String list) {
    var items = gateway.get(list).json().path("items");
    assertThat(items).as(list).hasSize(1);
    return items.get(0).path("id").asLong();
  }

  @Test
  void retriesAParkedDeliveryAndItArrivesOnce() throws Exception {
    start("--gateway.slack.webhook-url=" + slack.webhookUrl());
    slack.faults().next(Fault.answer(Answer.text(400, "invalid_blocks")));
    assertThat(gateway.deliver(popsee())).isEqualTo(200);
    gateway.awaitCount(1, "SELECT count(*) FROM delivery WHERE state = 'parked'");
    var id = only("/api/deliveries?state=parked");

    var retried = gateway.post("/api/deliveries/" + id + "/retry");

    assertThat(retried.status()).isEqualTo(200);
    assertThat(retried.json().path("result").asText()).isEqualTo("changed");
    gateway.awaitCount(1, "SELECT count(*) FROM delivery WHERE id = ? AND state = 'delivered'", id);
    assertThat(slack.messages()).hasSize(1);
    var delivery = gateway.get("/api/deliveries/" + id).json();
    assertThat(delivery.path("attempts").asInt()).isEqualTo(1);
    assertThat(delivery.path("tries").findValuesAsText("number")).containsExactly("2", "1");
    assertThat(delivery.path("tries").findValuesAsText("outcome"))
        .containsExactly("delivered", "parked");

    var again = gateway.post("/api/deliveries/" + id + "/retry");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().path("result").asText()).isEqualTo("delivered");
    assertThat(gateway.post("/api/deliveries/" + id + "/resend").status()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(30)).until(() -> slack.messages().size() == 2);
  }

  @Test
  void replaysAnEventToTheDatabaseWhichChangesNothing() throws Exception {
    start();
    gateway.deliver(popsee());
    gateway.awaitCount(
        1, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    var before = gateway.text("SELECT document || updated_at FROM survey_response");
    var id = only("/api/events?provider=popsee");

    var replayed =
        gateway.post("/api/events/" + id + "/replay", "{\"destinations\": [\"database\"]}");

    assertThat(replayed.status()).isEqualTo(200);
    gateway.awaitCount(
        1,
        "SELECT count(*) FROM delivery d WHERE destination = 'database' AND state = 'delivered' AND"
            + " (SELECT count(*) FROM attempt a WHERE a.delivery_id = d.id) = 2");
    assertThat(gateway.text("SELECT document || updated_at FROM survey_response"))
        .isEqualTo(before);
    assertThat(gateway.count("SELECT count(*) FROM survey_response")).isEqualTo(1);
    var event = gateway.get("/api/events/" + id).json();
    assertThat(event.at("/document/data/id").asText())
        .isEqualTo("00000000-0000-4000-8000-000000000001");
    assertThat(event.path("deliveries")).hasSize(3);
  }

  @Test
  void mapsARequestAgainWithWhatIsKnownNow() throws Exception {
    start();
    gateway.deliver(popsee());
    gateway.awaitCount(1, "SELECT count(*) FROM survey_response WHERE nps IS NULL");
    gateway.close();

    start(
        "--gateway.surveys[0].id=" + SignedSamples.Popsee.SURVEY,
        "--gateway.surveys[0].provider=popsee",
        "--gateway.surveys[0].questions[0].id=" + SignedSamples.Popsee.RECOMMEND,
        "--gateway.surveys[0].questions[0].role=nps");
    var id = only("/api/requests?provider=popsee&state=done");
    assertThat(gateway.post("/api/requests/" + id + "/map-again").status()).isEqualTo(200);

    gateway.awaitCount(1, "SELECT count(*) FROM survey_response WHERE nps = 9");
    assertThat(gateway.count("SELECT count(*) FROM survey_response")).isEqualTo(1);
    assertThat(gateway.count("SELECT count(*) FROM event")).isEqualTo(1);
    assertThat(gateway.get("/api/requests/" + id).json().path("itsEvents")).hasSize(1);
  }

  @Test
  void retriesFiveHundredWithAStopHalfWayAndARestart() throws Exception {
    start("--gateway.runs.step=100", "--gateway.runs.pause=1h");
    assertThat(
            gateway.post("/api/destinations/database/pause", "{\"because\": \"a test\"}").status())
        .isEqualTo(200);
    var batch = SignedSamples.smartSurvey();
    IntStream.range(1, 500).forEach(i -> batch.and(SignedSamples.smartSurvey()));
    gateway.deliver(batch.signedWith(SampleSecrets.DEMO.smartSurvey()).toRequest());
    gateway.awaitCount(500, "SELECT count(*) FROM delivery WHERE destination = 'database'");
    gateway
        .bean(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "UPDATE delivery SET state = 'parked', finished_at = due_at WHERE destination ="
                        + " 'database'"));
    gateway.post("/api/destinations/database/resume");

    var prepared =
        gateway.post(
            "/api/runs",
            "{\"action\": \"retry\", \"filter\": {\"destination\": \"database\", \"state\":"
                + " \"parked\"}}");
    assertThat(prepared.status()).isEqualTo(201);
    assertThat(prepared.json().path("matches").asLong()).isEqualTo(500);
    assertThat(prepared.json().path("state").asText()).isEqualTo("prepared");
    assertThat(prepared.json().path("askedBy").asText()).isEqualTo("admin");
    var run = prepared.response().headers().firstValue("Location").orElseThrow();
    assertThat(gateway.post(run + "/start").json().path("state").asText()).isEqualTo("running");
    gateway.awaitCount(
        100,
        "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    assertThat(gateway.post(run + "/stop").json().path("state").asText()).isEqualTo("stopped");
    gateway.close();

    start("--gateway.runs.step=100", "--gateway.runs.pause=0");
    assertThat(gateway.get(run).json().path("changed").asLong()).isEqualTo(100);
    assertThat(gateway.post(run + "/start").status()).isEqualTo(200);
    gateway.awaitCount(1, "SELECT count(*) FROM operation WHERE state = 'done'");
    var done = gateway.get(run).json();
    assertThat(done.path("done").asLong()).isEqualTo(500);
    assertThat(done.path("changed").asLong()).isEqualTo(500);
    gateway.awaitCount(500, "SELECT count(*) FROM survey_response");
    gateway.awaitCount(
        500,
        "SELECT count(*) FROM delivery d WHERE destination = 'database' AND state = 'delivered'");
    assertThat(
            gateway.count(
                "SELECT count(*) FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE"
                    + " d.destination = 'database'"))
        .isEqualTo(500);
  }

  @Test
  void goesOnWithARunThatTheGatewayDidNotFinish() throws Exception {
    start("--gateway.runs.step=1", "--gateway.runs.pause=1h");
    for (var i = 0; i < 3; i++) {
      gateway.deliver(SignedSamples.popsee().signedWith(SampleSecrets.DEMO.popsee()).toRequest());
    }
    gateway.awaitCount(
        3, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    var run =
        gateway
            .post(
                "/api/runs",
                "{\"action\": \"replay\", \"filter\": {\"provider\": \"popsee\"},"
                    + " \"destinations\": [\"database\"]}")
            .json()
            .path("id")
            .asLong();
    gateway.post("/api/runs/" + run + "/start");
    gateway.awaitCount(1, "SELECT done FROM operation WHERE id = ?", run);
    gateway.close();

    start("--gateway.runs.pause=0");

    gateway.awaitCount(1, "SELECT count(*) FROM operation WHERE state = 'done' AND changed = 3");
    gateway.awaitCount(
        6,
        "SELECT count(*) FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE"
            + " d.destination = 'database' AND a.outcome = 'delivered'");
  }
}
