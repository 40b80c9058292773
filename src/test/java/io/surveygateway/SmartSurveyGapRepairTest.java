package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.smartsurvey.SmartSurveyJobs;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SmartSurveyResponse;
import io.surveygateway.standin.SmartSurveyStandIn;
import io.surveygateway.store.Ids;
import io.surveygateway.store.InboxStore;
import io.surveygateway.store.InboxStore.NewRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;

/** Responses that SmartSurvey never told of. */
class SmartSurveyGapRepairTest extends ProviderGateways {

  private static final String SURVEY = "90311";
  private static final String SETTING = "--gateway.providers.smartsurvey.";
  private static final String REPAIR = SETTING + "gap-repair.";

  private final SmartSurveyStandIn api = SmartSurveyStandIn.start();
  private int callsADay = 2_500;

  @Override
  String provider() {
    return "smartsurvey";
  }

  @Override
  Stream<String> settingsOfApi() {
    api.allow(120, callsADay, clock);
    return Stream.of(
        SETTING + "api-token=" + SmartSurveyStandIn.TOKEN,
        SETTING + "api-token-secret=" + SmartSurveyStandIn.SECRET,
        SETTING + "api-url=" + api.url());
  }

  @Override
  void closeApi() {
    api.close();
  }

  private ObjectNode prepare(int id, String survey) {
    var response = SmartSurveyResponse.madeUp(survey, id, clock.instant());
    api.prepare(response);
    return response;
  }

  /** What SmartSurvey's own webhook brings. */
  private void receive(String path, ObjectNode response) {
    var gateway = gateways.get(0);
    var batch = JsonNodeFactory.instance.arrayNode().add(response);
    gateway
        .getBean(InboxStore.class)
        .add(
            new NewRequest(
                gateway.getBean(Ids.class).next(),
                "smartsurvey",
                path,
                "application/json",
                "current secret",
                clock.instant(),
                batch.toString().getBytes(StandardCharsets.UTF_8)))
        .join();
  }

  private void repair() {
    awaitJobs();
    assertThat(gateways.get(0).getBean(SmartSurveyJobs.class).repairNow()).isTrue();
    awaitJobs();
    settle();
  }

  private Health health() {
    return gateways.get(0).getBean("smartSurveyHealthIndicator", HealthIndicator.class).health();
  }

