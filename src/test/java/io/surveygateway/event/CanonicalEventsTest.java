package io.surveygateway.event;

import static io.surveygateway.event.SampleEvent.completed;
import static io.surveygateway.event.SampleEvent.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.event.CatalogueProperties.KnownQuestion;
import io.surveygateway.event.CatalogueProperties.KnownSurvey;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalEventsTest {

  private final CanonicalEvents events = new CanonicalEvents(new CatalogueProperties(List.of()));

  @Test
  void acceptsACanonicalEvent() {
    var event = completed().json();

    assertThat(events.accept(event)).isEqualTo(event).isNotSameAs(event);
  }

  @Test
  void tidiesCompletesAndThenChecks() {
    var knowing =
        new CanonicalEvents(
            new CatalogueProperties(
                List.of(
                    new KnownSurvey(
                        "3d0c",
                        null,
                        "Checkout feedback",
                        List.of(new KnownQuestion("q1", "How likely?", "nps", "rating"))))));
    var mapped =
        completed()
            .with("/time", "\"2026-03-02T09:16:55+00:00\"")
            .with("/data/survey/title", "null")
            .with("/data/collector", "{\"id\": null}");

    var event = knowing.accept(mapped.json());

    assertThat(event.path("time").textValue()).isEqualTo("2026-03-02T09:16:55.000Z");
    assertThat(event.at("/data/survey/title").textValue()).isEqualTo("Checkout feedback");
    assertThat(event.at("/data/scores/nps").intValue()).isEqualTo(9);
    assertThat(event.at("/data/collector").isMissingNode()).isTrue();
  }

  @Test
  void refusesInTheSchemasWords() {
    var mapped = completed().with("/time", "\"soonZ\"").without("/data/survey");

    assertThat(failure(mapped.json()))
        .isEqualTo(
            Failure.permanent(
                "The mapped event does not fit survey-event.schema.json. /time: does not match the"
                    + " date-time pattern must be a valid RFC 3339 date-time; /data: required"
                    + " property 'survey' not found"));
  }

  @Test
  void refusesADateThatIsNoneInAnOptionalPlaceToo() {
    assertThat(failure(completed().with("/data/startedAt", "\"yesterday\"").json()).reason())
        .contains("/data/startedAt: does not match the date-time pattern");
  }

  @Test
  void refusesAMappingThatGaveNothing() {
    assertThat(failure(null).reason())
        .isEqualTo("Expected the mapping to give one JSON object, and it gave nothing");
  }

  @Test
  void refusesAMappingThatGaveSomethingElse() {
    assertThat(failure(json("[{}]")).reason())
        .isEqualTo("Expected the mapping to give one JSON object, and it gave ARRAY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/source   | /providers/other | /source: must be /providers/ and /data/provider",
        "/subject  | popsee:other     | /subject: must be /data/key",
        "/data/id  | other            | /data/key: must be /data/provider, a colon and /data/id",
      })
  void refusesNamesThatDisagree(String pointer, String value, String complaint) {
    assertThat(failure(completed().withText(pointer, value).json()).reason())
        .isEqualTo("The mapped event does not fit survey-event.schema.json. " + complaint);
  }

  @Test
  void acceptsAnUnknownEventWithWhateverDataItBrings() {
    var mapped =
        completed()
            .withText("/type", "survey.unknown")
            .with("/data", "{\"event\": \"x\", \"deep\": [[{\"provider\": 7}]]}");

    assertThat(events.accept(mapped.json()).path("data")).isEqualTo(mapped.json().path("data"));
  }

  @Test
  void acceptsAThousandAnswers() {
    var mapped = completed();
    var answers = ((ObjectNode) mapped.json().path("data")).putArray("answers");
    for (var i = 1; i <= 1000; i++) {
      answers.addObject().put("questionId", "q" + i).put("position", i).put("value", i);
    }

    assertThat(events.accept(mapped.json()).at("/data/answers")).hasSize(1000);
  }

  /** What a sender could put into a field to make something break: each is refused, with words. */
  static Stream<Arguments> hostileAndRefused() {
    return Stream.of(
        hostile("an id that is too long", e -> e.withText("/id", "x".repeat(513))),
        hostile("an empty id", e -> e.withText("/id", "")),
        hostile("a blank id", e -> e.withText("/id", " \t")),
        hostile("an id that is a number", e -> e.with("/id", "7")),
        hostile("an id that is an object", e -> e.with("/id", "{\"x\": 1}")),
        hostile("a source that walks", e -> e.withText("/source", "/providers/../x")),
        hostile("a provider in two lines", e -> e.withText("/data/provider", "popsee\n")),
        hostile("a key of a megabyte", e -> e.withText("/data/key", "x".repeat(1 << 20))),
        hostile("a type that is null", e -> e.with("/type", "null")),
        hostile("a type that is an array", e -> e.with("/type", "[\"survey.unknown\"]")),
        hostile("a time that is a number", e -> e.with("/time", "1772442000")),
        hostile("a time of a megabyte", e -> e.withText("/time", "2".repeat(1 << 20))),
        hostile("a time with a NUL", e -> e.withText("/time", "2026-03-02T09:16:55Z\0")),
        hostile("data that is text", e -> e.with("/data", "\"x\"")),
        hostile("data that is an array", e -> e.with("/data", "[{}]")),
        hostile("data that is null", e -> e.with("/data", "null")),
        hostile("answers in an object", e -> e.with("/data/answers", "{\"0\": 1}")),
        hostile("an answer that is text", e -> e.with("/data/answers", "[\"x\"]")),
        hostile("an answer without anything", e -> e.with("/data/answers", "[{}]")),
        hostile("a position of 0", e -> e.with("/data/answers/0/position", "0")),
        hostile("a position of 1.5", e -> e.with("/data/answers/0/position", "1.5")),
        hostile("a position beyond numbers", e -> e.with("/data/answers/0/position", "1e999")),
        hostile("a value in a value", e -> e.with("/data/answers/0/value", "[[1]]")),
        hostile("an nps of eleven", e -> e.with("/data/scores", "{\"nps\": 11}")),
        hostile("a score beyond numbers", e -> e.with("/data/scores", "{\"csat\": 1e999999999}")),
        hostile("a score of text", e -> e.with("/data/scores", "{\"csat\": \"9\"}")),
        hostile("a negative duration", e -> e.with("/data/durationSeconds", "-1")),
        hostile("a nested attribute", e -> e.with("/data/attributes", "{\"a\": {\"b\": 1}}")),
        hostile("a link that is no text", e -> e.with("/data/links", "{\"a\": 1}")),
        hostile("a deep attribute", e -> e.with("/data/attributes", "{\"a\": " + deep(90) + "}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileAndRefused")
  void refuses(String what, UnaryOperator<SampleEvent> bend) {
    var failure = failure(bend.apply(completed()).json());

    assertThat(failure.kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(failure.reason())
        .startsWith("The mapped event does not fit survey-event.schema.json. ")
        .hasSizeLessThanOrEqualTo(1000);
  }

  /** What is odd, and still someone's answer: each is kept. */
  static Stream<Arguments> oddAndAccepted() {
    return Stream.of(
        hostile("an integer beyond 64 bits", e -> e.with("/data/answers/0/value", "9".repeat(40))),
        hostile("2^63", e -> e.with("/data/answers/0/value", "9223372036854775808")),
        hostile("a number beyond doubles", e -> e.with("/data/answers/0/value", "1e999999999")),
        hostile("a NUL", e -> e.withText("/data/answers/1/text", "a\0b")),
        hostile("half a character", e -> e.withText("/data/answers/1/text", "a\uD83D")),
        hostile("a megabyte of text", e -> e.withText("/data/pageUrl", "é".repeat(1 << 20))),
        hostile("an empty value", e -> e.with("/data/answers/0/value", "\"\"")),
        hostile("an array with a null", e -> e.with("/data/answers/0/value", "[1, null, \"x\"]")),
        hostile("a script", e -> e.withText("/data/pageUrl", "javascript:alert(1)")),
        hostile("a name that is a path", e -> e.with("/data/attributes", "{\"../a/~b\": 1}")),
        hostile("a prototype", e -> e.with("/data/attributes", "{\"__proto__\": 1}")),
        hostile("an empty name", e -> e.with("/data/attributes", "{\"\": 1}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oddAndAccepted")
  void accepts(String what, UnaryOperator<SampleEvent> bend) throws Exception {
    var event = events.accept(bend.apply(completed()).json());

    // What is accepted can be written, read again by anyone's parser, and read into the records.
    var bytes = SurveyJson.mapper().writeValueAsBytes(event);
    assertThat(SurveyJson.mapper().readTree(bytes)).isEqualTo(event);
    assertThat(SurveyEvent.from(event).response().toJson()).isEqualTo(event.path("data"));
    assertThat(new String(bytes, UTF_8)).doesNotContain("\\u0000");
  }

  @Test
  void refusesWhatIsNestedTooDeep() {
    var mapped = completed();
    JsonNode deep = JsonNodeFactory.instance.textNode("x");
    for (var i = 0; i < 100_000; i++) {
      deep = JsonNodeFactory.instance.arrayNode().add(deep);
    }
    ((ObjectNode) mapped.json().path("data")).set("attributes", deep);

    assertThat(failure(mapped.json()).reason())
        .isEqualTo(
            "Expected the mapped event to be nested at most 100 levels deep, and it is deeper");
  }

  @Test
  void refusesANameThatIsTooLong() {
    var mapped = completed();
    ((ObjectNode) mapped.json().path("data")).putObject("attributes").put("né".repeat(1000), 1);

    assertThat(failure(mapped.json()))
        .isEqualTo(
            Failure.permanent(
                "Expected the mapped event's members to have names of at most 2000 bytes, and one"
                    + " has 3000"));
  }

  @Test
  void refusesAnEventThatIsTooLarge() {
    var size = 7_999_000;

    assertThat(events.accept(completed().withText("/data/pageUrl", "x".repeat(size)).json()))
        .isNotNull();
    // A tab takes two characters.
    assertThat(failure(completed().withText("/data/pageUrl", "\t".repeat(size)).json()).reason())
        .matches(
            "Expected the mapped event to be at most 8000000 characters of JSON, and it is"
                + " 15998\\d{3}");
  }

  /**
   * Events made by chance round the limits: each is either refused in words that quote nothing, or
   * written and read again by whoever comes later.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givesOnlyWhatCanBeReadAgain(long seed) throws Exception {
    var chance = new ChanceJson(seed);
    var accepted = 0;
    for (var i = 0; i < 200; i++) {
      var mapped = completed().withText("/type", "survey.unknown").json();
      mapped.set("data", chance.object());
      ObjectNode event;
      try {
        event = events.accept(mapped);
      } catch (FailureException refused) {
        assertThat(refused.failure().kind()).isEqualTo(Failure.Kind.PERMANENT);
        assertThat(refused.failure().reason())
            .matches("Expected the mapped event['a-zA-Z ]+ \\d+ [a-zA-Z ,]+\\d*");
        continue;
      }
      accepted++;
      // As it is kept, and as bytes; a double's 1.0E5 is a decimal's 1.0E+5.
      var read = SurveyJson.mapper().readTree(event.toString());
      var bytes = SurveyJson.mapper().writeValueAsBytes(event);
      assertThat(SurveyJson.mapper().readTree(bytes).equals(read)).isTrue();
      assertThat(events.accept(read).equals(read)).isTrue();
    }
    assertThat(accepted).isBetween(50, 150);
  }

  private static Arguments hostile(String what, UnaryOperator<SampleEvent> bend) {
    return Arguments.of(what, bend);
  }

  private static String deep(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  private Failure failure(JsonNode mapped) {
    var thrown = catchThrowableOfType(FailureException.class, () -> events.accept(mapped));
    return Objects.requireNonNull(thrown, "accepted").failure();
  }
}
