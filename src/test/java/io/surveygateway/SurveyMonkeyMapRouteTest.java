package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.ApiStandIn.Answer;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.surveymonkey.SurveyMonkeyErrors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code surveymonkey.camel.yaml} fetches; what it makes of it is in the samples. */
class SurveyMonkeyMapRouteTest {

  private static final String TOKEN = "t0ken-that-nobody-may-see";
  private static final int MEGABYTE = 1024 * 1024;

  private static ApiStandIn api;
  private static ApiStandIn elsewhere;
  private static MapRoute route;

  @BeforeAll
  static void start() throws Exception {
    api = new ApiStandIn();
    elsewhere = new ApiStandIn();
    route =
        new MapRoute(
            "surveymonkey",
            Path.of("routes/providers/surveymonkey/surveymonkey.camel.yaml"),
            Map.of(
                "gateway.providers.surveymonkey.api-url",
                api.url(),
                "gateway.providers.surveymonkey.access-token",
                TOKEN));
  }

  @AfterAll
  static void stop() {
    route.close();
    api.close();
    elsewhere.close();
  }

  @BeforeEach
  void fresh() {
    api.forget();
    elsewhere.forget();
    api.answers(Answer.of(200, "{\"id\":\"118\",\"response_status\":\"completed\"}"));
  }

  @Test
  void asksForTheOneResponseWithTheToken() throws Exception {
    map("response_completed", "118");

    assertThat(api.asked()).hasSize(1);
    var asked = api.asked().get(0);
    assertThat(asked.method()).isEqualTo("GET");
    assertThat(asked.pathAndQuery()).isEqualTo("/v3/surveys/310/responses/118/details?simple=true");
    assertThat(asked.header("Authorization")).isEqualTo("bearer " + TOKEN);
  }

  @Test
  void keepsTheTokenToItself() throws Exception {
    map("response_completed", "118");

    assertThat(route.headersLeft()).isEmpty();
    assertThat(route.endpoints()).noneMatch(uri -> uri.contains(TOKEN));
  }

