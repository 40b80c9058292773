package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.demo.SignedSamples.Popsee;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events and requests, found and looked at; nothing that a respondent wrote does anything. */
class FindingPagesTest {

  private static final String HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

  private static ApiGateway gateway;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        new ApiGateway(
            Files.createTempDirectory(Path.of("target"), "finding"),
            "--gateway.surveys[0].provider=popsee",
            "--gateway.surveys[0].id=" + Popsee.SURVEY,
            "--gateway.surveys[0].questions[0].id=" + Popsee.NAME,
            "--gateway.surveys[0].questions[0].role=name",
            "--gateway.surveys[0].questions[1].id=" + Popsee.EMAIL,
            "--gateway.surveys[0].questions[1].role=email",
            "--gateway.surveys[0].questions[2].id=" + Popsee.COMMENT,
            "--gateway.surveys[0].questions[2].role=comment");
    browser = new Browser(gateway.api("/")).logIn("secret");
    gateway.deliver(
        SignedSamples.popsee()
            .responseId("r-grace")
            .email("Grace@Example.org")
            .name("=cmd|' /C calc'!A0")
            .comment(HOSTILE)
            .signedWith(SampleSecrets.DEMO.popsee())
            .toRequest());
    // The first of the events: two requests at a time might become events in either order.
    gateway.awaitCount(1, "SELECT count(*) FROM event");
    gateway.deliver(
        SignedSamples.popsee()
            .responseId("r-bob")
            .email("bob@example.org")
            .signedWith(SampleSecrets.DEMO.popsee())
            .toRequest());
    gateway.deliver(
        SignedSamples.smartSurvey()
            .andItem("{\"no\": \"id\"}")
            .signedWith(SampleSecrets.DEMO.smartSurvey())
            .toRequest());
    gateway.deliver(SignedSamples.popsee().signedWith("forged").toRequest());
    gateway.awaitCount(
        3, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    gateway.awaitCount(1, "SELECT count(*) FROM refusal");
    gateway.awaitCount(3, "SELECT count(*) FROM inbox WHERE state = 'done'");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static long eventOf(String response) {
    return gateway.count("SELECT id FROM event WHERE subject = ?", "popsee:" + response);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "response=r-grace",
        "response=popsee:r-grace",
        "email=grace@example.org",
        "email=GRACE@EXAMPLE.ORG&provider=popsee&type=survey.response.completed&state=delivered",
        "email=grace@example.org&survey=&from=2020-01-01T00:00&to="
      })
  void findsWhatBecameOfOneResponse(String query) {
    var shown = browser.open("/events?" + query);

    assertThat(shown.texts("tbody a[href^=/events/]")).containsExactly("popsee:r-grace");
    assertThat(shown.texts("tbody tr").get(0)).contains("grace@example.org", "database delivered");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "response=r-none",
        "email=nobody@example.org",
        "state=parked",
        "type=survey.unknown",
        "survey=none",
        "email=bob@example.org&provider=smartsurvey",
        "to=2020-01-01T00:00"
      })
  void saysSoWhereThereIsNone(String query) {
    assertThat(browser.open("/events?" + query).text()).contains("There are none like this.");
  }

  @Test
  void goesThroughAListPageByPageWithItsFilters() {
    var first = browser.open("/events?provider=popsee&type=&email=");

    assertThat(first.texts("tbody tr")).hasSize(2);
    assertThat(first.first("select[name=provider] option[selected]").val()).isEqualTo("popsee");
    assertThat(first.page().select("a[rel=next]")).isEmpty();
    // The page after the first of the two.
    var after =
        gateway.text("SELECT created_at || '-' || id FROM event WHERE subject = 'popsee:r-bob'");
    var second = browser.open("/events?provider=popsee&after=" + after);
    assertThat(second.texts("tbody a[href^=/events/]")).containsExactly("popsee:r-grace");
    assertThat(second.first("nav[aria-label='Events, pages'] a").attr("href"))
        .isEqualTo("/events?provider=popsee");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/events?surveyy=1",
        "/events?state=gone",
        "/events?after=x",
        "/events?from=yesterday",
        "/events?provider=a&provider=b",
        "/events/none",
        "/deliveries?state=done",
        "/requests?failureKind=odd"
      })
  void refusesWhatItDoesNotKnow(String path) {
    var shown = browser.open(path);

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.texts("h1")).containsExactly("Bad Request 400");
    assertThat(shown.text()).contains("Expected");
  }

  @Test
  void tellsTheWayOfOneEvent() {
    var shown = browser.open("/events/" + eventOf("r-grace"));

    assertThat(shown.texts(".way > li strong"))
        .containsExactlyInAnyOrder(
            "Received", "Kept as an event", "database", "salesforce", "slack");
    assertThat(shown.first(".way > li").text()).contains("proved by the current secret");
    assertThat(shown.first(".way > li:has(strong:containsOwn(database))").text())
        .contains("delivered", "1 try");
    assertThat(shown.first(".way > li:has(strong:containsOwn(slack))").text())
        .contains("skipped", "SLACK_");
    assertThat(shown.texts("pre")).hasSize(2);
    assertThat(shown.texts("pre").get(0)).contains("\"subject\" : \"popsee:r-grace\"");
  }

  @Test
  void showsWhatARespondentWroteAndDoesNotDoIt() {
    for (var path :
        new String[] {
          "/events/" + eventOf("r-grace"),
          "/requests/"
              + gateway.count("SELECT request_id FROM event WHERE subject = 'popsee:r-grace'"),
          "/events?email=%3Cscript%3Ealert(1)%3C/script%3E"
        }) {
      var page = browser.open(path).page();

      assertThat(page.html()).as(path).doesNotContain("<script>alert", "<img src=\"x\"");
      assertThat(page.select("script:not([src]), [onerror], img")).isEmpty();
    }
    assertThat(browser.open("/events/" + eventOf("r-grace")).first("pre").text())
        .contains("<script>alert(1)</script>");
  }

  @Test
  void givesATableThatASpreadsheetTakesForText() {
    var shown = browser.open("/events.csv?email=grace@example.org");

    assertThat(shown.response().headers().firstValue("Content-Type"))
        .contains("text/csv;charset=UTF-8");
    assertThat(shown.response().headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"events.csv\"");
    var lines = shown.response().body().split("\r\n");
    assertThat(lines[0]).startsWith("id,time,received,provider,type,survey,");
    assertThat(lines[1])
        .startsWith(eventOf("r-grace") + ",")
        .contains(",popsee:r-grace,completed,Grace@Example.org,'=cmd|' /C calc'!A0,")
        .contains("\"<script>alert(1)</script>\"\"'><img");
    assertThat(lines).hasSize(2);
  }

  @Test
  void givesAllEventsAsTheyAre() throws Exception {
    var shown = browser.open("/events.json?provider=popsee");

    var events = new ObjectMapper().readTree(shown.response().body());
    assertThat(events.findValuesAsText("subject"))
        .containsExactly("popsee:r-bob", "popsee:r-grace");
    assertThat(
            new ObjectMapper().readTree(browser.open("/events.json?survey=none").response().body()))
        .isEmpty();
  }

  @Test
  void showsARequestWithWhatItBecame() {
    var request = gateway.count("SELECT id FROM request WHERE provider = 'smartsurvey'");

    var list = browser.open("/requests?provider=smartsurvey");
    var shown = browser.open("/requests/" + request);

    assertThat(list.texts("tbody tr")).singleElement().asString().contains("smartsurvey", "done");
    assertThat(shown.text())
        .contains("proved by the current secret", "smartsurvey:", "Item 2: ", "Map again");
    assertThat(browser.open("/set-aside").texts("tbody tr"))
        .singleElement()
        .asString()
        .contains("smartsurvey", "number 2");
  }

  @Test
  void givesABodyAsAFileAndNeverAsAPage() {
    var request = gateway.count("SELECT request_id FROM event WHERE subject = 'popsee:r-grace'");

    var answer = browser.open("/requests/" + request + "/body").response();

    assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .get()
        .asString()
        .startsWith("attachment");
    assertThat(answer.body()).contains("r-grace");
  }

  @Test
  void saysWhyARequestWasTurnedAway() {
    assertThat(browser.open("/refusals?provider=popsee").texts("tbody tr"))
        .singleElement()
        .asString()
        .contains("popsee", "401", "X-Popsee-Signature");
  }

  @Test
  void showsProvidersWithTheAddressToGiveThem() {
    var shown = browser.open("/providers");

    assertThat(shown.first("#popsee button[data-copy]").attr("data-copy"))
        .matches("http://127\\.0\\.0\\.1:\\d+/webhooks/popsee");
    assertThat(shown.first("#popsee").text()).contains("2 taken", "1 refused", "secrets are set");
    assertThat(shown.first("#tally").text()).contains("off", "set TALLY_SECRET");
    assertThat(shown.response().body()).doesNotContain(SampleSecrets.DEMO.popsee());
  }
}
