package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.store.EventReads.Event;
import io.surveygateway.store.StepResult.Facts;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import io.surveygateway.store.SurveyReads.Count;
import io.surveygateway.store.SurveyReads.Key;
import io.surveygateway.store.SurveyReads.Newest;
import io.surveygateway.store.SurveyReads.Survey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is counted and read of surveys, on both stores. */
class SurveyCountsTest {

  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Key SURVEY = new Key("popsee", "s-1");

  private StoreForTests store;
  private StoredResponses responses;
  private Instant start;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    responses = new StoredResponses(store);
    start = store.clock.instant();
  }

  private NewEvent event(String key, String survey, Instant time, Facts facts) {
    return new NewEvent(
        store.get(Ids.class).next(),
        "popsee",
        key,
        1,
        "survey.response.updated",
        "popsee:" + key.substring(0, key.indexOf('|')),
        survey,
        time,
        store.clock.instant(),
        "{\"of\":\"" + key + "\"}",
        "ada@example.org",
        facts);
  }

  private static Facts facts(String status, Integer nps) {
    return new Facts("user_77", status, nps, "Checkout");
  }

  /** Written in one transaction, of one request. */
  private long keep(NewEvent... events) {
    var request = responses.request();
    finish(request, false, events);
    return request;
  }

  private void finish(long request, boolean isAgain, NewEvent... events) {
    var inbox = store.get(InboxStore.class);
    inbox.read(inbox.claim("popsee", 1));
    var now = store.clock.instant();
    inbox
        .finish(
            new StepResult(
                request,
                "popsee",
                new Work(Work.State.DONE, now, null),
                Arrays.stream(events).map(event -> of(request, event)).toList(),
                Arrays.stream(events)
                    .map(
                        event ->
                            new NewDelivery(
                                store.get(Ids.class).next(),
                                event.id(),
                                "crm",
                                Work.State.WAITING,
                                null,
                                now))
                    .toList(),
                List.of(),
                isAgain))
        .join();
  }

  private static NewEvent of(long request, NewEvent event) {
    return new NewEvent(
        event.id(),
        event.provider(),
        event.key(),
        request,
        event.type(),
        event.subject(),
        event.surveyId(),
        event.time(),
        event.createdAt(),
        event.document(),
        event.email(),
        event.facts());
  }

  private List<String> counts() {
    return counts(SURVEY, QUARTER);
  }

  /** What there is, in words: {@code 2 completed, 1 said 9}. */
  private List<String> counts(Key survey, Duration part) {
    return store.get(SurveyReads.class).counts(survey, part, start.minus(QUARTER)).stream()
        .map(SurveyCountsTest::words)
        .filter(words -> !words.isEmpty())
        .toList();
  }

  static String words(Count count) {
    var words = new StringJoiner(", ");
    add(words, count.completed(), "completed");
    add(words, count.partial(), "partial");
    add(words, count.disqualified(), "disqualified");
    add(words, count.overQuota(), "over quota");
    add(words, count.deleted(), "deleted");
    for (var score = 0; score <= 10; score++) {
      add(words, count.nps().get(score), "said " + score);
    }
    return words.toString();
  }

  private static void add(StringJoiner words, long count, String what) {
    if (count != 0) {
      words.add(count + " " + what);
    }
  }

  private long ever(String survey) {
    return store.get(SurveyReads.class).find("popsee", survey).map(Survey::responses).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void countsAResponseOnceAsItsNewestEventHasIt(Dialect dialect) {
    open(dialect);
    keep(event("r-1|started", "s-1", start, facts("partial", null)));
    keep(event("r-2|completed", "s-1", start, facts("completed", 9)));
    store.clock.advance(Duration.ofMinutes(20));
    var now = store.clock.instant();
    keep(event("r-1|completed", "s-1", now, facts("completed", 3)));
    // Sent again, and older than what is there.
    keep(event("r-2|completed", "s-1", now, facts("completed", 0)));
    keep(event("r-2|started", "s-1", start.minusSeconds(9), facts("partial", null)));

    assertThat(counts()).containsExactly("2 completed, 1 said 3, 1 said 9");
    assertThat(counts(SURVEY, Duration.ofMinutes(1))).isEqualTo(counts());
    assertThat(store.get(SurveyReads.class).counts(SURVEY, QUARTER, start).get(0).start())
        .isEqualTo(start);
    assertThat(store.get(SurveyReads.class).list(null, null, 10))
        .containsExactly(new Survey("popsee", "s-1", "Checkout", 2, now));
  }

  @ParameterizedTest
  @EnumSource
  void countsSeveralEventsOfOneTransactionAsTheyEnd(Dialect dialect) {
    open(dialect);
    keep(
        event("r-1|b", "s-1", start.plusSeconds(2), facts("completed", 10)),
        event("r-1|a", "s-1", start.plusSeconds(1), facts("partial", null)),
        event("r-2|a", "s-2", start, facts("disqualified", null)),
        event("s-3|created", "s-3", start, new Facts(null, null, null, "Nobody answered yet")));

    assertThat(counts()).containsExactly("1 completed, 1 said 10");
    assertThat(counts(new Key("popsee", "s-2"), QUARTER)).containsExactly("1 disqualified");
    assertThat(store.get(SurveyReads.class).list(null, null, 10))
        .extracting(Survey::id)
        .containsExactly("s-1", "s-2");
  }

  @ParameterizedTest
  @EnumSource
  void takesOutWhatWasDeleted(Dialect dialect) {
    open(dialect);
    keep(event("r-1|a", "s-1", start, facts("completed", 9)));
    keep(event("r-2|a", "s-1", start, facts("completed", 9)));
    keep(event("r-1|b", "s-1", start.plusSeconds(1), facts("deleted", null)));

    assertThat(counts()).containsExactly("1 completed, 1 deleted, 1 said 9");
    assertThat(ever("s-1")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void followsWhatIsMappedAgain(Dialect dialect) {
    open(dialect);
    var request = keep(event("r-1|a", "s-1", start, facts("completed", 9)));
    keep(event("r-2|a", "s-1", start, facts("completed", 9)));
    responses.attempt("crm", Work.State.DELIVERED);
    store.clock.advance(Duration.ofHours(1));
    store.get(RequestChanges.class).mapAgain(request, provider -> null);
    finish(request, true, event("r-1|a", "s-2", start, facts("completed", 0)));

    assertThat(counts()).containsExactly("1 completed, 1 said 9");
    assertThat(counts(new Key("popsee", "s-2"), QUARTER)).containsExactly("1 completed, 1 said 0");
    assertThat(ever("s-1")).isEqualTo(1);
    assertThat(ever("s-2")).isEqualTo(1);
    assertThat(store.count("SELECT COUNT(*) FROM event WHERE nps = 0 AND external_id = 'user_77'"))
        .isEqualTo(1);
  }

  /** Its first event has left meanwhile; the one that is there knows when that was. */
  @ParameterizedTest
  @EnumSource
  void countsALateChangeWhereTheResponseStood(Dialect dialect) {
    open(dialect);
    keep(event("r-1|a", "s-1", start, facts("partial", null)));
    store.clock.advance(Duration.ofDays(20));
    keep(event("r-1|b", "s-1", start.plusSeconds(1), facts("partial", null)));
    store
        .get(Store.class)
        .write(jdbc -> jdbc.update("DELETE FROM event WHERE event_key = 'r-1|a'"));
    keep(event("r-1|c", "s-1", start.plusSeconds(2), facts("completed", 9)));

    assertThat(counts()).containsExactly("1 completed, 1 said 9");
  }

  @ParameterizedTest
  @EnumSource
  void losesNoEventForATitleOrAnIdThatIsNone(Dialect dialect) {
    open(dialect);
    var hostile = List.of("a\u0000b", "\ud800", "x".repeat(999), "\ud83d\ude00".repeat(400));
    for (var i = 0; i < hostile.size(); i++) {
      var facts = new Facts(hostile.get(i), "completed", 1, hostile.get(i));
      keep(event("r-" + i + "|a", "s-" + i, start, facts));
    }

    assertThat(store.count("SELECT COUNT(*) FROM event WHERE external_id IS NULL"))
        .isEqualTo(hostile.size());
    assertThat(store.get(SurveyReads.class).list(null, null, 10))
        .extracting(Survey::title)
        .containsExactly("a b", null, "x".repeat(500), null);
  }

  @ParameterizedTest
  @EnumSource
  void listsSurveysPageByPage(Dialect dialect) {
    open(dialect);
    for (var i = 0; i < 5; i++) {
      keep(event("r-" + i + "|a", "s-" + i, start, facts("completed", null)));
    }
    // As gateways of other shards have it.
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "INSERT INTO survey_count SELECT span, provider, survey_id, bucket, 7, 4"
                        + ", 0".repeat(15)
                        + ", last_at + 1000, 'Renamed' FROM survey_count WHERE span = 'ever'"));
    var reads = store.get(SurveyReads.class);
    var ids = new ArrayList<String>();
    Key after = null;
    for (var more = true; more; ) {
      var page = reads.list(null, after, 2);
      more = page.size() > 2;
      page.stream().limit(2).map(Survey::id).forEach(ids::add);
      after = page.get(Math.min(page.size(), 2) - 1).key();
    }

    assertThat(ids).containsExactly("s-0", "s-1", "s-2", "s-3", "s-4");
    assertThat(reads.list("popsee", null, 10)).hasSize(5);
    assertThat(reads.list("tally", null, 10)).isEmpty();
    assertThat(reads.find("popsee", "s-0"))
        .contains(new Survey("popsee", "s-0", "Renamed", 5, start.plusSeconds(1)));
    assertThat(reads.find("tally", "s-0")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void knowsHowLongEventsTookAndWhichAreTheNewest(Dialect dialect) {
    open(dialect);
    keep(event("r-1|a", "s-1", start, facts("partial", null)));
    keep(event("r-1|b", "s-1", start.plusSeconds(1), facts("completed", null)));
    store.clock.advance(Duration.ofSeconds(5));
    responses.attempt("crm", Work.State.DELIVERED);
    responses.attempt("crm", Work.State.DELIVERED);
    keep(event("r-2|a", "s-1", start, facts("partial", null)));
    var reads = store.get(SurveyReads.class);

    assertThat(reads.times(SURVEY, start))
        .hasSize(1)
        .containsEntry("crm", List.of(Duration.ofSeconds(5), Duration.ofSeconds(5)));
    assertThat(reads.times(SURVEY, store.clock.instant())).isEmpty();
    assertThat(reads.times(new Key("tally", "s-1"), start)).isEmpty();
    assertThat(reads.newest(SURVEY, start))
        .extracting(Newest::subject)
        .containsExactly("popsee:r-2", "popsee:r-1");
  }

  @ParameterizedTest
  @EnumSource
  void findsTheOtherResponsesOfARespondent(Dialect dialect) {
    open(dialect);
    keep(event("r-1|a", "s-1", start, facts("completed", 9)));
    keep(event("r-1|b", "s-1", start, facts("completed", 9)));
    store.clock.advance(Duration.ofSeconds(1));
    keep(event("r-2|a", "s-2", start, new Facts("user_78", "completed", 9, null)));
    var reads = store.get(EventReads.class);
    var first = store.count("SELECT id FROM event WHERE event_key = 'r-1|a'");
    var second = store.count("SELECT id FROM event WHERE event_key = 'r-2|a'");

    assertThat(reads.ofRespondent(first).byEmail()).extracting(Event::id).containsExactly(second);
    assertThat(reads.ofRespondent(first).byExternalId()).isEmpty();
    assertThat(reads.ofRespondent(second).byEmail())
        .extracting(Event::subject)
        .containsExactly("popsee:r-1", "popsee:r-1");
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "UPDATE event SET email = NULL, external_id = 'u' WHERE id = ?", second));
    keep(event("r-3|a", "s-1", start, new Facts("u", "completed", 9, null)));
    assertThat(reads.ofRespondent(second).byEmail()).isEmpty();
    assertThat(reads.ofRespondent(second).byExternalId())
        .extracting(Event::subject)
        .containsExactly("popsee:r-3");
  }

  @ParameterizedTest
  @EnumSource
  void letsOldCountsLeaveAndKeepsTheTotal(Dialect dialect) {
    open(dialect);
    for (var i = 0; i < 5; i++) {
      keep(event("r-" + i + "|a", i < 3 ? "s-1" : "s-" + i, start, facts("completed", i)));
    }
    var retention = store.get(Retention.class);
    store.clock.advance(Duration.ofHours(3));
    retention.run();
    assertThat(counts(SURVEY, Duration.ofMinutes(1))).isEmpty();
    assertThat(counts()).hasSize(1);

    store.clock.advance(Duration.ofDays(61));
    retention.run();
    assertThat(counts()).isEmpty();
    assertThat(ever("s-1")).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void readsAlongIndexes(Dialect dialect) {
    open(dialect);
    checkPlan(SurveyCounts.newest(2), "popsee:r-1", "popsee:r-2");
    checkPlan(SurveyReads.LIST, "", "", 10);
    checkPlan(SurveyReads.LIST_OF_ONE, "popsee", "", "", 10);
    checkPlan(SurveyReads.COUNTS, 900_000L, "quarter", "popsee", "s-1", 1L);
    checkPlan(SurveyReads.TIMES, "s-1", 1L, 10, "popsee");
    checkPlan(SurveyReads.NEWEST, "s-1", 1L, 10, "popsee");
    checkPlan(EventReads.others("email"), "ada@example.org", "popsee:r-1");
    checkPlan(EventReads.others("external_id"), "user_77", "popsee:r-1");
    checkPlan(SurveyCountCleanup.delete(dialect), "minute", 1L, 10);
  }

  private void checkPlan(String sql, Object... parameters) {
    var plan = store.plan(sql, parameters);
    assertThat(plan)
        .as(sql)
        .noneMatch(line -> line.matches("SCAN (e|t|n|o|d|r|event|delivery|survey_count)( .*)?"))
        .noneMatch(line -> line.contains("Seq Scan"));
  }
}
