package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first page, of a gateway that has something to show. */
class OverviewPageTest {

  private static ApiGateway gateway;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    gateway = new ApiGateway(Files.createTempDirectory(Path.of("target"), "overview"));
    browser = new Browser(gateway.api("/")).logIn("secret");
    for (var i = 0; i < 3; i++) {
      gateway.deliver(SignedSamples.popsee().signedWith(SampleSecrets.DEMO.popsee()).toRequest());
    }
    gateway.deliver(
        SignedSamples.smartSurvey()
            .andItem("{\"no\": \"id\"}")
            .signedWith(SampleSecrets.DEMO.smartSurvey())
            .toRequest());
    gateway.deliver(SignedSamples.popsee().signedWith("forged").toRequest());
    gateway.awaitCount(
        4, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    gateway.awaitCount(
        1, "SELECT added FROM counter WHERE span = 'ever' AND name = 'requests_refused'");
    gateway.awaitCount(4, "SELECT count(*) FROM inbox WHERE state = 'done'");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({"hour,60", "day,96", "week,84", "month,30"})
  void countsWhatCameAndWhatArrived(String range, int bars) {
    var shown = browser.open("/?range=" + range);

    assertThat(shown.texts(".legend"))
        .containsExactly("4 accepted 1 refused", "4 delivered 0 failed tries");
    assertThat(shown.page().select(".chart").get(0).select("rect.touch")).hasSize(bars);
    assertThat(shown.first("nav[aria-label=Range] [aria-current]").text()).isEqualTo(range);
  }

  @Test
  void drawsAsMuchAsItCounts() {
    var shown = browser.open("/?range=month");

    var last = shown.page().select(".chart").get(0).select("g").last();
    assertThat(last.selectFirst("title").text()).endsWith(": 4 accepted, 1 refused");
    // Of a chart that is 6 high and drawn 100 high.
    assertThat(last.selectFirst("rect.good").attr("height")).isEqualTo("66.67");
    assertThat(last.selectFirst("rect.bad").attr("height")).isEqualTo("16.67");
    assertThat(last.selectFirst("rect.bad").attr("y")).isEqualTo("16.67");
  }

  @Test
  void saysWhatAsksForAPersonAndWhereToGo() {
    var shown = browser.open("/");

    assertThat(shown.texts(".findings strong"))
        .containsExactly("1 request refused in the last hour", "1 item set aside in the last hour");
    assertThat(shown.page().select(".findings a").eachAttr("href"))
        .containsExactly("/refusals", "/set-aside");
  }

  @Test
  void saysWhichDestinationsAreOffAndWhatIsSentToTheOthers() {
    var shown = browser.open("/");

    assertThat(shown.first("tr:has(a[href$=#database])").text())
        .startsWith("database on 4 0 0 – 0");
    assertThat(shown.first("tr:has(a[href$=#slack])").text()).startsWith("slack off 0");
  }

  @Test
  void saysWhichProvidersAreOffAndWhy() {
    var shown = browser.open("/");

    assertThat(shown.first("tr:has(a[href$=#popsee])").text()).startsWith("popsee on 3 1 0 0 0");
    assertThat(shown.first("#off").text())
        .contains("switched off, and why")
        .contains("tally gateway.providers.tally.secret is empty; set TALLY_SECRET")
        .doesNotContain("popsee");
  }

  @Test
  void saysHowFastAnswersAndArrivalsWere() {
    var shown = browser.open("/");

    assertThat(shown.texts("section:has(#speed) tbody th > span:first-child"))
        .containsExactly("Answers to senders", "Arrival at database");
    assertThat(shown.texts("section:has(#speed) tbody td.n:last-child")).containsExactly("4", "4");
    assertThat(shown.texts("section:has(#speed) tbody td.n:not(:last-child)"))
        .hasSize(4)
        .allMatch(took -> took.matches("[1-9]\\d*(\\.\\d)? (ms|s)|0\\.\\d ms"));
  }

  @Test
  void balancesTheBooks() {
    assertThat(browser.open("/").texts(".books > div"))
        .satisfies(
            books -> {
              assertThat(books.get(0)).startsWith("4 requests taken in mapped to events 4");
              assertThat(books.get(1)).startsWith("4 events in them");
              assertThat(books.get(2)).contains("delivered 4", "parked 0");
            });
  }

  @Test
  void refusesARangeThatItDoesNotHave() {
    var shown = browser.open("/?range=year");

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).contains("Expected range to be one of hour, day, week, month");
  }
}
