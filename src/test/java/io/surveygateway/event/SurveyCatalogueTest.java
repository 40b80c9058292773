package io.surveygateway.event;

import static io.surveygateway.event.SampleEvent.completed;
import static io.surveygateway.event.SampleEvent.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.event.CatalogueProperties.KnownQuestion;
import io.surveygateway.event.CatalogueProperties.KnownSurvey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurveyCatalogueTest {

  @Test
  void givesTitlesWhereTheEventHasNone() {
    var event = complete(completed(), question("q1", null), question("q9", null));

    assertThat(event.at("/data/survey/title").textValue()).isEqualTo("Checkout feedback");
    assertThat(event.at("/data/answers/0/question").textValue()).isEqualTo("Title of q1");
    assertThat(event.at("/data/answers/0/type").textValue()).isEqualTo("rating");
    assertThat(event.at("/data/answers/1/question").isMissingNode()).isTrue();
  }

  @Test
  void leavesWhatTheEventBrings() {
    var event =
        completed()
            .with("/data/survey/title", "\"Mine\"")
            .with("/data/scores", "{\"nps\": 3}")
            .with("/data/respondent", "{\"email\": \"mine@example.org\"}");
    ((ObjectNode) event.json().at("/data/answers/0")).put("question", "My own?");

    var completed = complete(event, question("q1", "nps"), question("q2", "email"));

    assertThat(completed.at("/data/survey/title").textValue()).isEqualTo("Mine");
    assertThat(completed.at("/data/scores/nps").intValue()).isEqualTo(3);
    assertThat(completed.at("/data/respondent/email").textValue()).isEqualTo("mine@example.org");
    assertThat(completed.at("/data/answers/0/question").textValue()).isEqualTo("My own?");
  }

  @Test
  void knowsTheTypeOfAnAnswerBetterThanAProviderThatGuesses() {
    var event = completed();
    ((ObjectNode) event.json().at("/data/answers/0")).put("type", "number");

    assertThat(complete(event, question("q1", null)).at("/data/answers/0/type").textValue())
        .isEqualTo("rating");
  }

  @ParameterizedTest
  @CsvSource({
    "nps,  9,          9",
    "nps,  0,          0",
    "nps,  10,         10",
    "nps,  8.5,        8.5",
    "nps,  '\"9\"',    9",
    "nps,  '\" 7.5 \"', 7.5",
    "csat, -3,         -3",
    "csat, 87,         87",
    "ces,  '\"6\"',    6",
  })
  void takesAScoreFromANumberOrItsText(String role, String value, String score) {
    var event = complete(answered(value), question("q1", role));

    assertThat(event.at("/data/scores")).isEqualTo(json("{\"" + role + "\": " + score + "}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "11",
        "-1",
        "10.01",
        "\"11\"",
        "\"nine\"",
        "\"9 - likely\"",
        "\"\"",
        "\"1e1\"",
        "\"99999999999999999999\"",
        "true",
        "[9]",
        "1e999"
      })
  void takesNoScoreFromAnythingElse(String value) {
    var event = complete(answered(value), question("q1", "nps"));

    assertThat(event.at("/data/scores").isMissingNode()).isTrue();
  }

  @Test
  void takesTheTextOfAnAnswerThatHasNoValue() {
    var event =
        completed()
            .with("/data/answers", "[{\"questionId\":\"q1\",\"position\":1,\"text\":\"8\"}]");

    assertThat(complete(event, question("q1", "nps")).at("/data/scores/nps").intValue())
        .isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "email,      '\" ada@example.org \"', ada@example.org",
    "name,       '\"Ada\"',               Ada",
    "phone,      4312345,                 4312345",
    "externalId, 9007199254740993,        9007199254740993",
  })
  void takesTheRespondentFromAnswers(String role, String value, String text) {
    var event = complete(answered(value), question("q1", role));

    assertThat(event.at("/data/respondent"))
        .isEqualTo(json("{\"" + role + "\": \"" + text + "\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"  \"", "true", "[\"ada@example.org\"]"})
  void takesNoRespondentFromAnswersWithoutWords(String value) {
    var event = complete(answered(value), question("q1", "email"));

    assertThat(event.at("/data/respondent").isMissingNode()).isTrue();
  }

  @Test
  void keepsTheCommentAsAnAttribute() {
    var event = complete(completed(), question("q2", "comment"));

    assertThat(event.at("/data/attributes")).isEqualTo(json("{\"comment\": \"Très bien 👍\"}"));
  }

  @Test
  void countsTheFirstAnswerThatGivesSomething() {
    var event =
        completed()
            .with(
                "/data/answers",
                """
                [{"questionId": "q1", "position": 1, "value": ""},
                 {"questionId": "q2", "position": 2, "value": "b@example.org"},
                 {"questionId": "q3", "position": 3, "value": "c@example.org"}]""");

    assertThat(
            complete(
                    event,
                    question("q1", "email"),
                    question("q2", "email"),
                    question("q3", "email"))
                .at("/data/respondent/email")
                .textValue())
        .isEqualTo("b@example.org");
  }

  @Test
  void prefersWhatIsSaidForTheProvider() {
    var any = new KnownSurvey("3d0c", null, "Anyone's", List.of());
    var popsee = new KnownSurvey("3d0c", "popsee", "Popsee's", List.of());
    var other = new KnownSurvey("3d0c", "smartsurvey", "Another's", List.of());

    assertThat(title(any, popsee, other)).isEqualTo("Popsee's");
    assertThat(title(any, other)).isEqualTo("Anyone's");
    assertThat(title(other)).isEmpty();
  }

  @Test
  void completesTheTitleInEventsAboutSurveysAndCollectors() {
    for (var type : List.of("survey.updated", "survey.collector.created")) {
      var event =
          completed()
              .withText("/type", type)
              .with("/data", "{\"provider\": \"popsee\", \"survey\": {\"id\": \"3d0c\"}}");

      assertThat(complete(event).at("/data/survey/title").textValue())
          .isEqualTo("Checkout feedback");
    }
  }

  @Test
  void leavesTheDataOfAnUnknownEventAlone() {
    var event = completed().withText("/type", "survey.unknown");
    var before = event.json().deepCopy();

    assertThat(complete(event, question("q1", "nps"))).isEqualTo(before);
  }

  @Test
  void survivesPartsThatAreSomethingElse() {
    for (var pointer : List.of("/type", "/data", "/data/survey", "/data/answers", "/data/scores")) {
      var event = completed().with(pointer, "[7, {\"questionId\": [1]}]");

      assertThat(complete(event, question("q1", "nps")).at(pointer).isArray()).isTrue();
    }
  }

  private static SampleEvent answered(String value) {
    return completed()
        .with("/data/answers", "[{\"questionId\":\"q1\",\"position\":1,\"value\":" + value + "}]");
  }

  private static KnownQuestion question(String id, String role) {
    return new KnownQuestion(id, "Title of " + id, role, "rating");
  }

  private static JsonNode complete(SampleEvent event, KnownQuestion... questions) {
    return completeFrom(
        event, new KnownSurvey("3d0c", "popsee", "Checkout feedback", List.of(questions)));
  }

  private static JsonNode completeFrom(SampleEvent event, KnownSurvey... surveys) {
    new SurveyCatalogue(new CatalogueProperties(List.of(surveys))).complete(event.json());
    return event.json();
  }

  private static String title(KnownSurvey... surveys) {
    return completeFrom(completed(), surveys).at("/data/survey/title").asText();
  }
}
