package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.event.CanonicalEvents;
import io.surveygateway.event.CatalogueProperties;
import io.surveygateway.event.CatalogueProperties.KnownQuestion;
import io.surveygateway.event.CatalogueProperties.KnownSurvey;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.FailureException;
import java.nio.charset.StandardCharsets;
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
 * The map route of {@code routes/providers/popsee}, where its samples do not say enough: with a
 * survey catalogue, and with bodies that are not as Popsee documents them.
 */
class PopseeMapRouteTest {

  private static final Path FOLDER = Path.of("routes/providers/popsee");

  private static MapRoute route;

  @BeforeAll
  static void startRoute() throws Exception {
    route = new MapRoute("popsee", FOLDER.resolve("popsee.camel.yaml"), Map.of());
  }

  @AfterAll
  static void stopRoute() {
    route.close();
  }

  @Test
  void givesAnswersTheirTitlesAndRolesFromTheCatalogue() throws Exception {
    var catalogue =
        new KnownSurvey(
            "3d0c9a52-6a60-4b1e-9a1f-6d1f5b0c7e11",
            "popsee",
            "Not this one",
            List.of(
                new KnownQuestion("q1", "How likely would you recommend us?", "nps", "rating"),
                new KnownQuestion("q2", "Why?", "comment", null)));

    var data = map(completed(), catalogue).path("data");

    assertThat(data.at("/survey/title").textValue()).isEqualTo("Checkout feedback");
    assertThat(data.at("/answers/0/question").textValue())
        .isEqualTo("How likely would you recommend us?");
    assertThat(data.at("/answers/0/type").textValue()).isEqualTo("rating");
    assertThat(data.at("/scores/nps").intValue()).isEqualTo(9);
    assertThat(data.at("/attributes/comment").textValue()).isEqualTo("Great service!");
  }

  @ParameterizedTest
  @CsvSource({"/response", "/response/id", "/survey", "/survey/id"})
  void setsAsideWhatDoesNotSayWhichResponseItIs(String pointer) throws Exception {
    assertThatThrownBy(() -> map(without(completed(), pointer)))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("required property");
  }

  @ParameterizedTest
  @CsvSource({"[], array", "'\"response.completed\"', string", "7, number", "null, null"})
  void setsAsideWhatIsNoObject(String body, String type) {
    assertThatThrownBy(() -> route.map(body.getBytes(StandardCharsets.UTF_8), "", null))
        .rootCause()
        .hasMessage("expected an event as a JSON object, and got " + type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} {}", "event=response.completed"})
  void setsAsideWhatIsNoJson(String body) {
    assertThatThrownBy(() -> route.map(body.getBytes(StandardCharsets.UTF_8), "", null))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void keepsTwoUnknownEventsApartThatSayNothingOfThemselves() throws Exception {
    assertThat(map(SurveyJson.mapper().readTree("{\"hello\": 1}")).path("id").textValue())
        .isEqualTo("request|1");
  }

  /**
   * Whatever stands where something else was promised, the mapping itself does not fail: what comes
   * of it is accepted, or refused by the schema with words that show no value.
   */
  @ParameterizedTest
  @CsvSource({
    "/event",
    "/timestamp",
    "/origin",
    "/survey",
    "/survey/id",
    "/survey/name",
    "/response",
    "/response/id",
    "/response/answers",
    "/response/answers/0",
    "/response/answers/0/questionId",
    "/response/answers/0/value",
    "/response/customParams",
    "/response/customParams/email",
    "/response/customParams/userId",
    "/response/customParams/plan",
    "/response/completedAt",
    "/response/pageUrl"
  })
  void survivesAnythingAnywhere(String pointer) throws Exception {
    var odd =
        SurveyJson.mapper()
            .readTree(
                """
                [null, true, false, 0, -1, 1.5, 1e999999999, 123456789012345678901234567890,
                 "", " ", "secret", "\\u0000\\ud83d", [], ["secret", null, [1]], {}, {"a": null},
                 {"secret": {"secret": [{"secret": "secret"}]}}]""");
    for (var value : odd) {
      var body = with(completed(), pointer, value);
      try {
        assertThat(map(body).path("id").textValue()).isNotBlank();
      } catch (FailureException refused) {
        assertThat(refused).hasMessageNotContaining("secret");
      }
    }
  }

  private static JsonNode map(JsonNode body, KnownSurvey... catalogue) throws Exception {
    var mapped = route.map(SurveyJson.mapper().writeValueAsBytes(body), "", "application/json");
    assertThat(mapped).hasSize(1);
    return new CanonicalEvents(new CatalogueProperties(List.of(catalogue))).accept(mapped.get(0));
  }

  private static JsonNode completed() throws Exception {
    return SurveyJson.mapper()
        .readTree(Files.readAllBytes(FOLDER.resolve("samples/completed.json")));
  }

  private static JsonNode with(JsonNode body, String pointer, JsonNode value) {
    var slash = pointer.lastIndexOf('/');
    var holder = body.at(pointer.substring(0, slash));
    var name = pointer.substring(slash + 1);
    if (holder instanceof ObjectNode object) {
      object.set(name, value);
    } else {
      ((ArrayNode) holder).set(Integer.parseInt(name), value);
    }
    return body;
  }

  private static JsonNode without(JsonNode body, String pointer) {
    var slash = pointer.lastIndexOf('/');
    ((ObjectNode) body.at(pointer.substring(0, slash))).remove(pointer.substring(slash + 1));
    return body;
  }
}