  @Test
  void keepsTheTokenToItselfWhereTheApiRefuses() {
    api.answers(Answer.of(500, ""));

    failureOf("response_completed", "118");

    assertThat(api.asked()).hasSize(1);
    assertThat(route.headersLeft()).doesNotContainKey("Authorization");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "response_created",
        "response_deleted",
        "collector_created",
        "survey_updated",
        "app_installed"
      })
  void asksNothingForAnEventThatHoldsAll(String eventType) throws Exception {
    map(eventType, "118");

    assertThat(api.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"118/../../users/me", "118?x=1", "", "x", "12345678901234567890123", "1\\n2"})
  void asksNothingWithAnIdThatIsNone(String id) {
    var failure = failureOf("response_completed", id);

    assertThat(api.asked()).isEmpty();
    assertThat(failure)
        .isEqualTo(
            Failure.permanent(
                "Expected object_id and resources.survey_id to be ids of 1 to 20 digits, and they"
                    + " are not"));
  }

  @Test
  void asksOnceAndSaysHowLongTheApiWantsUsToWait() {
    api.answers(
        Answer.of(429, "{\"error\":{\"id\":\"1040\",\"http_status_code\":429}}")
            .with("Retry-After", "1")
            .with("X-Ratelimit-App-Global-Minute-Remaining", "0")
            .with("X-Ratelimit-App-Global-Minute-Reset", "17"));

    var failure = failureOf("response_completed", "118");

    assertThat(api.asked()).hasSize(1);
    assertThat(failure)
        .isEqualTo(
            Failure.rateLimited(
                "SurveyMonkey's API has had enough calls for now (status 429, code 1040)",
                Duration.ofSeconds(17)));
  }

  @Test
  void asksOnceWhereTheApiIsUnwell() {
    api.answers(Answer.of(503, "<html>sorry</html>"));

    assertThat(failureOf("response_completed", "118").kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(api.asked()).hasSize(1);
  }

  @Test
  void setsAsideAResponseThatIsGone() {
    api.answers(Answer.of(404, "{\"error\":{\"id\":\"1020\",\"http_status_code\":404}}"));

    assertThat(failureOf("response_completed", "118"))
        .isEqualTo(
            Failure.permanent(
                "The response is gone at SurveyMonkey (status 404, code 1020): deleted between the"
                    + " event and our asking"));
  }

  @Test
  void doesNotFollowARedirectWithTheToken() {
    elsewhere.answers(Answer.of(200, "{\"id\":\"118\"}"));
    api.answers(Answer.of(302, "").with("Location", elsewhere.url() + "/v3/elsewhere"));

    assertThat(failureOf("response_completed", "118").kind()).isEqualTo(Kind.AUTH);
    assertThat(elsewhere.asked()).isEmpty();
  }

  @Test
  void takesNoAnswerThatAnnouncesTooMuch() {
    api.answers(Answer.ok(new byte[9 * MEGABYTE]));

    assertTooLarge();
  }

  @Test
  void takesNoAnswerThatTurnsOutTooMuch() {
    api.answers(Answer.ok(new byte[9 * MEGABYTE]).chunked());

    assertTooLarge();
  }

  @Test
  void takesAnAnswerOfAThousandQuestions() throws Exception {
    var long1 = "x".repeat(4 * MEGABYTE);
    api.answers(
        Answer.ok(("{\"id\":\"118\",\"custom_value\":\"" + long1 + "\"}").getBytes(UTF_8))
            .chunked());

    assertThat(map("response_completed", "118").get(0).at("/data/attributes/custom_value").asText())
        .hasSize(4 * MEGABYTE);
  }

  @Test
  void doesNotTakeAnotherResponseForTheOneAskedFor() {
    api.answers(Answer.of(200, "{\"id\":\"119\"}"));

    assertThat(failureOf("response_completed", "118").kind()).isEqualTo(Kind.PERMANENT);
  }

  @Test
  void seesARevokedTokenWhateverTheStatus() {
    api.answers(Answer.of(200, "{\"status\":1,\"errmsg\":\"Client revoked access grant\"}"));

    assertThat(failureOf("response_completed", "118").kind()).isEqualTo(Kind.AUTH);
  }

  @Test
  void triesAgainLaterWhereAnAnswerIsNoJson() {
    api.answers(Answer.of(200, "<html>maintenance</html>"));

    assertThat(failureOf("response_completed", "118").kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void setsAsideWhatIsNoEvent() {
    assertThat(failureOfBody("[1]").kind()).isEqualTo(Kind.PERMANENT);
    assertThat(failureOfBody("{\"event_type\":\"survey_created\"}"))
        .isEqualTo(
            Failure.permanent(
                "Could not map it: expected an event with an event_id, and there is none"));
    assertThat(failureOfBody("{\"event_type\":secret}"))
        .isEqualTo(Failure.permanent("Expected JSON, and it is none (line 1, column 22)"));
    assertThat(failureOfBody("").kind()).isEqualTo(Kind.PERMANENT);
  }

  @Test
  void quotesNothingThatARespondentWrote() {
    api.answers(
        Answer.of(200, "{\"id\":\"118\",\"pages\":[{\"questions\":\"my \\\"secret\\\" (5)\"}]}"));

    assertThat(failureOf("response_completed", "118"))
        .isEqualTo(Failure.permanent("Could not map it: Cannot iterate over string (\"…\""));
  }

  private static void assertTooLarge() {
    assertThat(failureOf("response_completed", "118"))
        .isEqualTo(
            Failure.permanent(
                "Expected at most 8388608 bytes from SurveyMonkey's API, and got more"));
  }

  private static List<JsonNode> map(String eventType, String objectId) throws Exception {
    return route.map(event(eventType, objectId).getBytes(UTF_8), "", "application/json");
  }

  private static Failure failureOf(String eventType, String objectId) {
    return failureOfBody(event(eventType, objectId));
  }

  private static Failure failureOfBody(String body) {
    var thrown = catchThrowable(() -> route.map(body.getBytes(UTF_8), "", "application/json"));
    assertThat(thrown).isNotNull();
    var failure = new SurveyMonkeyErrors().classify(thrown);
    assertThat(failure.reason()).doesNotContain(TOKEN);
    return failure;
  }

  private static String event(String eventType, String objectId) {
    return """
        {"name":"gw","event_type":"%s","event_id":"1008","object_type":"response","object_id":"%s",
         "event_datetime":"2026-03-02T09:16:55.182613+00:00",
         "resources":{"collector_id":"430","survey_id":"310","user_id":"612"}}"""
        .formatted(eventType, objectId);
  }
}
