package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.standin.SalesforceStandIn;
import io.surveygateway.standin.SlackStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A test event, sent by a page or by the API, and what is shown of destinations' calls. */
class TestEventTest {

  private static final String DELIVERED =
      "SELECT count(*) FROM delivery WHERE destination = ? AND state = 'delivered'";

  private static final SlackStandIn SLACK = SlackStandIn.start();
  private static final SalesforceStandIn SALESFORCE = SalesforceStandIn.start();
  private static ApiGateway gateway;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        new ApiGateway(
            Files.createTempDirectory(Path.of("target"), "tests-sent"),
            "--gateway.slack.webhook-url=" + SLACK.webhookUrl(),
            "--gateway.salesforce.login-url=" + SALESFORCE.url(),
            "--gateway.salesforce.client-id=" + SalesforceStandIn.CLIENT_ID,
            "--gateway.salesforce.client-secret=" + SalesforceStandIn.CLIENT_SECRET);
    browser = new Browser(gateway.api("/")).logIn("secret");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    SLACK.close();
    SALESFORCE.close();
  }

  private static JsonNode destination(String name) {
    return gateway.find("/api/destinations", "items", "name", name);
  }

  @Test
  void goesToSlackAloneAndIsShownAsATestEverywhere() {
    var form = browser.open("/destinations");
    assertThat(form.first("#slack form[action$=/test]").text())
        .contains("It is really sent", "has the key test: and an id", "stays there");

    var event = browser.submit(form, "form[action=/destinations/slack/test]", Map.of());

    assertThat(event.at().getPath()).startsWith("/events/");
    assertThat(event.texts("[role=status]").get(0))
        .startsWith("A test is on its way to slack: test:");
    assertThat(event.first(".top .state").text()).isEqualTo("test");
    assertThat(event.text()).contains("Made up by this gateway, as a test of one destination");
    gateway.awaitCount(1, DELIVERED, "slack");
    assertThat(SLACK.messages())
        .singleElement()
        .satisfies(
            message ->
                assertThat(message.shown())
                    .contains("Test of the Survey Gateway")
                    .contains("A test that admin sent from the gateway's console."));
    var key = event.first("h1").text();
    assertThat(
            gateway.text(
                "SELECT subject FROM event WHERE provider = 'test' AND survey_id = 'test' AND subject = ?",
                key))
        .startsWith("test:");
    var shown = browser.open(event.at().getPath());
    assertThat(shown.texts(".way strong")).containsExactly("Made up", "Kept as an event", "slack");
    assertThat(shown.first(".way details").text()).contains("1 try", "delivered");
    assertThat(gateway.get("/api/deliveries?destination=slack").json().path("items"))
        .singleElement()
        .satisfies(each -> assertThat(each.path("subject").asText()).isEqualTo(key));
    assertThat(browser.open("/audit").texts("tbody tr"))
        .anyMatch(row -> row.contains("admin test destination slack 1 " + key));
    assertThat(browser.open("/destinations").first("#slack").text())
        .contains("calls in the last minute 1 by this gateway, of 60 that all may make");
  }

  @Test
  void makesARecordAndNoContactInSalesforceWhichSaysHowManyCallsThereAre() {
    SALESFORCE.allowDailyRequests(15_000);

    var sent = gateway.post("/api/destinations/salesforce/test");

    assertThat(sent.status()).isEqualTo(202);
    var key = sent.json().path("key").asText();
    gateway.awaitCount(1, DELIVERED, "salesforce");
    assertThat(SALESFORCE.surveyResponses())
        .singleElement()
        .satisfies(
            record ->
                assertThat(record.text("Response_Key__c")).isEqualTo(key).startsWith("test:"));
    assertThat(SALESFORCE.contacts()).isEmpty();
    var traffic = destination("salesforce").path("traffic");
    assertThat(traffic.at("/budget/allowed").asLong()).isEqualTo(15_000);
    assertThat(traffic.at("/budget/used").asLong()).isPositive();
    assertThat(traffic.at("/budget/asOf").asText()).endsWith("Z");
    assertThat(traffic.path("reference").asText()).isNotEmpty();
    assertThat(browser.open("/destinations").first("#salesforce").text())
        .contains(" of 15,000 in 24 hours as of ", "as it said itself")
        .contains(", there as " + traffic.path("reference").asText())
        .contains("calls in the last minute 1 by this gateway; no limit is set");
  }

  @Test
  void makesARowThatIsMarkedInTheBusinessDatabase() {
    var key = gateway.post("/api/destinations/database/test").json().path("key").asText();

    gateway.awaitCount(1, DELIVERED, "database");
    assertThat(gateway.text("SELECT survey_title FROM survey_response WHERE response_key = ?", key))
        .isEqualTo("Test of the Survey Gateway");
    assertThat(gateway.count("SELECT count(*) FROM delivery WHERE subject = ?", key)).isEqualTo(1);
  }

  @Test
  void waitsWhereTheDestinationIsPausedAndSaysSo() {
    gateway.post("/api/destinations/database/pause");

    var sent = gateway.post("/api/destinations/database/test");

    assertThat(sent.status()).isEqualTo(202);
    assertThat(sent.json().path("note").asText()).endsWith(", waits: the destination is paused");
    var delivery = sent.json().path("delivery").asLong();
    assertThat(gateway.text("SELECT state FROM delivery WHERE id = ?", delivery))
        .isEqualTo("waiting");
    gateway.post("/api/deliveries/" + delivery + "/cancel");
    gateway.post("/api/destinations/database/resume");
  }

  @Test
  void sendsNothingToADestinationThatIsOffOrUnknown() {
    var off = gateway.post("/api/destinations/forward/test");

    assertThat(off.status()).isEqualTo(409);
    assertThat(off.json().path("detail").asText())
        .isEqualTo("forward is off: set FORWARD_URL and FORWARD_SECRET");
    assertThat(gateway.post("/api/destinations/nobody/test").status()).isEqualTo(404);
    assertThat(gateway.count("SELECT count(*) FROM delivery WHERE destination = 'forward'"))
        .isZero();
    assertThat(browser.open("/destinations").page().select("#forward form")).isEmpty();
  }
}
