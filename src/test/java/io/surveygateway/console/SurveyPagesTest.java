package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.PostgresForTests;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.demo.SignedSamples.Popsee;
import io.surveygateway.demo.SignedSamples.SmartSurvey;
import io.surveygateway.store.Dialect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Surveys and the search for a text, over HTTP, on both stores. */
class SurveyPagesTest {

  private static final String PAGE = "/surveys/popsee?survey=" + Popsee.SURVEY;

  private record Running(ApiGateway gateway, Browser browser) {}

  private static final Map<Dialect, Running> RUNNING = new EnumMap<>(Dialect.class);

  @BeforeAll
  static void start() throws Exception {
    for (var dialect : Dialect.values()) {
      RUNNING.put(dialect, start(dialect));
    }
  }

  private static Running start(Dialect dialect) throws Exception {
    var gateway =
        new ApiGateway(
            Files.createTempDirectory(Path.of("target"), "surveys"),
            "--gateway.store.url="
                + (dialect == Dialect.SQLITE ? "" : PostgresForTests.newDatabase()),
            "--gateway.surveys[0].provider=popsee",
            "--gateway.surveys[0].id=" + Popsee.SURVEY,
            "--gateway.surveys[0].questions[0].id=" + Popsee.RECOMMEND,
            "--gateway.surveys[0].questions[0].title=Would you recommend us?",
            "--gateway.surveys[0].questions[0].role=nps",
            "--gateway.surveys[0].questions[1].id=" + Popsee.EMAIL,
            "--gateway.surveys[0].questions[1].title=Your address",
            "--gateway.surveys[0].questions[1].role=email");
    popsee(gateway, "r-1", 10, "Quick & kind");
    popsee(gateway, "r-2", 8, "Fine");
    popsee(gateway, "r-3", 3, "<b>Slow</b> at the checkout");
    gateway.deliver(
        SignedSamples.smartSurvey()
            .responseId("77")
            .signedWith(SampleSecrets.DEMO.smartSurvey())
            .toRequest());
    gateway.awaitCount(
        4, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    return new Running(gateway, new Browser(gateway.api("/")).logIn("secret"));
  }

  private static void popsee(ApiGateway gateway, String response, int score, String comment)
      throws Exception {
    gateway.deliver(
        SignedSamples.popsee()
            .responseId(response)
            .score(score)
            .comment(comment)
            .email(response + "@example.org")
            .signedWith(SampleSecrets.DEMO.popsee())
            .toRequest());
  }

  @AfterAll
  static void stop() {
    RUNNING.values().forEach(each -> each.gateway.close());
  }

  private static Browser browser(Dialect dialect) {
    return RUNNING.get(dialect).browser;
  }

  private static ApiGateway gateway(Dialect dialect) {
    return RUNNING.get(dialect).gateway;
  }

  @ParameterizedTest
  @EnumSource
  void listsSurveysWithTheirResponses(Dialect dialect) {
    var shown = browser(dialect).open("/surveys");

    assertThat(shown.texts("tbody td:nth-child(1)")).containsExactly("popsee", "smartsurvey");
    assertThat(shown.texts("tbody td:nth-child(2)"))
        .containsExactly(Popsee.SURVEY, SmartSurvey.SURVEY);
    assertThat(shown.texts("tbody td:nth-child(3)").get(0)).isEqualTo("Checkout feedback");
    assertThat(shown.texts("tbody td:nth-child(4)")).containsExactly("3", "1");
    assertThat(browser(dialect).open("/surveys?provider=smartsurvey").texts("tbody tr")).hasSize(1);
    assertThat(browser(dialect).open("/surveys?after=popsee:" + Popsee.SURVEY).texts("tbody tr"))
        .hasSize(1);
    var page = shown.first("tbody a").attr("href");
    assertThat(browser(dialect).open(page).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void saysHowPeopleAnswer(Dialect dialect) {
    for (var range : List.of("hour", "day", "week", "month")) {
      var shown = browser(dialect).open(PAGE + "&range=" + range);

      assertThat(shown.texts(".tiles li").subList(0, 4))
          .as(range)
          .satisfiesExactly(
              tile -> assertThat(tile).isEqualTo("3 responses, last " + range),
              tile -> assertThat(tile).isEqualTo("100 % completed"),
              tile -> assertThat(tile).isEqualTo("+0 NPS, of 3 responses"),
              tile -> assertThat(tile).endsWith(" median to database"));
      assertThat(shown.texts(".legend"))
          .containsExactly("3 completed 0 other", "1 detractors 1 passives 1 promoters");
      assertThat(shown.page().select(".chart").get(0).select("g").last().text())
          .endsWith("3 completed, 0 other");
    }
    var shown = browser(dialect).open(PAGE);
    assertThat(shown.first(".nps svg").attr("aria-label"))
        .isEqualTo(
            "How many said each score. 0: 0, 1: 0, 2: 0, 3: 1, 4: 0, 5: 0, 6: 0, 7: 0, 8: 1, 9: 0,"
                + " 10: 1");
    assertThat(
            shown.page().select(".nps rect.bad, .nps rect.warn, .nps rect.good").eachAttr("height"))
        .containsExactly(
            "0.00", "0.00", "0.00", "100.00", "0.00", "0.00", "0.00", "0.00", "100.00", "0.00",
            "100.00");
    assertThat(shown.first("nav[aria-label=Range] [aria-current]").text()).isEqualTo("week");
  }

  @ParameterizedTest
  @EnumSource
  void saysWhatTheCatalogueLacks(Dialect dialect) {
    var shown = browser(dialect).open(PAGE);

    assertThat(shown.texts("section[aria-labelledby=questions] tbody td:first-child"))
        .containsExactlyInAnyOrder(Popsee.COMMENT, Popsee.NAME);
    assertThat(shown.text())
        .contains("In the newest 3 responses of the last week.")
        .doesNotContain("The survey itself has no title.");
    assertThat(shown.first("pre").wholeText())
        .startsWith(
            "gateway:\n  surveys:\n    - id: \""
                + Popsee.SURVEY
                + "\"\n      provider: popsee\n      questions:\n")
        .contains("        - {id: \"" + Popsee.NAME + "\", title: \"\", role: \"\"}\n");
    var other = browser(dialect).open("/surveys/smartsurvey?survey=" + SmartSurvey.SURVEY);
    assertThat(other.text())
        .contains("Every question has its title.", "The survey itself has no title.");
    assertThat(other.first("pre").wholeText())
        .isEqualTo(
            "gateway:\n  surveys:\n    - id: \"90311\"\n      provider: smartsurvey\n      title:"
                + " \"\"\n");
  }

  @ParameterizedTest
  @EnumSource
  void saysTheSameByTheApi(Dialect dialect) {
    var list = gateway(dialect).get("/api/surveys?limit=1").json();
    var one = gateway(dialect).get("/api/surveys/popsee/" + Popsee.SURVEY + "?range=day").json();

    assertThat(list.path("items").findValuesAsText("id")).containsExactly(Popsee.SURVEY);
    assertThat(list.path("items").path(0).path("responses").intValue()).isEqualTo(3);
    assertThat(gateway(dialect).get(list.path("next").textValue()).json().path("items"))
        .singleElement()
        .satisfies(item -> assertThat(item.path("provider").textValue()).isEqualTo("smartsurvey"));
    assertThat(one.path("range").textValue()).isEqualTo("day");
    assertThat(one.path("responses")).hasSize(96);
    assertThat(one.path("completion").path("completed").intValue()).isEqualTo(3);
    assertThat(one.path("completion").path("percentCompleted").doubleValue()).isEqualTo(100);
    assertThat(one.path("nps").path("score").doubleValue()).isZero();
    assertThat(one.path("nps").path("promoters").intValue()).isEqualTo(1);
    assertThat(one.path("times").path("destinations").path(0).path("destination").textValue())
        .isEqualTo("database");
    assertThat(one.path("times").path("destinations").path(0).path("medianMs").isNumber()).isTrue();
    assertThat(one.path("questions").path("untitled")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/surveys/popsee/none",
        "/api/surveys/tally/" + Popsee.SURVEY,
        "/api/surveys/popsee/a/b",
        "/surveys/popsee?survey=none"
      })
  void knowsNoOther(String path) {
    assertThat(
            gateway(Dialect.SQLITE)
                .get(path.startsWith("/api") ? path : "/api/surveys/x/y")
                .status())
        .isEqualTo(404);
    if (!path.startsWith("/api")) {
      assertThat(browser(Dialect.SQLITE).open(path).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/surveys?survey=1",
        "/surveys?after=none",
        "/surveys/popsee",
        PAGE + "&range=year",
        "/events?text=a"
      })
  void refusesWhatItDoesNotKnow(String path) {
    assertThat(browser(Dialect.SQLITE).open(path).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @EnumSource
  void findsEventsByATextInThem(Dialect dialect) {
    var shown = browser(dialect).open("/events?text=slow%3C/B&provider=popsee");

    assertThat(shown.texts("tbody a[href^=/events/]")).containsExactly("popsee:r-3");
    assertThat(shown.first("tbody td.wide:has(.per)").text())
        .isEqualTo("<b>Slow</b> at the checkout " + Popsee.COMMENT);
    assertThat(shown.page().select("tbody b")).isEmpty();
    assertThat(shown.text())
        .contains("Looked at all that match the other filters: 3 events on this page.");
    assertThat(shown.page().select("form[action=/events/matching]")).isEmpty();
    assertThat(shown.first("input[name=text]").val()).isEqualTo("slow</B");
    assertThat(browser(dialect).open("/events?text=nobody").text())
        .contains("There are none like this.");
  }

  @ParameterizedTest
  @EnumSource
  void findsThemByTheApiAndInAnExport(Dialect dialect) {
    var found = gateway(dialect).get("/api/events?text=the%20checkout&provider=popsee").json();

    assertThat(found.path("items").findValuesAsText("subject")).containsExactly("popsee:r-3");
    assertThat(found.path("looked").intValue()).isEqualTo(3);
    assertThat(found.has("next")).isFalse();
    assertThat(gateway(dialect).get("/api/events?text=x").status()).isEqualTo(400);
    var lines = browser(dialect).open("/events.csv?text=THE%20CHECKOUT&provider=popsee");
    assertThat(lines.response().body().split("\r\n")).hasSize(2);
    assertThat(lines.response().body()).contains("popsee:r-3");
  }

  @ParameterizedTest
  @EnumSource
  void startsNoRunByAText(Dialect dialect) {
    var shown = browser(dialect).open("/events?provider=popsee");
    var csrf = shown.first("form[action=/events/matching] input[name=_csrf]").val();
    var answer =
        browser(dialect)
            .send(
                java.net.http.HttpRequest.newBuilder(
                        URI.create(gateway(dialect).api("/events/matching").toString()))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Sec-Fetch-Site", "same-origin")
                    .POST(
                        java.net.http.HttpRequest.BodyPublishers.ofString(
                            "text=slow&_csrf=" + csrf)));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("Expected filters without a text");
    assertThat(gateway(dialect).count("SELECT count(*) FROM operation")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void leadsFromAnEventToTheOthersOfItsRespondent(Dialect dialect) throws Exception {
    gateway(dialect)
        .deliver(
            SignedSamples.smartSurvey()
                .responseId("78")
                .signedWith(SampleSecrets.DEMO.smartSurvey())
                .toRequest());
    gateway(dialect).awaitCount(1, "SELECT count(*) FROM event WHERE subject = 'smartsurvey:78'");
    var first = gateway(dialect).count("SELECT id FROM event WHERE subject = 'smartsurvey:77'");

    var shown = browser(dialect).open("/events/" + first);

    assertThat(shown.text()).contains("Other responses of this e-mail address");
    assertThat(shown.texts("ul.plain a")).contains("smartsurvey:78").doesNotContain("popsee:r-1");
  }
}
