package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.store.Change.Verdict;
import io.surveygateway.store.DeliveryChanges.SendAgain;
import io.surveygateway.store.DeliveryReads.SentAgain;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person does to deliveries: on both stores. */
class DeliveryChangesTest {

  private static final SendAgain RETRY = new SendAgain(false, Set.of(), destination -> null);
  private static final SendAgain RESEND = new SendAgain(true, Set.of(), destination -> null);

  private StoreForTests store;
  private StoredResponses responses;
  private DeliveryChanges changes;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    responses = new StoredResponses(store);
    changes = store.get(DeliveryChanges.class);
  }

  private void setState(long delivery, String state) {
    store
        .get(Store.class)
        .write(
            jdbc -> {
              store
                  .get(Counters.class)
                  .add(
                      jdbc,
                      new Counts()
                          .deliveriesMoved("crm", Work.State.WAITING, Work.State.of(state), 1));
              return jdbc.update(
                  "UPDATE delivery SET state = ?, finished_at = ? WHERE id = ?",
                  state,
                  store.clock.millis(),
                  delivery);
            });
  }

  @ParameterizedTest
  @EnumSource
  void makesDueWhatEndedWithoutArriving(Dialect dialect) {
    open(dialect);
    for (var state : List.of("parked", "cancelled", "skipped", "superseded")) {
      var id = responses.delivery(state);
      setState(id, state);

      var change = changes.sendAgain(id, RETRY);

      assertThat(change.verdict()).as(state).isEqualTo(Verdict.CHANGED);
      assertThat(responses.state(id)).isEqualTo("waiting");
      responses.checkCounts();
    }
    assertThat(responses.claim("crm")).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhatBecameOfWhatWasSentAgain(Dialect dialect) {
    open(dialect);
    var reads = store.get(DeliveryReads.class);
    responses.delivery("never-sent-again");
    responses.attempt("crm", Work.State.DELIVERED);
    var ids = List.of(responses.delivery("a"), responses.delivery("b"), responses.delivery("c"));
    responses.attempt("crm", Work.State.PARKED);
    store.clock.advance(Duration.ofMinutes(1));
    var from = store.clock.instant();
    ids.forEach(id -> changes.sendAgain(id, RETRY));
    var to = store.clock.instant();
    store.clock.advance(Duration.ofMinutes(1));

    assertThat(reads.sentAgain("crm", from, to)).isEqualTo(new SentAgain(0, 0, 3, 0, false));

    var outcomes =
        List.of(Work.State.DELIVERED, Work.State.PARKED, Work.State.SUPERSEDED).iterator();
    responses.claim("crm").forEach(claimed -> responses.record("crm", claimed, outcomes.next()));
    assertThat(reads.sentAgain("crm", from, to)).isEqualTo(new SentAgain(1, 1, 0, 1, false));
    assertThat(reads.sentAgain("slack", from, to)).isEqualTo(new SentAgain(0, 0, 0, 0, false));
    assertThat(reads.sentAgain("crm", from.plusMillis(1), to.plusMillis(1)))
        .isEqualTo(new SentAgain(0, 0, 0, 0, false));
  }

  @ParameterizedTest
  @EnumSource
  void makesDueWhatWaitedBehindAnOlderOneThatIsGone(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");
    setState(id, "cancelled");
    store
        .get(Store.class)
        .write(jdbc -> jdbc.update("UPDATE delivery SET behind_until = ?", Long.MAX_VALUE));

    changes.sendAgain(id, RETRY);

    assertThat(responses.claim("crm")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void bringsForwardWhatIsRetriedLater(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");
    responses.attempt("crm", Work.State.RETRYING);
    assertThat(responses.claim("crm")).isEmpty();

    assertThat(changes.sendAgain(id, RETRY).isChanged()).isTrue();

    assertThat(responses.claim("crm")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void sendsWhatHasArrivedOnlyWhenAskedToResendIt(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");
    responses.attempt("crm", Work.State.DELIVERED);

    assertThat(changes.sendAgain(id, RETRY).verdict()).isEqualTo(Verdict.DELIVERED);
    assertThat(responses.state(id)).isEqualTo("delivered");

    assertThat(changes.sendAgain(id, RESEND).verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(responses.claim("crm")).hasSize(1);
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void countsAttemptsAndAgeAnewAndKeepsTheRecordOfThoseBefore(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");
    responses.attempt("crm", Work.State.RETRYING);
    store.clock.advance(Duration.ofHours(1));
    responses.attempt("crm", Work.State.PARKED);
    store.clock.advance(Duration.ofDays(10));
    var asked = store.clock.instant();

    changes.sendAgain(id, RETRY);
    store.clock.advance(Duration.ofMinutes(1));
    var claimed = responses.claim("crm").get(0);
    responses.record("crm", claimed, Work.State.DELIVERED);

    assertThat(claimed.attempts()).isEqualTo(1);
    assertThat(claimed.agesFrom()).isEqualTo(asked);
    List<Integer> numbers =
        store
            .get(Store.class)
            .read(
                jdbc ->
                    jdbc.queryForList(
                        "SELECT number FROM attempt WHERE delivery_id = ? ORDER BY id",
                        Integer.class,
                        id));
    assertThat(numbers).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @EnumSource
  void doublesNothingThatIsUnderWay(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");
    var underWay = responses.claim("crm").get(0);

    assertThat(changes.sendAgain(id, RESEND).verdict()).isEqualTo(Verdict.UNDER_WAY);
    assertThat(changes.cancel(id, "Cancelled").verdict()).isEqualTo(Verdict.UNDER_WAY);

    assertThat(responses.claim("crm")).isEmpty();
    responses.record("crm", underWay, Work.State.DELIVERED);
    assertThat(responses.state(id)).isEqualTo("delivered");
  }

  @ParameterizedTest
  @EnumSource
  void takesBackWhatAGatewayThatDiedHadInHand(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");
    responses.claim("crm");
    store.clock.advance(StoreForTests.LEASE);

    assertThat(changes.cancel(id, "Cancelled").isChanged()).isTrue();

    assertThat(responses.claim("crm")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void leavesAloneWhatIsDueAlready(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");

    assertThat(changes.sendAgain(id, RESEND).verdict()).isEqualTo(Verdict.WAITING);
  }

  @ParameterizedTest
  @EnumSource
  void saysThatAnOlderEventWillBeSupersededAndTheSameOneIsNot(Dialect dialect) {
    open(dialect);
    responses.request();
    responses.map("r-1|old", "{}", store.clock.instant(), "crm");
    responses.attempt("crm", Work.State.PARKED);
    var old = responses.delivery("r-1", "crm");
    store.clock.advance(Duration.ofSeconds(1));
    responses.request();
    responses.map("r-1|new", "{}", store.clock.instant(), "crm");
    responses.attempt("crm", Work.State.DELIVERED);
    var newest = store.count("SELECT max(id) FROM delivery");

    var change = changes.sendAgain(old, RETRY);
    assertThat(changes.sendAgain(newest, RESEND).note()).isEqualTo("It is due now");

    assertThat(change.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(change.note())
        .isEqualTo(
            "It is due now, and ends as superseded: the destination has a newer event of this"
                + " response");
    responses.attempt("crm", Work.State.DELIVERED);
    responses.attempt("crm", Work.State.DELIVERED);
    assertThat(responses.state(old)).isEqualTo("superseded");
    assertThat(responses.state(newest)).isEqualTo("delivered");
    assertThat(store.count("SELECT count(*) FROM attempt WHERE delivery_id = ?", newest))
        .isEqualTo(2);
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void sendsNothingToWhereNobodyTakesIt(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");
    responses.attempt("crm", Work.State.PARKED);

    var change =
        changes.sendAgain(id, new SendAgain(true, Set.of(), name -> name + " is off: no secret"));

    assertThat(change.verdict()).isEqualTo(Verdict.OFF);
    assertThat(change.note()).isEqualTo("crm is off: no secret");
    assertThat(responses.state(id)).isEqualTo("parked");
  }

  @ParameterizedTest
  @EnumSource
  void cancelsWhatIsStillToBeDone(Dialect dialect) {
    open(dialect);
    for (var state : List.of("waiting", "retrying", "parked")) {
      var id = responses.delivery(state);
      setState(id, state);

      assertThat(changes.cancel(id, "Cancelled by admin").isChanged()).as(state).isTrue();

      assertThat(responses.state(id)).isEqualTo("cancelled");
      assertThat(store.text("SELECT reason FROM delivery WHERE id = ?", id))
          .isEqualTo("Cancelled by admin");
      assertThat(store.count("SELECT finished_at FROM delivery WHERE id = ?", id))
          .isEqualTo(store.clock.millis());
      responses.checkCounts();
    }
    assertThat(responses.claim("crm")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void cancelsNothingThatHasEnded(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");
    responses.attempt("crm", Work.State.DELIVERED);

    assertThat(changes.cancel(id, "Cancelled").verdict()).isEqualTo(Verdict.ENDED);
    assertThat(responses.state(id)).isEqualTo("delivered");
  }

  @ParameterizedTest
  @EnumSource
  void letsTheNextEventOfTheResponseGoWhenOneIsCancelled(Dialect dialect) {
    open(dialect);
    responses.request();
    responses.map("r-1|a", "{}", store.clock.instant(), "crm");
    responses.attempt("crm", Work.State.RETRYING);
    var first = responses.delivery("r-1", "crm");
    responses.request();
    responses.map("r-1|b", "{}", store.clock.instant().plusSeconds(1), "crm");
    assertThat(responses.claim("crm")).isEmpty();

    changes.cancel(first, "Cancelled");

    assertThat(responses.claim("crm")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void knowsNoDeliveryThatIsNotThere(Dialect dialect) {
    open(dialect);

    assertThat(changes.sendAgain(404, RESEND).verdict()).isEqualTo(Verdict.GONE);
    assertThat(changes.cancel(404, "Cancelled").verdict()).isEqualTo(Verdict.GONE);
  }

  @Test
  void waitsForRetentionThatIsJustRemovingTheEvent() throws Exception {
    open(Dialect.POSTGRESQL);
    var id = responses.delivery("r-1");
    responses.attempt("crm", Work.State.PARKED);
    try (var retention = store.writes().getConnection();
        var statement = retention.createStatement()) {
      retention.setAutoCommit(false);
      statement.execute("SELECT * FROM event FOR UPDATE");

      var change = CompletableFuture.supplyAsync(() -> changes.sendAgain(id, RETRY));
      await()
          .until(
              () ->
                  store.count(
                          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                      == 1);
      statement.execute("DELETE FROM delivery");
      statement.execute("DELETE FROM event");
      retention.commit();

      assertThat(change.join().verdict()).isEqualTo(Verdict.GONE);
      assertThat(store.count("SELECT count(*) FROM delivery")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsRetentionFromTheEventOfWhatIsSentAgain(Dialect dialect) {
    open(dialect);
    var id = responses.delivery("r-1");
    responses.attempt("crm", Work.State.DELIVERED);
    store.clock.advance(Duration.ofDays(30).plusMillis(1));

    changes.sendAgain(id, RESEND);
    store.get(Retention.class).run();

    assertThat(responses.claim("crm").get(0).document()).isEqualTo("{\"of\":\"r-1\"}");
  }
}
