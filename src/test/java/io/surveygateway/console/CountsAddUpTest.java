package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SlackStandIn;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What {@code /actuator/prometheus} shows after traffic with every outcome adds up, by itself: the
 * relations of README.md, "Metrics".
 */
class CountsAddUpTest {

  private static final SlackStandIn SLACK = SlackStandIn.start();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static ApiGateway gateway;
  private static List<String> scraped;

  @BeforeAll
  static void sendSomeOfEverything() throws Exception {
    gateway =
        new ApiGateway(
            Files.createTempDirectory(Path.of("target"), "add-up"),
            "--gateway.slack.webhook-url=" + SLACK.webhookUrl(),
            "--gateway.delivery.destinations.slack.attempts=1",
            "--gateway.delivery.destinations.slack.rate=1000");
    var now = Instant.now();
    send(popsee("r-1"), 200);
    send(popsee("r-1"), 200);
    send(smartSurvey("7001", now), 200);
    awaitNothingOpen("database", "slack");
    // Older than what the database has.
    send(
        SignedSamples.smartSurvey()
            .responseId("7001")
            .at(now.minus(Duration.ofHours(2)))
            .to("updated")
            .signedWith(SampleSecrets.DEMO.smartSurvey())
            .toRequest(),
        200);
    send(
        SignedSamples.smartSurvey()
            .responseId("7002")
            .andItem("{\"no\": \"id\"}")
            .signedWith(SampleSecrets.DEMO.smartSurvey())
            .toRequest(),
        200);
    send(SignedSamples.popsee().signedWith("forged").toRequest(), 401);
    awaitNothingOpen("database", "slack");

    SLACK.faults().next(Fault.status(500));
    send(popsee("r-2"), 200);
    awaitNothingOpen("slack");
    gateway.post("/api/destinations/database/pause");
    send(popsee("r-3"), 200);
    send(popsee("r-4"), 200);
    gateway.awaitCount(
        2, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'waiting'");
    var one =
        gateway.count(
            "SELECT min(id) FROM delivery WHERE destination = 'database' AND state = 'waiting'");
    assertThat(gateway.post("/api/deliveries/" + one + "/cancel").status()).isEqualTo(200);
    assertThat(gateway.post("/api/destinations/slack/test").status()).isEqualTo(202);
    awaitNothingOpen("slack");
    // What is mapped once more brings its items once more.
    var aside = gateway.count("SELECT request_id FROM set_aside");
    assertThat(gateway.post("/api/requests/" + aside + "/map-again").status()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                gateway.count(
                        "SELECT count(*) FROM inbox WHERE request_id = ? AND state = 'done' AND"
                            + " again = 0",
                        aside)
                    == 1);
    awaitNothingOpen("slack");
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              scraped = scrape();
              return sum("attempts_total", "destination=\"slack\"")
                      == gateway.count(
                          "SELECT count(*) FROM attempt a JOIN delivery d ON d.id = a.delivery_id"
                              + " WHERE d.destination = 'slack'")
                  && sum("requests_refused_total", "status=\"401\"") == 1;
            });
  }

  @AfterAll
  static void stop() {
    gateway.close();
    SLACK.close();
  }

  private static SampleRequest popsee(String response) {
    return SignedSamples.popsee()
        .responseId(response)
        .signedWith(SampleSecrets.DEMO.popsee())
        .toRequest();
  }

  private static SampleRequest smartSurvey(String response, Instant at) {
    return SignedSamples.smartSurvey()
        .responseId(response)
        .at(at)
        .signedWith(SampleSecrets.DEMO.smartSurvey())
        .toRequest();
  }

  private static void send(SampleRequest sample, int status) throws Exception {
    assertThat(gateway.deliver(sample)).isEqualTo(status);
  }

  private static void awaitNothingOpen(String... destinations) {
    gateway.awaitCount(0, "SELECT count(*) FROM inbox WHERE state IN ('waiting', 'retrying')");
    for (var destination : destinations) {
      gateway.awaitCount(
          0,
          "SELECT count(*) FROM delivery WHERE destination = ? AND state IN ('waiting',"
              + " 'retrying')",
          destination);
    }
  }

  private static List<String> scrape() throws Exception {
    var login = Base64.getEncoder().encodeToString("admin:secret".getBytes());
    return HTTP.send(
            HttpRequest.newBuilder(gateway.api("/actuator/prometheus"))
                .header("Authorization", "Basic " + login)
                .build(),
            BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("survey_gateway_"))
        .toList();
  }

  /** Of all that is shown under that name with all of these tags. */
  private static long sum(String name, String... tags) {
    return scraped.stream()
        .filter(line -> line.startsWith("survey_gateway_" + name + "{"))
        .filter(line -> List.of(tags).stream().allMatch(line::contains))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static Set<String> all(String tag) {
    var value = Pattern.compile(tag + "=\"([^\"]*)\"");
    return scraped.stream()
        .flatMap(line -> value.matcher(line).results().map(found -> found.group(1)))
        .filter(name -> !name.equals("none"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void hasSomeOfEverything() {
    for (var state : List.of("delivered", "parked", "skipped", "superseded", "cancelled", "open")) {
      assertThat(sum("deliveries", "state=\"" + state + "\"")).as(state).isPositive();
    }
    for (var name :
        List.of("events_stored", "events_repeated", "items_set_aside", "requests_refused")) {
      assertThat(sum(name + "_total")).as(name).isPositive();
    }
  }

  @Test
  void requestsAcceptedAreThoseThatAreDoneParkedCancelledOrOpen() {
    for (var provider : all("provider")) {
      var tag = "provider=\"" + provider + "\"";
      assertThat(sum("requests_accepted_total", tag)).as(provider).isEqualTo(sum("requests", tag));
    }
    assertThat(sum("requests_accepted_total"))
        .isEqualTo(gateway.count("SELECT count(*) FROM request"));
  }

  @Test
  void itemsOfRequestsAreEventsStoredAndRepeatedAndItemsSetAside() {
    for (var provider : all("provider")) {
      var tag = "provider=\"" + provider + "\"";
      assertThat(sum("items_total", tag))
          .as(provider)
          .isEqualTo(
              sum("events_stored_total", tag)
                  + sum("events_repeated_total", tag)
                  + sum("items_set_aside_total", tag));
    }
    // r-1 twice, r-2, r-3 and r-4; 7001 twice, 7002 and what has no id, which came once more.
    assertThat(sum("items_total", "provider=\"popsee\"")).isEqualTo(5);
    assertThat(sum("items_set_aside_total", "provider=\"smartsurvey\"")).isEqualTo(2);
    assertThat(sum("events_stored_total"))
        .isEqualTo(gateway.count("SELECT count(*) FROM event WHERE request_id <> 0"));
  }

  @Test
  void deliveriesMadeAreInOneStateEachATestAmongThem() {
    for (var destination : all("destination")) {
      var tag = "destination=\"" + destination + "\"";
      assertThat(sum("deliveries_made_total", tag))
          .as(destination)
          .isEqualTo(sum("deliveries", tag))
          .isEqualTo(
              gateway.count("SELECT count(*) FROM delivery WHERE destination = ?", destination));
    }
    // What is open is what the others leave: only the rows can show that it is so.
    for (var state : List.of("delivered", "parked", "skipped", "superseded", "cancelled")) {
      assertThat(sum("deliveries", "state=\"" + state + "\""))
          .as(state)
          .isEqualTo(gateway.count("SELECT count(*) FROM delivery WHERE state = ?", state));
    }
    assertThat(sum("deliveries", "state=\"open\""))
        .isEqualTo(
            gateway.count("SELECT count(*) FROM delivery WHERE state IN ('waiting', 'retrying')"));
    assertThat(sum("deliveries", "destination=\"slack\"", "state=\"parked\"")).isEqualTo(1);
    assertThat(gateway.count("SELECT count(*) FROM event WHERE request_id = 0")).isEqualTo(1);
  }

  @Test
  void attemptsAreAsManyAsThereAre() {
    for (var destination : List.of("slack", "database")) {
      assertThat(sum("attempts_total", "destination=\"" + destination + "\""))
          .isEqualTo(
              gateway.count(
                  "SELECT count(*) FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE"
                      + " d.destination = ?",
                  destination));
    }
  }
}
