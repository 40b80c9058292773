package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.surveymonkey.SurveyMonkeyJobs;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Responses that SurveyMonkey never told of. */
class SurveyMonkeyGapRepairTest extends SurveyMonkeyGateways {

  private static final String SURVEY = "310044821";
  private static final String REPAIR = "--gateway.providers.surveymonkey.gap-repair.";

  private void repair() {
    awaitJobs();
    var runs = api.requests("/bulk").size();
    assertThat(gateways.get(0).getBean(SurveyMonkeyJobs.class).repairNow()).isTrue();
    await().atMost(PATIENCE).until(() -> api.requests("/bulk").size() > runs);
    awaitJobs();
    settle();
  }

  private String health() {
    return gateways
        .get(0)
        .getBean("surveyMonkeyHealthIndicator", HealthIndicator.class)
        .health()
        .getDetails()
        .get("survey " + SURVEY)
        .toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void takesInAtTheStartWhatWasMissed(String store) {
    prepare(1, SURVEY);
    prepare(2, SURVEY).put("response_status", "disqualified");
    prepare(3, SURVEY).put("response_status", "partial");
    prepare(4, "99");
    clock.advance(Duration.ofHours(2));
    // Not an hour old: it may still come by itself.
    prepare(5, SURVEY);

    start(store, REPAIR + "surveys=" + SURVEY);
    awaitFirstRepair();

    assertThat(sent.get("slack")).containsExactly("1:7");
    assertThat(sent.get("database")).containsExactlyInAnyOrder("1:7", "2:7");
    assertThat(count("SELECT count(*) FROM request WHERE proved_by = 'gap-repair'")).isEqualTo(2);
    assertThat(text("SELECT document FROM event WHERE subject = 'surveymonkey:1'"))
        .contains("\"recovered\":\"gap repair\"")
        .contains("\"time\":\"2026-03-02T09:00:30.000Z\"");
    // One call brought them all, answers included.
    assertThat(api.calls()).hasSize(1);
    assertThat(health())
        .isEqualTo("compared until 2026-03-02T10:00:30Z, 2 of 3 responses recovered");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void takesInNothingTwiceAndNothingThatArrived(String store) {
    var gateway = start(store, REPAIR + "surveys=" + SURVEY);
    awaitFirstRepair();
    prepare(1, SURVEY);
    receive(gateway, 1, SURVEY, "0");
    prepare(2, SURVEY);
    clock.advance(Duration.ofMinutes(90));
    settle();

    repair();
    repair();

    assertThat(sent.get("slack")).containsExactlyInAnyOrder("1:7", "2:7");
    assertThat(count("SELECT count(*) FROM request WHERE proved_by = 'gap-repair'")).isEqualTo(1);
  }

  @Test
  void looksAtAllPages() {
    for (var i = 1; i <= 230; i++) {
      prepare(i, SURVEY);
      clock.advance(Duration.ofSeconds(i > 100 && i < 130 ? 0 : 2));
    }
    clock.advance(Duration.ofHours(2));

    start(SQLITE, REPAIR + "surveys=" + SURVEY);
    awaitFirstRepair();

    assertThat(sent.get("slack")).hasSize(230).doesNotHaveDuplicates();
    assertThat(api.calls()).hasSizeLessThan(6);
  }

  @Test
  void findsAChangeThatWasMissedWhereChangesCount() {
    var settings =
        new String[] {
          REPAIR + "surveys=" + SURVEY, REPAIR + "event-types=response_completed,response_updated"
        };
    prepare(1, SURVEY);
    receive(start(SQLITE, settings), 1, SURVEY, "0");
    awaitFirstRepair();
    clock.advance(Duration.ofHours(3));
    prepare(1, SURVEY);
    clock.advance(Duration.ofHours(2));

    repair();

    assertThat(count("SELECT count(*) FROM event WHERE type = 'survey.response.updated'"))
        .isEqualTo(1);
    assertThat(sent.get("slack")).hasSize(1);
    assertThat(sent.get("database")).hasSize(2);
  }

  @Test
  void goesOnWhereTheBudgetEndedIt() {
    for (var i = 1; i <= 250; i++) {
      prepare(i, SURVEY);
      clock.advance(Duration.ofSeconds(2));
    }
    clock.advance(Duration.ofHours(2));

    start(SQLITE, REPAIR + "surveys=" + SURVEY, "--gateway.providers.surveymonkey.calls.per-day=3");
    awaitFirstRepair();
    assertThat(sent.get("slack")).hasSizeBetween(100, 249);

    clock.advance(Duration.ofDays(1));
    repair();

    assertThat(sent.get("slack")).hasSize(250).doesNotHaveDuplicates();
    assertThat(api.refused()).isZero();
  }

  @Test
  void tellsThatATalkativeSurveyIsSilent() {
    var gateway = start(SQLITE, REPAIR + "surveys=" + SURVEY);
    awaitFirstRepair();
    for (var i = 1; i <= 20; i++) {
      receive(gateway, i, SURVEY, "0");
      clock.advance(Duration.ofHours(6));
      settle();
    }
    repair();
    assertThat(health()).doesNotContain("silent");

    clock.advance(Duration.ofDays(4));
    repair();

    assertThat(health()).endsWith("; silent since 2026-03-07T03:00:30Z, which is long for it");
  }
}
