package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.event.CanonicalEvents;
import io.surveygateway.event.CatalogueProperties;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.FailureException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The map route of {@code routes/providers/smartermeasure}, where its samples do not say enough:
 * names by settings, the two formats, and bodies that are not as the vendor describes them.
 */
class SmarterMeasureMapRouteTest {

  private static final Path FOLDER = Path.of("routes/providers/smartermeasure");

  private static final CanonicalEvents EVENTS =
      new CanonicalEvents(new CatalogueProperties(List.of()));

  private static MapRoute route;

  @BeforeAll
  static void startRoute() throws Exception {
    route = route(Map.of());
  }

  @AfterAll
  static void stopRoute() {
    route.close();
  }

  @Test
  void readsTheNamesOfEventsFromTheSettings() throws Exception {
    var settings =
        Map.<String, Object>of(
            "gateway.providers.smartermeasure.started-event", "AssessmentBegun",
            "gateway.providers.smartermeasure.completed-event", "AssessmentDone");
    try (var renamed = route(settings)) {
      assertThat(type(renamed, "AssessmentBegun")).isEqualTo("survey.response.started");
      assertThat(type(renamed, "AssessmentDone")).isEqualTo("survey.response.completed");
      assertThat(type(renamed, "assessment.completed")).isEqualTo("survey.unknown");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain", "application/xml", ""})
  void seesTheFormatFromTheBodyWhateverTheContentTypeSays(String contentType) throws Exception {
    var json = "{\"event\": \"assessment.completed\", \"assessment_id\": \"as-1\"}";
    var xml = "<x><event>assessment.completed</event><assessment_id>as-1</assessment_id></x>";

    assertThat(map(route, json, contentType)).isEqualTo(map(route, xml, contentType));
  }

  @ParameterizedTest
  @CsvSource({
    "81, '{\"overall\":81}'",
    "'\"81\"', '{\"overall\":81}'",
    "'\"-7.25\"', '{\"overall\":-7.25}'",
    "'{\"overall\": \"81\", \"typing\": 4}', '{\"overall\":81,\"typing\":4}'",
  })
  void readsScoresAsNumbers(String score, String scores) throws Exception {
    assertThat(map(route, completed(score), "").at("/data/scores")).hasToString(scores);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"n/a\"", "\"\"", "null", "true", "[81]", "{}", "\"81\\n\"", "\"0x51\""})
  void takesNothingElseForAScore(String score) throws Exception {
    assertThat(map(route, completed(score), "").at("/data/scores").isMissingNode()).isTrue();
  }

  @Test
  void setsAsideWhatSaysNothingOfAnAssessment() {
    assertThatThrownBy(() -> map(route, "{\"event\": \"assessment.completed\"}", ""))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("/data: required property 'id' not found");
  }

  @Test
  void setsAsideXmlThatWouldReachOut() {
    var xml = "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\"><x/>";

    assertThatThrownBy(() -> map(route, xml, "text/xml"))
        .isInstanceOf(FailureException.class)
        .hasMessage("Expected XML without a DOCTYPE, and there is one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "7", "event=assessment.completed", "<x>"})
  void setsAsideWhatIsNoEvent(String body) {
    assertThatThrownBy(() -> map(route, body, "")).isInstanceOf(Exception.class);
  }

  @Test
  void keepsXmlWithARootAloneAsAnUnknownEvent() throws Exception {
    assertThat(map(route, "<ping/>", "").path("type").textValue()).isEqualTo("survey.unknown");
    assertThat(map(route, "<ping>x</ping>", "").path("type").textValue())
        .isEqualTo("survey.unknown");
  }

  /**
   * Whatever stands where something else was promised, the mapping itself does not fail: what comes
   * of it is accepted, or refused by the schema with words that show no value.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"event", "callback_id", "user_id", "assessment_id", "score", "timestamp", "more"})
  void survivesAnythingAnywhere(String name) throws Exception {
    var odd =
        SurveyJson.mapper()
            .readTree(
                """
                [null, true, false, 0, -1, 1.5, 1e999999999, 123456789012345678901234567890,
                 "", " ", "secret", "\\u0000\\ud83d", [], ["secret", null, [1]], {}, {"a": null},
                 {"secret": {"secret": [{"secret": "secret"}]}}]""");
    for (var value : odd) {
      var body =
          (ObjectNode)
              SurveyJson.mapper()
                  .readTree(Files.readAllBytes(FOLDER.resolve("samples/completed.json")));
      body.set(name, value);
      try {
        assertThat(map(route, body.toString(), "").path("id").textValue()).isNotBlank();
      } catch (FailureException refused) {
        assertThat(refused).hasMessageNotContaining("secret");
      }
    }
  }

  private static MapRoute route(Map<String, Object> settings) throws Exception {
    return new MapRoute("smartermeasure", FOLDER.resolve("smartermeasure.camel.yaml"), settings);
  }

  private static String type(MapRoute route, String event) throws Exception {
    var body = "{\"event\": \"" + event + "\", \"assessment_id\": \"as-1\"}";
    return map(route, body, "").path("type").textValue();
  }

  private static String completed(String score) {
    return "{\"event\": \"assessment.completed\", \"assessment_id\": \"as-1\", \"score\": "
        + score
        + "}";
  }

  private static JsonNode map(MapRoute route, String body, String contentType) throws Exception {
    var mapped = route.map(body.getBytes(UTF_8), "", contentType);
    assertThat(mapped).hasSize(1);
    return EVENTS.accept(mapped.get(0));
  }
}
