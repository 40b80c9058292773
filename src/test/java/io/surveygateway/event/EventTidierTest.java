package io.surveygateway.event;

import static io.surveygateway.event.SampleEvent.completed;
import static io.surveygateway.event.SampleEvent.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import org.junit.jupiter.api.Test;

class EventTidierTest {

  @Test
  void leavesATidyEventAsItIs() {
    var event = completed().json();

    assertThat(EventTidier.tidy(event)).isEqualTo(event);
  }

  @Test
  void changesNothingOfWhatItIsGiven() {
    var event = completed().with("/data/collector", "null").with("/time", "\"2026-03-02T09:16Z\"");
    var before = event.json().deepCopy();

    EventTidier.tidy(event.json());

    assertThat(event.json()).isEqualTo(before);
  }

  @Test
  void dropsNullsAndObjectsThatHoldNothingElse() {
    var event =
        completed()
            .with("/data/collector", "{\"id\": null, \"name\": null}")
            .with("/data/respondent", "{\"email\": \"ada@example.org\", \"name\": null}")
            .with("/data/links", "{}")
            .with("/data/attributes", "{\"plan\": [null, \"pro\", null]}");

    var tidy = tidy(event);

    assertThat(tidy.at("/data/collector").isMissingNode()).isTrue();
    assertThat(tidy.at("/data/links").isMissingNode()).isTrue();
    assertThat(tidy.at("/data/respondent")).isEqualTo(json("{\"email\": \"ada@example.org\"}"));
    assertThat(tidy.at("/data/attributes")).isEqualTo(json("{\"plan\": [\"pro\"]}"));
  }

  @Test
  void keepsDataThatHoldsNothing() {
    assertThat(tidy(completed().with("/data", "{\"x\": null}")).path("data")).isEqualTo(json("{}"));
  }

  @Test
  void keepsEmptyTextEmptyArraysFalseAndZero() {
    var attributes = "{\"a\": \"\", \"b\": [], \"c\": false, \"d\": 0}";

    assertThat(tidy(completed().with("/data/attributes", attributes)).at("/data/attributes"))
        .isEqualTo(json(attributes));
  }

  @Test
  void replacesWhatPostgresqlCannotHold() {
    var event =
        completed()
            .withText("/data/pageUrl", "a\0b\uD83Dc\uDC4Dd👍e\uD83D")
            .with("/data/attributes", "{\"na\\u0000me\": \"\\ud83d\"}");

    var tidy = tidy(event);

    assertThat(tidy.at("/data/pageUrl").textValue()).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd👍e\uFFFD");
    assertThat(tidy.at("/data/attributes/na\uFFFDme").textValue()).isEqualTo("\uFFFD");
  }

  @Test
  void keepsDigitsThatADoubleHoldsInPart() {
    var attributes =
        "{\"a\": 123456789012345678901234567890, \"b\": 12.30, \"c\": 9007199254740993}";

    assertThat(tidy(completed().with("/data/attributes", attributes)).at("/data/attributes"))
        .hasToString("{\"a\":123456789012345678901234567890,\"b\":12.30,\"c\":9007199254740993}");
  }

  @Test
  void writesNumbersThatNoDoubleHoldsAsText() {
    var attributes =
        "{\"a\": 1e999999999, \"b\": -1e400, \"c\": 1e-999999999, \"d\": %s}"
            .formatted("9".repeat(400));

    assertThat(tidy(completed().with("/data/attributes", attributes)).at("/data/attributes"))
        .hasToString(
            "{\"a\":\"1E+999999999\",\"b\":\"-1E+400\",\"c\":\"1E-999999999\",\"d\":\"%s\"}"
                .formatted("9".repeat(400)));
  }

  @Test
  void writesAResponsesInstantsInOneForm() {
    var event =
        completed()
            .with("/time", "\"2026-03-02T09:16:55.182613+00:00\"")
            .with("/data/startedAt", "\"2026-03-02T10:14:07+01:00\"")
            .with("/data/completedAt", "\"2026-03-02T09:16:55\"")
            .with("/data/modifiedAt", "\"2026-03-02 09:16:55Z\"");

    var tidy = tidy(event);

    assertThat(tidy.path("time").textValue()).isEqualTo("2026-03-02T09:16:55.182Z");
    assertThat(tidy.at("/data/startedAt").textValue()).isEqualTo("2026-03-02T09:14:07.000Z");
    assertThat(tidy.at("/data/completedAt").textValue()).isEqualTo("2026-03-02T09:16:55.000Z");
    assertThat(tidy.at("/data/modifiedAt").textValue()).isEqualTo("2026-03-02T09:16:55.000Z");
  }

  @Test
  void leavesWhatIsNoInstantForTheSchemaToComplainAbout() {
    var tidy = tidy(completed().with("/time", "\"soon\"").with("/data/startedAt", "17"));

    assertThat(tidy.path("time").textValue()).isEqualTo("soon");
    assertThat(tidy.at("/data/startedAt").intValue()).isEqualTo(17);
  }

  @Test
  void leavesTheDatesOfAnUnknownEventAsTheSenderWroteThem() {
    var event =
        completed()
            .with("/type", "\"survey.unknown\"")
            .with("/data/completedAt", "\"2026-03-02T09:16:55+01:00\"");

    assertThat(tidy(event).at("/data/completedAt").textValue())
        .isEqualTo("2026-03-02T09:16:55+01:00");
  }

  @Test
  void refusesWhatIsNestedTooDeepInsteadOfOverflowing() {
    assertThatThrownBy(() -> tidy(nested(100_000)))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown ->
                assertThat(thrown.failure())
                    .isEqualTo(
                        Failure.permanent(
                            "Expected the mapped event to be nested at most 100 levels deep, and"
                                + " it is deeper")));
  }

  private static SampleEvent nested(int levels) {
    var event = completed();
    var innermost = (ObjectNode) event.json().path("data");
    for (var i = 0; i < levels; i++) {
      innermost = innermost.putObject("in");
    }
    return event;
  }

  private static JsonNode tidy(SampleEvent event) {
    return EventTidier.tidy(event.json());
  }
}
