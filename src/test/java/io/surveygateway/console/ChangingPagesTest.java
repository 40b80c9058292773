package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person changes by the pages, and that it is on record. */
class ChangingPagesTest {

  private static final String DELIVERED =
      "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'";

  private static ApiGateway gateway;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    gateway = new ApiGateway(Files.createTempDirectory(Path.of("target"), "changing"));
    browser = new Browser(gateway.api("/")).logIn("secret");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** Whatever came of the test before. */
  @BeforeEach
  void beginAnew() throws Exception {
    for (var lane : new String[] {"destinations/database", "providers/popsee"}) {
      gateway.post("/api/" + lane + "/resume");
    }
    gateway.awaitCount(0, "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'retrying')");
    gateway
        .bean(Store.class)
        .write(
            jdbc -> {
              for (var table :
                  new String[] {
                    "attempt",
                    "delivery",
                    "event",
                    "inbox",
                    "request",
                    "operation",
                    "audit",
                    "destination_version"
                  }) {
                jdbc.update("DELETE FROM " + table);
              }
              return null;
            });
    for (var i = 0; i < 4; i++) {
      gateway.deliver(
          SignedSamples.popsee()
              .responseId("r-" + i)
              .signedWith(SampleSecrets.DEMO.popsee())
              .toRequest());
    }
    gateway.awaitCount(4, DELIVERED);
  }

  /** As if the database had refused them. */
  private void park(String reason, String... responses) {
    for (var response : responses) {
      gateway
          .bean(Store.class)
          .write(
              jdbc ->
                  jdbc.update(
                      "UPDATE delivery SET state = 'parked', failure_kind = 'permanent', reason = ?,"
                          + " finished_at = created_at WHERE destination = 'database' AND subject ="
                          + " ?",
                      reason,
                      "popsee:" + response));
    }
  }

  private void awaitLastRun(String state) {
    gateway.awaitCount(1, "SELECT count(*) FROM operation WHERE state = ?", state);
  }

  @Test
  void retriesAllThatWereParkedForOneReason() {
    park("no such field", "r-0", "r-1", "r-2");
    park("too long", "r-3");

    var list = browser.open("/deliveries?state=parked");
    assertThat(list.texts("section[aria-labelledby=why] tbody tr"))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("database parked permanent no such field 3"),
            second -> assertThat(second).startsWith("database parked permanent too long 1"));

    var run =
        browser.submit(
            list,
            "section[aria-labelledby=why] tbody tr:first-child button[value=retry]",
            Map.of());
    assertThat(run.at().getPath()).startsWith("/runs/");
    assertThat(run.text())
        .contains("retry 3 matches: destination database, state parked, before ")
        .contains(", reason no such field")
        .contains("Nothing is changed before it is started.");
    assertThat(gateway.count(DELIVERED)).isZero();

    browser.submit(run, "form[action$=/start]", Map.of());
    awaitLastRun("done");
    gateway.awaitCount(3, DELIVERED);

