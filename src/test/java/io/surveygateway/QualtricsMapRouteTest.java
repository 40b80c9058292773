package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.ApiStandIn.Answer;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.inbox.MappingFailures;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code qualtrics.camel.yaml} fetches; what it makes of it is in the samples. */
class QualtricsMapRouteTest {

  private static final String TOKEN = "t0ken-that-nobody-may-see";
  private static final String API_URL = "gateway.providers.qualtrics.api-url";

  private static ApiStandIn api;
  private static ApiStandIn elsewhere;
  private static MapRoute route;

  @BeforeAll
  static void start() throws Exception {
    api = new ApiStandIn();
    elsewhere = new ApiStandIn();
    route =
        new MapRoute(
            "qualtrics",
            Path.of("routes/providers/qualtrics/qualtrics.camel.yaml"),
            Map.of(API_URL, api.url(), "gateway.providers.qualtrics.access-token", TOKEN));
  }

  @AfterAll
  static void stop() {
    route.close();
    api.close();
    elsewhere.close();
  }

  @BeforeEach
  void fresh() {
    route.set(API_URL, api.url());
    api.forget();
    elsewhere.forget();
    api.answers(Answer.of(200, "{\"result\":{\"responseId\":\"R_1\",\"values\":{\"QID1\":3}}}"));
  }

  private static List<JsonNode> map(String survey, String response) throws Exception {
    var message =
        "{\"Status\":\"Complete\",\"SurveyID\":\"%s\",\"ResponseID\":\"%s\"}"
            .formatted(survey, response);
    return mapForm("Topic=x&MSG=" + URLEncoder.encode(message, UTF_8));
  }

  private static List<JsonNode> mapForm(String form) throws Exception {
    return route.map(form.getBytes(UTF_8), "", "application/x-www-form-urlencoded");
  }

  private static Failure failureOf(String survey, String response) {
    var thrown = catchThrowable(() -> map(survey, response));
    assertThat(thrown).isNotNull();
    return MappingFailures.classify("qualtrics", thrown);
  }

  @Test
  void asksForTheOneResponseWithTheToken() throws Exception {
    var event = map("SV_1", "R_1").get(0);

    assertThat(event.at("/data/answers/0/value").asInt()).isEqualTo(3);
    assertThat(api.asked()).hasSize(1);
    var asked = api.asked().get(0);
    assertThat(asked.method()).isEqualTo("GET");
    assertThat(asked.pathAndQuery()).isEqualTo("/API/v3/surveys/SV_1/responses/R_1");
    assertThat(asked.headers())
        .anySatisfy(
            (name, values) -> {
              assertThat(name).isEqualToIgnoringCase("X-API-TOKEN");
              assertThat(values).containsExactly(TOKEN);
            });
  }

  @Test
  void keepsTheTokenToItself() throws Exception {
    map("SV_1", "R_1");

    assertThat(route.headersLeft()).isEmpty();
    assertThat(route.endpoints()).noneMatch(uri -> uri.contains(TOKEN));
  }

  @Test
  void keepsTheTokenToItselfWhereTheApiRefuses() {
    api.answers(Answer.of(500, ""));

    failureOf("SV_1", "R_1");

    assertThat(route.headersLeft()).isEmpty();
  }

  @Test
  void asksNothingUntilItKnowsTheDataCentre() throws Exception {
    route.set(API_URL, "https://not-set.invalid");

    var event = map("SV_1", "R_1").get(0);

    assertThat(api.asked()).isEmpty();
    assertThat(event.at("/data/attributes/answers_not_fetched").asText())
        .isEqualTo("no access token");
  }

  @Test
  void takesNothingFromWhatIsNotSigned() throws Exception {
    var event = mapForm("Topic=a.surveyengine.completedResponse.SV_1&MSG=%7B%7D&ResponseID=R_1");

    assertThat(api.asked()).isEmpty();
    assertThat(event.get(0).path("type").asText()).isEqualTo("survey.unknown");
    assertThat(event.get(0).toString()).doesNotContain("SV_1", "R_1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"R_1/../../users", "R_1?x=1", "", "R_", "r_1", "R_1\\n", "R_%2e"})
  void asksNothingWithAnIdThatIsNone(String id) {
    var expected =
        Failure.permanent(
            "IllegalArgument: Expected SurveyID and ResponseID to be ids like SV_1a2b and R_1a2b,"
                + " and they are not");

    assertThat(failureOf("SV_1", id)).isEqualTo(expected);
    assertThat(failureOf(id, "R_1")).isEqualTo(expected);
    assertThat(api.asked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "401, AUTH, refused our token",
    "403, AUTH, belongs to another region",
    "404, PERMANENT, does not have it",
    "410, PERMANENT, does not have it",
    "400, PERMANENT, refused the request",
    "408, TRANSIENT, is unwell",
    "503, TRANSIENT, is unwell"
  })
  void saysWhatAnAnswerMeans(int status, Kind kind, String words) {
    api.answers(Answer.of(status, "{\"meta\":{\"error\":{\"errorMessage\":\"se<cret\"}}}"));

    var failure = failureOf("SV_1", "R_1");

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.reason())
        .startsWith("The API of qualtrics ")
        .contains(words, "(status " + status + ")")
        .doesNotContain("se<cret", "127.0.0.1", TOKEN);
    assertThat(api.asked()).hasSize(1);
  }

  @Test
  void waitsAsLongAsTheApiSays() {
    api.answers(Answer.of(429, "{}").with("Retry-After", "17"));

    assertThat(failureOf("SV_1", "R_1"))
        .isEqualTo(
            Failure.rateLimited(
                "The API of qualtrics has had enough calls for now (status 429)",
                Duration.ofSeconds(17)));
    assertThat(api.asked()).hasSize(1);
  }

  @Test
  void followsNobodyElsewhereWithTheToken() {
    api.answers(Answer.of(302, "").with("Location", elsewhere.url() + "/API/v3/surveys"));

    var failure = failureOf("SV_1", "R_1");

    assertThat(elsewhere.asked()).isEmpty();
    assertThat(failure)
        .isEqualTo(
            Failure.auth(
                "The API of qualtrics sent us elsewhere (status 302), and we do not follow with a"
                    + " token: set its address below gateway.providers.qualtrics"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"result\":{\"responseId\":\"R_2\"}} | expected the response that was asked for",
        "{\"meta\":{}} | expected a response as result from the API",
        "[] | expected a response as result from the API",
        "<html>se<cret | Expected a text that is JSON"
      })
  void takesNoOtherAnswerForTheResponse(String answer, String words) {
    api.answers(Answer.of(200, answer));

    var failure = failureOf("SV_1", "R_1");

    assertThat(failure.kind()).isEqualTo(Kind.PERMANENT);
    assertThat(failure.reason()).contains(words).doesNotContain("se<cret", "R_2");
  }

  @Test
  void holdsNoAnswerThatIsTooLarge() {
    api.answers(Answer.ok(new byte[8 * 1024 * 1024 + 1]).chunked());

    assertThat(failureOf("SV_1", "R_1"))
        .isEqualTo(
            Failure.permanent(
                "Expected at most 8388608 bytes from the API of qualtrics, and got more"));
  }
}
