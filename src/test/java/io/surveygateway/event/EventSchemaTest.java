package io.surveygateway.event;

import static io.surveygateway.event.SampleEvent.completed;
import static io.surveygateway.event.SampleEvent.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class EventSchemaTest {

  private static final String SECRET = "It was terrible, says ada@example.org";

  private final EventSchema schema = new EventSchema();

  @Test
  void hasNothingToSayOfACanonicalEvent() {
    assertThat(complaints(completed())).isEmpty();
  }

  @Test
  void namesWhatIsMissing() {
    assertThat(complaints(completed().without("/data/answers/0/questionId")))
        .containsExactly("/data/answers/0: required property 'questionId' not found");
  }

  @Test
  void namesWhatHasNoPlace() {
    assertThat(complaints(completed().with("/data/mood", "1")))
        .containsExactly(
            "/data: property 'mood' is not defined in the schema and the schema does not allow"
                + " additional properties");
  }

  @Test
  void saysWhatAWordShouldHaveBeen() {
    assertThat(complaints(completed().with("/data/status", "\"done\"")))
        .containsExactly(
            "/data/status: does not have a value in the enumeration [\"completed\", \"partial\","
                + " \"disqualified\", \"over_quota\", \"deleted\"]");
  }

  @Test
  void checksThatDatesAreDates() {
    assertThat(complaints(completed().with("/time", "\"2026-02-30T09:16:55Z\"")))
        .containsExactly(
            "/time: does not match the date-time pattern must be a valid RFC 3339 date-time");
  }

  @Test
  void speaksOfTheEventItselfByThatName() {
    assertThat(schema.complaints(json("[]")))
        .containsExactly("the event: array found, object expected");
  }

  @Test
  void speaksEnglishWhateverTheMachineSpeaks() {
    var before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(new EventSchema().complaints(completed().without("/time").json()))
          .containsExactly("the event: required property 'time' not found");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void countsWhatItDoesNotList() {
    var event = completed();
    IntStream.range(0, 1000).forEach(i -> event.with("/data/odd" + i, "1"));

    assertThat(complaints(event)).hasSize(6).endsWith("and 995 more");
  }

  @Test
  void showsNothingThatARespondentWrote() {
    var secret = "\"" + SECRET + "\"";
    var everywhere =
        List.of(
            completed().with("/specversion", secret),
            completed().with("/id", secret.repeat(1).replace("It", "x".repeat(600))),
            completed().with("/source", secret),
            completed().with("/type", secret),
            completed().with("/subject", "[" + secret + "]"),
            completed().with("/time", secret),
            completed().with("/dataschema", secret),
            completed().with("/data", secret),
            completed().withText("/" + SECRET, "x"),
            completed().with("/data/provider", secret),
            completed().with("/data/status", secret),
            completed().with("/data/survey", "{\"id\": {" + secret + ": 1}}"),
            completed().with("/data/respondent", "{" + secret + ": 1}"),
            completed().with("/data/startedAt", secret),
            completed().with("/data/durationSeconds", secret),
            completed().with("/data/scores", "{\"nps\": " + secret + "}"),
            completed().with("/data/scores", "{" + secret + ": " + secret + "}"),
            completed().with("/data/attributes", "{" + secret + ": {" + secret + ": 1}}"),
            completed().with("/data/links", "{" + secret + ": [" + secret + "]}"),
            completed().with("/data/answers", "[" + secret + "]"),
            completed().with("/data/answers", "[{\"type\": " + secret + "}]"),
            completed().with("/data/answers/0/value", "[[" + secret + "]]"),
            completed().with("/data/answers/0/choiceIds", secret),
            completed().with("/data/answers/0/" + SECRET, secret));

    assertThat(everywhere)
        .allSatisfy(
            event ->
                assertThat(complaints(event))
                    .isNotEmpty()
                    .allSatisfy(
                        complaint ->
                            assertThat(complaint)
                                .doesNotContain("terrible", "ada", "example.org")));
  }

  @Test
  void knowsTheSameTypesAsTheCode() throws IOException {
    var definition = definition();

    assertThat(texts(definition.at("/properties/type/enum")))
        .containsExactlyElementsOf(Arrays.stream(EventType.values()).map(EventType::text).toList());
    assertThat(texts(definition.at("/$defs/response/properties/status/enum")))
        .containsExactlyElementsOf(
            Arrays.stream(SurveyResponse.Status.values())
                .map(SurveyResponse.Status::text)
                .toList());
    assertThat(texts(definition.at("/$defs/answer/properties/type/enum")))
        .containsExactlyInAnyOrderElementsOf(Answer.TYPES);
    assertThat(definition.path("$id").textValue()).isEqualTo(SurveyEvent.DATA_SCHEMA);
  }

  @Test
  void servesManyThreads() throws Exception {
    var good = completed().json();
    var bad = completed().without("/time").json();
    var work = new ArrayList<Callable<List<String>>>();
    for (var i = 0; i < 400; i++) {
      var event = i % 2 == 0 ? good : bad;
      work.add(() -> schema.complaints(event));
    }
    var threads = Executors.newFixedThreadPool(8);
    try {
      var answers = threads.invokeAll(work);
      for (var i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).hasSize(i % 2);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private List<String> complaints(SampleEvent event) {
    return schema.complaints(event.json());
  }

  private static JsonNode definition() throws IOException {
    try (var stream =
        EventSchemaTest.class.getResourceAsStream("/schema/survey-event.schema.json")) {
      return SurveyJson.mapper().readTree(stream);
    }
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::textValue)
        .collect(Collectors.toList());
  }
}
