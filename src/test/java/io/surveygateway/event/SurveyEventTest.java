package io.surveygateway.event;

import static io.surveygateway.event.SampleEvent.completed;
import static io.surveygateway.event.SampleEvent.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The records of an event, from and to JSON. */
class SurveyEventTest {

  private static final String WHOLE =
      """
      {"specversion": "1.0", "id": "e1", "source": "/providers/popsee",
       "type": "survey.response.completed", "subject": "popsee:b6f1",
       "time": "2026-03-02T09:16:55.182Z", "dataschema": "urn:survey-gateway:survey-event:1",
       "data": {
         "key": "popsee:b6f1", "provider": "popsee", "id": "b6f1", "status": "over_quota",
         "survey": {"id": "3d0c", "title": "Checkout"},
         "collector": {"id": "c1", "name": "Mail", "channel": "email"},
         "respondent": {"id": "r1", "email": "ada@example.org", "name": "Ada L", "firstName": "Ada",
           "lastName": "L", "phone": "43", "externalId": "u1", "language": "en"},
         "startedAt": "2026-03-02T09:14:07.000Z", "completedAt": "2026-03-02T09:16:55.000Z",
         "modifiedAt": "2026-03-02T09:16:56.000Z", "durationSeconds": 168.5,
         "answers": [
           {"questionId": "q1", "rowId": "r1", "position": 1, "question": "How – row",
            "type": "choices", "value": ["a", 2, true], "text": "a, 2, yes",
            "choiceIds": ["c1", "c2"]},
           {"questionId": "q2", "position": 2}],
         "scores": {"nps": 9, "mood": 1.5},
         "attributes": {"z": "pro", "a": [1, "x"], "n": 123456789012345678901234567890},
         "pageUrl": "https://shop.example.org", "links": {"edit": "https://x", "api": "https://y"}}}
      """;

  @Test
  void keepsEverythingOnTheWayThroughTheRecords() {
    var event = SurveyEvent.from(json(WHOLE));

    assertThat(event.toJson()).hasToString(json(WHOLE).toString());
    assertThat(event.response().toJson()).hasToString(json(WHOLE).path("data").toString());
  }

  @Test
  void readsWhatIsThere() {
    var event = SurveyEvent.from(json(WHOLE));
    var response = event.response();

    assertThat(event.type()).isEqualTo(EventType.RESPONSE_COMPLETED);
    assertThat(event.provider()).isEqualTo("popsee");
    assertThat(event.time()).isEqualTo(Instant.parse("2026-03-02T09:16:55.182Z"));
    assertThat(response.status()).isEqualTo(SurveyResponse.Status.OVER_QUOTA);
    assertThat(response.respondent())
        .isEqualTo(new Respondent("r1", "ada@example.org", "Ada L", "Ada", "L", "43", "u1", "en"));
    assertThat(response.durationSeconds()).isEqualByComparingTo("168.5");
    assertThat(response.nps()).isEqualByComparingTo(BigDecimal.valueOf(9));
    assertThat(response.answers()).hasSize(2);
    assertThat(response.answers().get(0).choiceIds()).containsExactly("c1", "c2");
    assertThat(response.attributes().keySet()).containsExactly("z", "a", "n");
  }

  @Test
  void takesWhatIsNotThereForNullOrEmpty() {
    var response = SurveyEvent.from(completed().without("/data/answers").json()).response();

    assertThat(response.collector()).isNull();
    assertThat(response.respondent()).isNull();
    assertThat(response.startedAt()).isNull();
    assertThat(response.nps()).isNull();
    assertThat(response.answers()).isEmpty();
    assertThat(response.scores()).isEmpty();
    assertThat(response.attributes()).isEmpty();
    assertThat(response.links()).isEmpty();
  }

  @Test
  void namesTheMemberThatItMisses() {
    assertThatThrownBy(() -> SurveyEvent.from(completed().without("/subject").json()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Expected the member subject to hold text, and it is missing or something else");
  }

  @Test
  void hasNoResponseWhereItIsAboutSomethingElse() {
    var event = SurveyEvent.from(completed().withText("/type", "survey.updated").json());

    assertThatThrownBy(event::response)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Expected an event about a response, and this is a survey.updated");
  }

  @Test
  void showsNothingThatARespondentWroteWhenItIsPrinted() {
    var event = SurveyEvent.from(json(WHOLE));

    assertThat(event + " " + event.response() + event.response().answers())
        .doesNotContain("Ada", "ada@example.org", "yes", "shop.example.org");
    assertThat(String.valueOf(event.response().respondent())).isEqualTo("Respondent[not shown]");
  }
}
