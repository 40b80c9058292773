package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How {@code smartsurvey.camel.yaml} goes through a batch; what becomes of it is in the samples.
 */
class SmartSurveyMapRouteTest {

  /** In place of the gateway's own, which knows the store. */
  private static final String SET_ASIDE =
      """
      - routeConfiguration:
          id: set-aside-unreadable
          onException:
            - onException:
                exception: [java.lang.Exception]
                handled: {constant: {expression: "true"}}
                steps:
                  - log: {message: "set aside"}
      """;

  private static MapRoute route;
  private static MapRoute bare;

  @BeforeAll
  static void start() throws Exception {
    var routes = Path.of("routes/providers/smartsurvey/smartsurvey.camel.yaml");
    route = new MapRoute("smartsurvey", routes, Map.of(), SET_ASIDE);
    bare = new MapRoute("smartsurvey", routes, Map.of());
  }

  @AfterAll
  static void stop() {
    route.close();
    bare.close();
  }

  @Test
  void losesOneResponseToOneBadItem() throws Exception {
    var batch =
        "[%s,5,null,{},\"x\",[],%s,{\"id\":0},%s]".formatted(response(1), response(2), response(4));

    assertThat(idsOf(batch)).containsExactly("1", "2", "4");
  }

  @Test
  void goesThroughAThousandResponsesInTheirOrder() throws Exception {
    var batch =
        IntStream.rangeClosed(1, 1000)
            .mapToObj(SmartSurveyMapRouteTest::response)
            .collect(Collectors.joining(",", "[", "]"));

    assertThat(idsOf(batch))
        .isEqualTo(IntStream.rangeClosed(1, 1000).mapToObj(String::valueOf).toList());
  }

  @Test
  void saysWhatIsWrongWithAnItem() {
    assertThatThrownBy(() -> map(bare, "[5]"))
        .rootCause()
        .hasMessage("expected a response as a JSON object, and got number");
    assertThatThrownBy(() -> map(bare, "[{\"status\":\"completed\"}]"))
        .rootCause()
        .hasMessage("expected a response with an id, and there is none");
  }

  @Test
  void saysWhatToDoAboutXml() {
    assertThatThrownBy(
            () -> bare.map("<responses/>".getBytes(UTF_8), "", "text/XML; charset=utf-8"))
        .hasMessage(
            "Expected JSON from SmartSurvey, and got XML: set this webhook to JSON in SmartSurvey,"
                + " then replay");
  }

  @Test
  void readsJsonWhateverItIsCalled() throws Exception {
    assertThat(bare.map(response(1).getBytes(UTF_8), "", null)).hasSize(1);
    assertThat(bare.map(response(1).getBytes(UTF_8), "", "text/plain")).hasSize(1);
  }

  private static List<String> idsOf(String batch) throws Exception {
    var ids = new ArrayList<String>();
    map(route, batch).forEach(event -> ids.add(event.at("/data/id").asText()));
    return ids;
  }

  private static List<JsonNode> map(MapRoute route, String batch) throws Exception {
    return route.map(batch.getBytes(UTF_8), "", "application/json");
  }

  private static String response(int id) {
    return """
        {"id":%d,"survey_id":9,"date_started":"2026-03-02T09:14:07Z","status":"completed",
         "date_ended":"2026-03-02T09:16:55Z","date_modified":"2026-03-02T09:16:55Z",
         "pages":[{"id":1,"questions":[{"id":11,"title":"How?","type":"single_choice",
           "answers":[{"id":1,"type":"radio","choice_title":"Good","choice_id":111}]}]}]}"""
        .formatted(id);
  }
}
