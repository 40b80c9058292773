package io.surveygateway.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SurveyMonkeyStandInTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DETAILS = "/v3/surveys/310044821/responses/118332901172/details";

  private SurveyMonkeyStandIn surveyMonkey;

  @BeforeEach
  void start() {
    surveyMonkey = SurveyMonkeyStandIn.start();
  }

  @AfterEach
  void stop() {
    surveyMonkey.close();
  }

  @Test
  void makesUpTheSameResponseForTheSameIds() throws Exception {
    var first = get(DETAILS + "?simple=true");
    var response = JSON.readTree(first.body());

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.body())
        .contains("https:\\/\\/")
        .isEqualTo(get(DETAILS + "?simple=true").body());
    assertThat(response.path("id").asText()).isEqualTo("118332901172");
    assertThat(response.path("survey_id").asText()).isEqualTo("310044821");
    assertThat(response.path("response_status").asText()).isEqualTo("completed");
    assertThat(response.at("/metadata/contact/email/value").asText()).endsWith("@example.org");
    assertThat(response.at("/pages/0/questions")).hasSize(5);
    assertThat(get(DETAILS.replace("118332901172", "2") + "?simple=true").body())
        .isNotEqualTo(first.body());
  }

  @Test
  void givesTextsOnlyWhereSimpleIsAskedFor() throws Exception {
    var simple = question(get(DETAILS + "?simple=true"));
    var bare = question(get(DETAILS));

    assertThat(simple.path("heading").asText())
        .isEqualTo("How likely is it that you would recommend us?");
    assertThat(simple.path("family").asText()).isEqualTo("matrix");
    assertThat(simple.at("/answers/0/simple_text").isTextual()).isTrue();
    assertThat(bare.fieldNames()).toIterable().containsExactly("id", "answers");
    assertThat(bare.at("/answers/0").has("simple_text")).isFalse();
    assertThat(bare.at("/answers/0/choice_id")).isEqualTo(simple.at("/answers/0/choice_id"));
  }

  @Test
  void answersWhatWasPrepared() throws Exception {
    surveyMonkey.prepare("7", JSON.readTree("{\"id\":\"7\",\"survey_id\":\"310044821\"}"));

    assertThat(get("/v3/surveys/310044821/responses/7/details").body())
        .isEqualTo("{\"id\":\"7\",\"survey_id\":\"310044821\"}");
    assertThat(get("/v3/surveys/1/responses/7/details").statusCode()).isEqualTo(404);
  }

  @Test
  void saysThatADeletedResponseIsGone() throws Exception {
    surveyMonkey.delete("118332901172");

    var answer = get(DETAILS);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":{\"docs\":\"https://developer.surveymonkey.com/api/v3/#error-codes\","
                + "\"message\":\"There was an error retrieving the requested resource.\","
                + "\"id\":\"1020\",\"name\":\"Resource Not Found\",\"http_status_code\":404}}");
  }

  @Test
  void wantsTheToken() throws Exception {
    assertThat(get(DETAILS, "bearer " + SurveyMonkeyStandIn.TOKEN).statusCode()).isEqualTo(200);
    assertThat(errorOf(get(DETAILS, "Bearer other"))).isEqualTo("401 1011");
    assertThat(errorOf(get(DETAILS, "Basic eDp5"))).isEqualTo("401 1010");
  }

  @Test
  void countsCallsAndRefusesTooMany() throws Exception {
    var noon = Instant.parse("2026-03-02T12:00:20Z");
    surveyMonkey.allow(2, 500, Clock.fixed(noon, ZoneOffset.UTC));

    var first = get(DETAILS);
    assertThat(limit(first, "Minute-Limit")).isEqualTo("2");
    assertThat(limit(first, "Minute-Remaining")).isEqualTo("1");
    assertThat(limit(first, "Minute-Reset")).isEqualTo("40");
    assertThat(limit(first, "Day-Limit")).isEqualTo("500");
    assertThat(limit(first, "Day-Remaining")).isEqualTo("499");
    assertThat(limit(first, "Day-Reset")).isEqualTo("43180");
    get(DETAILS);
    var refused = get(DETAILS);
    assertThat(errorOf(refused)).isEqualTo("429 1040");
    assertThat(limit(refused, "Minute-Remaining")).isEqualTo("0");

    surveyMonkey.allow(2, 500, Clock.fixed(noon.plusSeconds(40), ZoneOffset.UTC));
    assertThat(get(DETAILS).statusCode()).isEqualTo(200);
  }

  private static String limit(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue("X-Ratelimit-App-Global-" + name).orElse("");
  }

  private static String errorOf(HttpResponse<String> answer) throws Exception {
    var error = JSON.readTree(answer.body()).path("error");
    assertThat(error.path("http_status_code").asInt()).isEqualTo(answer.statusCode());
    return answer.statusCode() + " " + error.path("id").asText();
  }

  private static JsonNode question(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body()).at("/pages/0/questions/0");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return get(path, "Bearer " + SurveyMonkeyStandIn.TOKEN);
  }

  private HttpResponse<String> get(String path, String authorization) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(surveyMonkey.url() + path))
            .header("Authorization", authorization)
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }
}
