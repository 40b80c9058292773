package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Few calls to SurveyMonkey's API, and many events that need one. */
class SurveyMonkeyBudgetTest extends SurveyMonkeyGateways {

  private void assertThatBudgetWasKept(int perMinute, int perDay) {
    var calls = api.calls();
    for (var i = perMinute; i < calls.size(); i++) {
      assertThat(Duration.between(calls.get(i - perMinute), calls.get(i)))
          .as("from one call to the one %d later", perMinute)
          .isGreaterThan(Duration.ofSeconds(60));
    }
    var days =
        calls.stream()
            .collect(
                Collectors.groupingBy(
                    call -> call.truncatedTo(ChronoUnit.DAYS), Collectors.counting()));
    assertThat(days.values()).allMatch(calls1 -> calls1 <= perDay);
    assertThat(api.refused()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void losesNothingOfFourDaysOfEventsAndNeverAsksTooOften(String store) {
    // A fraction of what SurveyMonkey allows: more would show the same, and take minutes.
    var perMinute = 30;
    var perDay = 100;
    var events = 4 * perDay;
    api.allow(perMinute, perDay, clock);
    var gateway =
        start(
            store,
            "--gateway.providers.surveymonkey.calls.together=0",
            "--gateway.providers.surveymonkey.calls.per-minute=" + perMinute,
            "--gateway.providers.surveymonkey.calls.per-day=" + perDay);

    receive(gateway, 1, events + 1);
    runToTheEnd();

    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(events);
    assertThat(api.calls()).hasSize(events);
    assertThatBudgetWasKept(perMinute, perDay);
    // No attempt was burned by waiting.
    assertThat(count("SELECT max(attempts) FROM inbox")).isEqualTo(1);
    assertThat(sent.get("slack")).hasSize(events).doesNotHaveDuplicates();
    assertThat(sent.get("slack")).noneMatch(event -> event.endsWith(":0"));
    assertThat(sent.get("salesforce")).hasSize(events);
    // Those of the first minute came whole at once, the others' rows were completed later.
    assertThat(sent.get("database")).hasSize(events + events - perMinute);
    assertThat(clock.instant()).isBefore(Instant.parse("2026-03-05T00:10:00Z"));
  }

  @Test
  void waitsVisiblyForTheDay() {
    var gateway = start(SQLITE, "--gateway.providers.surveymonkey.calls.per-day=1");

    receive(gateway, 1, 2);
    settle();
    receive(gateway, 2, 3);
    settle();

    assertThat(
            text(
                "SELECT state || ' ' || attempts || ' ' || failure_kind || ' ' || reason FROM inbox"
                    + " WHERE state <> 'done'"))
        .isEqualTo(
            "retrying 0 rate_limited waiting for the daily budget until 2026-03-03T00:00:00Z");
    assertThat(api.calls()).hasSize(1);
    // The row is there before the answers are, and nobody else hears of it yet.
    assertThat(sent.get("database")).containsExactlyInAnyOrder("1:7", "2:0");
    assertThat(sent.get("slack")).containsExactly("1:7");

    runToTheEnd();

    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-03-03T00:00:00Z"));
    assertThat(sent.get("database")).endsWith("2:7");
    assertThat(sent.get("slack")).containsExactly("1:7", "2:7");
  }

  @Test
  void knowsAfterARestartWhatWasUsed() {
    var settings = "--gateway.providers.surveymonkey.calls.per-day=2";
    receive(start(SQLITE, settings), 1, 3);
    settle();
    gateways.remove(0).close();

    receive(start(SQLITE, settings), 3, 4);
    settle();

    assertThat(api.calls()).hasSize(2);
    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'retrying'")).isEqualTo(1);
  }

  @Test
  void sharesTheBudgetBetweenGateways() {
    api.allow(30, 500, clock);
    var settings =
        new String[] {
          "--gateway.providers.surveymonkey.calls.per-minute=30",
          "--gateway.providers.surveymonkey.calls.together=0"
        };
    var one = start(POSTGRESQL, settings);
    start(POSTGRESQL, settings);

    receive(one, 1, 201);
    runToTheEnd();

    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(200);
    assertThat(api.calls()).hasSize(200);
    assertThatBudgetWasKept(30, 500);
  }

  @Test
  void obeysWhatTheApiSaysIsLeft() {
    // Another program uses the same app: of a day's 500 calls there are 3.
    api.allow(120, 3, clock);
    var gateway = start(SQLITE);

    receive(gateway, 1, 9);
    settle();

    assertThat(api.calls()).hasSizeLessThanOrEqualTo(4);
    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(3);
    assertThat(
            count(
                "SELECT count(*) FROM inbox WHERE reason LIKE 'waiting for the daily budget until"
                    + " 2026-03-03T00:00:0%'"))
        .isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void asksTogetherForThoseThatWaitForOneSurvey(String store) {
    api.allow(5, 500, clock);
    var gateway =
        start(
            store,
            "--gateway.providers.surveymonkey.calls.per-minute=5",
            "--gateway.providers.surveymonkey.calls.together=10");
    for (var i = 1; i <= 250; i++) {
      prepare(i, "310044821");
      receive(gateway, i, "310044821", "0");
      clock.advance(Duration.ofMillis(100));
    }
    runToTheEnd();

    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(250);
    assertThat(sent.get("slack")).hasSize(250).doesNotHaveDuplicates();
    assertThat(sent.get("slack")).allMatch(event -> event.endsWith(":7"));
    assertThat(api.calls()).hasSizeLessThan(20);
    assertThat(api.refused()).isZero();
    assertThat(count("SELECT count(*) FROM surveymonkey_waiting")).isZero();
    assertThat(count("SELECT count(*) FROM surveymonkey_fetched")).isZero();
  }

  @Test
  void asksAloneForWhomAListLeavesTheContactOut() {
    var gateway =
        start(
            SQLITE,
            "--gateway.providers.surveymonkey.calls.per-minute=2",
            "--gateway.providers.surveymonkey.calls.together=2");
    for (var i = 1; i <= 6; i++) {
      var response = prepare(i, "310044821").put("recipient_id", "77" + i);
      ((ObjectNode) response.get("metadata")).remove("contact");
      receive(gateway, i, "310044821", "77" + i);
    }
    runToTheEnd();

    assertThat(api.requests("/details")).hasSize(6);
    assertThat(api.requests("/bulk")).isNotEmpty();
    assertThat(sent.get("slack")).hasSize(6).allMatch(event -> event.endsWith(":7"));
  }

  @Test
  void asksAloneWhereAskingTogetherIsRefused() {
    api.faults()
        .always(
            Fault.answer(SurveyMonkeyStandIn.error(403, "1015", "Permission Error", "Plan."))
                .at("/bulk"));
    var gateway =
        start(
            SQLITE,
            "--gateway.providers.surveymonkey.calls.per-minute=2",
            "--gateway.providers.surveymonkey.calls.together=2");

    receive(gateway, 1, 7);
    runToTheEnd();

    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(6);
    assertThat(sent.get("slack")).hasSize(6);
  }
}