  private long recovered() {
    return count("SELECT count(*) FROM request WHERE proved_by = 'gap-repair'");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void takesInAtTheStartWhatWasMissed(String store) {
    prepare(1, SURVEY);
    prepare(2, "90312");
    api.addSurvey("90313");
    clock.advance(Duration.ofHours(2));
    // Not an hour old: it may still come by itself.
    prepare(3, SURVEY);

    start(store);
    awaitFirstRepair();

    assertThat(sent.get("slack")).containsExactlyInAnyOrder("1:1", "2:1");
    assertThat(sent.get("database")).containsExactlyInAnyOrder("1:1", "2:1");
    assertThat(text("SELECT document FROM event WHERE subject = 'smartsurvey:1'"))
        .contains("\"recovered\":\"gap repair\"")
        .contains("\"question\":\"How was it?\"")
        .contains("\"id\":\"1|2026-03-02T09:00:30Z|completed\"");
    assertThat(health().getDetails().get("survey " + SURVEY))
        .isEqualTo("compared until 2026-03-02T11:00:30Z, 1 of 2 responses recovered");
    // The surveys, and each that has responses: one call each.
    assertThat(api.calls()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void takesInNothingTwiceAndNothingThatArrived(String store) {
    start(store);
    awaitFirstRepair();
    receive("completed", prepare(1, SURVEY));
    var late = prepare(2, SURVEY);
    clock.advance(Duration.ofMinutes(90));
    settle();

    repair();
    repair();
    receive("completed", late);
    settle();

    assertThat(sent.get("slack")).containsExactlyInAnyOrder("1:1", "2:1");
    assertThat(recovered()).isEqualTo(1);
    assertThat(count("SELECT count(*) FROM event")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"date_started", "date_ended", "date_modified"})
  void findsThemWhicheverDateTheListGoesBy(String date) {
    api.sinceGoesBy(date);
    start(SQLITE);
    awaitFirstRepair();
    for (var id = 1; id <= 8; id++) {
      clock.advance(Duration.ofHours(6));
      // Begun seven hours before, and so before the last look.
      var ended = SmartSurveyResponse.madeUp(SURVEY, id, clock.instant());
      api.prepare(ended.put("date_started", clock.instant().minus(Duration.ofHours(7)).toString()));
      repair();
    }
    clock.advance(Duration.ofHours(2));
    repair();

    assertThat(sent.get("slack"))
        .containsExactlyInAnyOrder("1:1", "2:1", "3:1", "4:1", "5:1", "6:1", "7:1", "8:1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void looksAtAllPagesInEitherShapeAndThoughTheyAreShort(boolean asObjects) {
    if (asObjects) {
      api.listObjects();
    }
    api.hide(1);
    for (var id = 1; id <= 250; id++) {
      prepare(id, SURVEY);
    }
    clock.advance(Duration.ofHours(2));

    start(SQLITE, REPAIR + "surveys=" + SURVEY);
    awaitFirstRepair();

    // Of each of three pages one response is hidden.
    assertThat(sent.get("slack")).hasSize(247).doesNotHaveDuplicates();
    assertThat(api.calls()).hasSize(3);
  }

  @Test
  void findsAChangeThatWasMissedWhereChangesCount() {
    start(SQLITE, REPAIR + "updates=true");
    awaitFirstRepair();
    receive("completed", prepare(1, SURVEY));
    settle();
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
  void leavesAChangeAloneWhereChangesDoNotCountAndSaysThatItIsMissing() {
    start(SQLITE);
    awaitFirstRepair();
    receive("completed", prepare(1, SURVEY));
    settle();
    clock.advance(Duration.ofHours(3));
    prepare(1, SURVEY);
    clock.advance(Duration.ofHours(2));

    repair();

    assertThat(recovered()).isZero();
    assertThat(gateways.get(0).getBean(SmartSurveyJobs.class).looks())
        .singleElement()
        .satisfies(
            look -> {
              assertThat(look.listed()).isEqualTo(1);
              assertThat(look.missing()).isEqualTo(1);
              assertThat(look.imported()).isZero();
            });
  }

  @Test
  void goesOnAtTheNextPageWhereCallsWereUsedUpAndNeverAsksForMore() {
    for (var id = 1; id <= 350; id++) {
      prepare(id, SURVEY);
    }
    prepare(1000, "90312");
    clock.advance(Duration.ofHours(2));

    start(
        SQLITE,
        REPAIR + "surveys=" + SURVEY + ",90312",
        SETTING + "calls.per-minute=2",
        SETTING + "calls.per-day=4");
    awaitFirstRepair();
    assertThat(sent.get("slack")).hasSize(200);
    clock.advance(Duration.ofMinutes(1));
    repair();
    assertThat(api.calls()).hasSize(4);
    clock.advance(Duration.ofDays(1));
    repair();

    assertThat(sent.get("slack")).hasSize(351).doesNotHaveDuplicates();
    assertThat(api.refused()).isZero();
    assertThat(api.calls()).hasSize(5);
    assertThat(
            api.requests("/surveys/90311/").stream()
                .map(request -> request.query("page").orElse("")))
        .startsWith("1", "2", "3", "4");
  }

  @Test
  void waitsAsLongAsItIsTold() {
    prepare(1, SURVEY);
    clock.advance(Duration.ofHours(2));
    start(SQLITE, REPAIR + "surveys=" + SURVEY);
    awaitFirstRepair();
    api.faults().next(Fault.status(429).withHeader("Retry-After", "300"));
    prepare(2, SURVEY);
    clock.advance(Duration.ofHours(2));

    repair();
    repair();

    // The second one asked nobody.
    assertThat(api.requests("/responses")).hasSize(2);
    assertThat(Instant.ofEpochMilli(nextRepair())).isEqualTo(clock.instant().plusSeconds(300));
    clock.advance(Duration.ofMinutes(5));
    repair();
    assertThat(sent.get("slack")).containsExactlyInAnyOrder("1:1", "2:1");
  }

  @Test
  void waitsLongerEachTimeInARowThatItIsTooMuch() {
    start(SQLITE, REPAIR + "surveys=" + SURVEY);
    awaitFirstRepair();
    api.addSurvey(SURVEY);
    api.faults().next(2, Fault.status(429));

    repair();
    assertThat(Instant.ofEpochMilli(nextRepair())).isEqualTo(clock.instant().plusSeconds(10));
    clock.advance(Duration.ofSeconds(10));
    repair();
    assertThat(Instant.ofEpochMilli(nextRepair())).isEqualTo(clock.instant().plusSeconds(20));
    clock.advance(Duration.ofSeconds(20));
    repair();

    assertThat(Instant.ofEpochMilli(nextRepair()))
        .isEqualTo(clock.instant().plus(Duration.ofHours(6)));
  }

  @Test
  void asksNobodyWhileNoCallIsLeftByWhatAnAnswerSays() {
    prepare(1, SURVEY);
    clock.advance(Duration.ofHours(2));
    callsADay = 1;
    start(SQLITE, REPAIR + "surveys=" + SURVEY);
    awaitFirstRepair();

    repair();

    assertThat(api.refused()).isZero();
    assertThat(sent.get("slack")).containsExactly("1:1");
  }

  @Test
  void looksAtTheOtherSurveysWhereOneFails() {
    prepare(1, SURVEY);
    clock.advance(Duration.ofHours(2));

    start(SQLITE, REPAIR + "surveys=1," + SURVEY);
    awaitFirstRepair();

    assertThat(sent.get("slack")).containsExactly("1:1");
    assertThat(health().getStatus()).isEqualTo(Status.UP);
    assertThat(health().getDetails().get("gap repairFailed"))
        .isEqualTo("survey 1: SmartSurvey's API has no such survey (status 404)");
  }

  @Test
  void saysWhatToSetWhereTheKeyIsRefused() {
    start(SQLITE, SETTING + "api-token-secret=another");
    awaitFirstRepair();

    assertThat(health().getDetails().get("gap repairFailed"))
        .isEqualTo(
            "SmartSurvey's API refused the key (status 401): set SMARTSURVEY_API_TOKEN and"
                + " SMARTSURVEY_API_TOKEN_SECRET");
  }

  @Test
  void tellsThatATalkativeSurveyIsSilent() {
    start(SQLITE, REPAIR + "surveys=" + SURVEY);
    api.addSurvey(SURVEY);
    awaitFirstRepair();
    for (var id = 1; id <= 20; id++) {
      receive("completed", prepare(id, SURVEY));
      clock.advance(Duration.ofHours(6));
      settle();
    }
    repair();
    assertThat(health().getDetails().get("survey " + SURVEY).toString()).doesNotContain("silent");

    clock.advance(Duration.ofDays(4));
    repair();

    assertThat(health().getDetails().get("survey " + SURVEY).toString())
        .endsWith("; silent since 2026-03-07T03:00:30Z, which is long for it");
  }

  private long nextRepair() {
    return count("SELECT next_at FROM provider_job WHERE name = 'smartsurvey gap repair'");
  }
}
