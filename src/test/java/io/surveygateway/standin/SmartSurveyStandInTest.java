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
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SmartSurveyStandInTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:30Z");
  private static final String LIST = "/v2/surveys/90311/responses";

  private final HttpClient http = HttpClient.newHttpClient();
  private SmartSurveyStandIn smartSurvey;

  @BeforeEach
  void start() {
    smartSurvey = SmartSurveyStandIn.start();
    for (var id = 1; id <= 12; id++) {
      smartSurvey.prepare(SmartSurveyResponse.madeUp("90311", id, NOW.plusSeconds(id)));
    }
  }

  @AfterEach
  void stop() {
    smartSurvey.close();
  }

  @Test
  void refusesAnotherKey() throws Exception {
    var answer = get("/v2/surveys", "another:key");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(json(answer).path("code").asText()).isEqualTo("unauthorized");
  }

  @Test
  void listsTenOnAPageWhereNoSizeIsAskedForAndSaysHowManyThereAre() throws Exception {
    var first = get(LIST);
    var second = get(LIST + "?page=2");

    assertThat(json(first)).hasSize(10);
    assertThat(json(second)).hasSize(2);
    assertThat(first.headers().firstValue("X-SS-Pagination-Total")).contains("12");
    assertThat(second.headers().firstValue("X-SS-Pagination-Returned")).contains("2");
    assertThat(get(LIST + "?page_size=101").statusCode()).isEqualTo(400);
  }

  @Test
  void listsWithinAnObjectWhereItIsToldTo() throws Exception {
    smartSurvey.listObjects();

    var list = json(get(LIST + "?page_size=5&page=3"));

    assertThat(list.path("records")).hasSize(2);
    assertThat(list.path("page_index").asInt()).isEqualTo(3);
    assertThat(list.path("pages").asInt()).isEqualTo(3);
    assertThat(list.path("total").asInt()).isEqualTo(12);
  }

  @Test
  void givesLabelsOnlyWhereTheyAreAskedFor() throws Exception {
    var question = "/0/pages/0/questions/0";

    assertThat(json(get(LIST + "?include_labels=true")).at(question + "/title").asText())
        .isEqualTo("How was it?");
    assertThat(json(get(LIST)).at(question).has("title")).isFalse();
  }

  @Test
  void listsCompletedResponsesSinceADate() throws Exception {
    smartSurvey.prepare(
        SmartSurveyResponse.madeUp("90311", 13, NOW.plusSeconds(13)).put("status", "partial"));

    var list = json(get(LIST + "?since=" + NOW.plusSeconds(11).getEpochSecond()));

    assertThat(list).extracting(response -> response.path("id").asInt()).containsExactly(12, 11);
    assertThat(json(get(LIST + "?completed=2&page_size=100"))).hasSize(13);
  }

  @Test
  void saysWhenItHasHadEnough() throws Exception {
    smartSurvey.allow(1, 10, Clock.fixed(NOW, ZoneOffset.UTC));

    var first = get(LIST);
    var second = get(LIST);

    assertThat(first.headers().firstValue("X-RateLimit-Remaining")).contains("9");
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.headers().firstValue("Retry-After")).contains("30");
    assertThat(json(second).path("code").asText()).isEqualTo("too_many_requests");
    assertThat(smartSurvey.refused()).isEqualTo(1);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return get(path, SmartSurveyStandIn.TOKEN + ":" + SmartSurveyStandIn.SECRET);
  }

  private HttpResponse<String> get(String path, String key) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(smartSurvey.url() + path))
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(key.getBytes()))
            .build(),
        BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }
}