    assertThat(browser.open(run.at().getPath()).text()).contains("3 of 3 looked at, 3 changed");
    assertThat(browser.open("/runs").texts("tbody tr")).singleElement().asString().contains("done");
    assertThat(browser.open("/audit").texts("tbody tr"))
        .satisfiesExactly(
            start -> assertThat(start).contains("admin start run", "It is started"),
            prepare ->
                assertThat(prepare)
                    .contains("admin prepare-retry all that match")
                    .contains("reason no such field 3 Run"));
  }

  @Test
  void changesTheTickedOnesAlone() {
    park("no such field", "r-0", "r-1");
    var list = browser.open("/deliveries?state=parked");
    var ticked = list.page().select("input[name=id]").get(0).val();

    var shown =
        browser.submit(
            list, "button[value=cancel]:not([formaction]):not(.small)", Map.of("id=" + ticked, ""));

    assertThat(shown.texts("[role=status]")).containsExactly("cancel: 1 of 1 done.");
    assertThat(gateway.text("SELECT state FROM delivery WHERE id = ?", Long.valueOf(ticked)))
        .isEqualTo("cancelled");
    assertThat(gateway.count("SELECT count(*) FROM delivery WHERE state = 'parked'")).isEqualTo(1);
  }

  @Test
  void saysSoWhereNothingWasTicked() {
    park("no such field", "r-0");

    var shown =
        browser.submit(
            browser.open("/deliveries?state=parked"),
            "button[value=retry]:not([formaction]):not(.small)",
            Map.of());

    assertThat(shown.texts("[role=status]"))
        .containsExactly("Nothing was changed: no delivery was ticked.");
  }

  @Test
  void cancelsAllThatMatchTheFilters() {
    park("no such field", "r-0", "r-1");

    var run =
        browser.submit(
            browser.open("/deliveries?state=parked&destination=database"),
            "button[value=cancel][formaction]",
            Map.of());
    browser.submit(run, "form[action$=/start]", Map.of());
    awaitLastRun("done");

    assertThat(gateway.count("SELECT count(*) FROM delivery WHERE state = 'cancelled'"))
        .isEqualTo(2);
  }

  @Test
  void retriesOneFromItsEventAndRecordsIt() {
    park("no such field", "r-0");
    var event = gateway.count("SELECT id FROM event WHERE subject = 'popsee:r-0'");

    var shown = browser.submit(browser.open("/events/" + event), "button[value=retry]", Map.of());

    assertThat(shown.at().getPath()).isEqualTo("/events/" + event);
    assertThat(shown.texts("[role=status]").get(0)).endsWith("to database: It is due now");
    gateway.awaitCount(4, DELIVERED);
    assertThat(browser.open("/audit").texts("tbody tr"))
        .singleElement()
        .asString()
        .contains("admin retry delivery", "1 It is due now");
  }

  @Test
  void deliversAnEventAgainToTheTickedDestinations() {
    var event = gateway.count("SELECT id FROM event WHERE subject = 'popsee:r-0'");
    var page = browser.open("/events/" + event);

    var shown = browser.submit(page, "form[action$=/replay]", Map.of());

    assertThat(shown.texts("[role=status]")).containsExactly("It is due now.");
    gateway.awaitCount(5, "SELECT count(*) FROM attempt");
    assertThat(browser.open("/audit").texts("tbody tr"))
        .singleElement()
        .asString()
        .contains("replay event " + event + " to database");
  }

  @Test
  void mapsARequestAgain() {
    var request = gateway.count("SELECT min(id) FROM request");

    var shown =
        browser.submit(browser.open("/requests/" + request), "form[action$=/map-again]", Map.of());

    assertThat(shown.texts("[role=status]").get(0)).startsWith("Map again: ");
    gateway.awaitCount(5, "SELECT count(*) FROM attempt");
  }

  @Test
  void pausesADestinationAndSaysWhyEverywhere() {
    var shown =
        browser.submit(
            browser.open("/destinations"),
            "form[action=/destinations/database/pause]",
            Map.of("because", "they <b>migrate</b>"));

    assertThat(shown.first("#database").text())
        .contains("paused", "by admin since", "they <b>migrate</b>");
    assertThat(browser.open("/").texts(".findings li").get(0))
        .contains("Deliveries to database paused by admin", "they <b>migrate</b>");
    var resumed = browser.submit(shown, "form[action=/destinations/database/resume]", Map.of());
    assertThat(resumed.first("#database .state").text()).isEqualTo("on");
    assertThat(browser.open("/audit").texts("tbody tr"))
        .satisfiesExactly(
            resume -> assertThat(resume).contains("resume destination database", "It goes on"),
            pause ->
                assertThat(pause).contains("pause destination database they <b>migrate</b> 1"));
  }

  @Test
  void recordsWhatIsChangedByTheApiToo() {
    gateway.post("/api/providers/popsee/pause", "{\"because\": \"a test\"}");
    gateway.post("/api/deliveries/999999/retry");
    gateway.post("/api/destinations/database/probe");

    assertThat(browser.open("/audit").texts("tbody tr"))
        .satisfiesExactly(
            probe ->
                assertThat(probe).contains("admin probe destination database 0 Expected one in"),
            retry -> assertThat(retry).contains("admin retry delivery 999999 0 Expected"),
            pause -> assertThat(pause).contains("admin pause provider popsee a test 1"));
  }
}
