package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.OutboxStore.Origin;
import io.surveygateway.store.OutboxStore.Outcome;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The outbox on SQLite and on PostgreSQL: order, leases, outcomes. */
class OutboxStoreTest {

  private StoreForTests store;
  private OutboxStore outbox;
  private int keys;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    outbox = store.get(OutboxStore.class);
  }

  /** Adds a delivery to "crm" of an event of {@code subject} that happened at {@code second}. */
  private long add(String subject, int second) {
    var ids = store.get(Ids.class);
    var event =
        new NewEvent(
            ids.next(),
            "popsee",
            "e-" + ++keys,
            1,
            "survey.response.completed",
            subject,
            null,
            at(second),
            store.clock.instant(),
            "{\"n\":" + keys + "}");
    var delivery =
        new NewDelivery(
            ids.next(), event.id(), "crm", Work.State.WAITING, null, store.clock.instant());
    store
        .get(InboxStore.class)
        .finish(
            new StepResult(
                1,
                "popsee",
                new Work(Work.State.DONE, store.clock.instant(), null),
                List.of(event),
                List.of(delivery),
                List.of()))
        .join();
    return delivery.id();
  }

  private Instant at(int second) {
    return Instant.parse("2026-03-02T08:00:00Z").plusSeconds(second);
  }

  private void record(ClaimedDelivery delivery, Work work) {
    record(delivery, work, true);
  }

  private void record(ClaimedDelivery delivery, Work work, boolean isCounted) {
    outbox
        .record(
            new Outcome(
                store.get(Ids.class).next(),
                delivery,
                "crm",
                work,
                "ref-1",
                store.clock.instant(),
                Duration.ofMillis(12),
                isCounted))
        .join();
  }

  private void deliver(ClaimedDelivery delivery) {
    record(delivery, new Work(Work.State.DELIVERED, store.clock.instant(), null));
  }

  private void retry(ClaimedDelivery delivery, Duration wait) {
    record(
        delivery,
        new Work(
            Work.State.RETRYING,
            store.clock.instant().plus(wait),
            Failure.transientFailure("503")));
  }

  private List<Long> claim() {
    return outbox.claim("crm", 10).stream().map(ClaimedDelivery::id).toList();
  }

  private String state(long delivery) {
    return store.text("SELECT state FROM delivery WHERE id = ?", delivery);
  }

  @ParameterizedTest
  @EnumSource
  void handsOutTheEventAndRecordsItsDelivery(Dialect dialect) {
    open(dialect);
    var id = add("popsee:r-1", 1);

    var claimed = outbox.claim("crm", 10).get(0);
    deliver(claimed);

    assertThat(claimed.document()).isEqualTo("{\"n\":1}");
    assertThat(claimed.eventTime()).isEqualTo(at(1));
    assertThat(state(id)).isEqualTo("delivered");
    assertThat(store.text("SELECT external_reference FROM delivery WHERE id = ?", id))
        .isEqualTo("ref-1");
    assertThat(
            store.count(
                "SELECT count(*) FROM attempt WHERE delivery_id = ? AND number = 1 AND outcome ="
                    + " 'delivered' AND duration_ms = 12",
                id))
        .isEqualTo(1);
    assertThat(claim()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void sendsTheEventsOfOneResponseInTheOrderThatTheyHappened(Dialect dialect) {
    open(dialect);
    var second = add("popsee:r-1", 2);
    var first = add("popsee:r-1", 1);
    var other = add("popsee:r-2", 3);

    var claimed = outbox.claim("crm", 10);
    assertThat(claimed).extracting(ClaimedDelivery::id).containsExactlyInAnyOrder(first, other);
    assertThat(claim()).isEmpty();

    claimed.forEach(this::deliver);
    assertThat(claim()).containsExactly(second);
  }

  @ParameterizedTest
  @EnumSource
  void holdsBackTheNextEventOfAResponseWhileOneIsRetried(Dialect dialect) {
    open(dialect);
    var first = add("popsee:r-1", 1);
    add("popsee:r-1", 2);
    retry(outbox.claim("crm", 10).get(0), Duration.ofSeconds(5));

    assertThat(claim()).isEmpty();

    store.clock.advance(Duration.ofSeconds(5));
    assertThat(claim()).containsExactly(first);
  }

  @ParameterizedTest
  @EnumSource
  void givesTheAttemptBackWhereItIsNotCounted(Dialect dialect) {
    open(dialect);
    var id = add("popsee:r-1", 1);
    var slowDown =
        new Work(Work.State.RETRYING, store.clock.instant(), Failure.rateLimited("429", null));

    record(outbox.claim("crm", 1).get(0), slowDown, false);
    record(outbox.claim("crm", 1).get(0), slowDown, true);
    record(outbox.claim("crm", 1).get(0), slowDown, false);

    assertThat(store.count("SELECT attempts FROM delivery WHERE id = ?", id)).isEqualTo(1);
    assertThat(store.count("SELECT count(*) FROM attempt WHERE delivery_id = ?", id)).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhenADeliveryWasSentOnItsWay(Dialect dialect) {
    open(dialect);
    var created = store.clock.instant();
    add("popsee:r-1", 1);
    store.clock.advance(Duration.ofDays(3));

    assertThat(outbox.claim("crm", 1).get(0).agesFrom()).isEqualTo(created);
  }

  @ParameterizedTest
  @EnumSource
  void letsTheNextEventGoWhenOneIsParked(Dialect dialect) {
    open(dialect);
    var first = add("popsee:r-1", 1);
    var second = add("popsee:r-1", 2);

    record(
        outbox.claim("crm", 1).get(0),
        new Work(Work.State.PARKED, store.clock.instant(), Failure.permanent("no such field")));

    assertThat(state(first)).isEqualTo("parked");
    assertThat(store.text("SELECT reason FROM delivery WHERE id = ?", first))
        .isEqualTo("no such field");
    assertThat(claim()).containsExactly(second);
  }

  @ParameterizedTest
  @EnumSource
  void endsALateOlderEventAsSuperseded(Dialect dialect) {
    open(dialect);
    add("popsee:r-1", 2);
    deliver(outbox.claim("crm", 1).get(0));

    var late = add("popsee:r-1", 1);
    var same = add("popsee:r-1", 2);

    assertThat(claim()).doesNotContain(late);
    assertThat(state(late)).isEqualTo("superseded");
    assertThat(store.count("SELECT attempts FROM delivery WHERE id = ?", late)).isZero();
    assertThat(state(same)).isEqualTo("waiting");
  }

  @ParameterizedTest
  @EnumSource
  void doesNotSendALateOlderEventBesideANewerOneThatIsUnderWay(Dialect dialect) {
    open(dialect);
    add("popsee:r-1", 2);
    var underWay = outbox.claim("crm", 1).get(0);
    var late = add("popsee:r-1", 1);

    assertThat(claim()).isEmpty();

    deliver(underWay);
    assertThat(claim()).isEmpty();
    assertThat(state(late)).isEqualTo("superseded");
  }

  @ParameterizedTest
  @EnumSource
  void keepsADeliveryThatArrivedAfterItsLeaseRanOut(Dialect dialect) {
    open(dialect);
    var id = add("popsee:r-1", 1);
    var slow = outbox.claim("crm", 1).get(0);
    store.clock.advance(StoreForTests.LEASE);
    store.outboxOf("another").claim("crm", 1);

    deliver(slow);

    assertThat(state(id)).isEqualTo("delivered");
  }

  @ParameterizedTest
  @EnumSource
  void leavesTheRestToWhomeverTookTheLeaseOver(Dialect dialect) {
    open(dialect);
    var id = add("popsee:r-1", 1);
    var slow = outbox.claim("crm", 1).get(0);
    store.clock.advance(StoreForTests.LEASE);
    store.outboxOf("another").claim("crm", 1);

    retry(slow, Duration.ofHours(1));

    assertThat(state(id)).isEqualTo("waiting");
    assertThat(store.text("SELECT lease_owner FROM delivery WHERE id = ?", id))
        .isEqualTo("another");
  }

  @ParameterizedTest
  @EnumSource
  void keepsDestinationsApart(Dialect dialect) {
    open(dialect);
    add("popsee:r-1", 1);

    assertThat(outbox.claim("slack", 10)).isEmpty();
    assertThat(claim()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void letsWhatIsSupersededHoldUpNothing(Dialect dialect) {
    open(dialect);
    for (var n = 0; n < 3; n++) {
      add("popsee:r-" + n, 9);
      deliver(outbox.claim("crm", 1).get(0));
      add("popsee:r-" + n, 1);
    }
    var other = add("popsee:other", 1);

    assertThat(outbox.claim("crm", 2)).extracting(ClaimedDelivery::id).containsExactly(other);
    assertThat(store.count("SELECT count(*) FROM delivery WHERE state = 'superseded'"))
        .isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void claimsNoMoreThanFitsIntoMemory(Dialect dialect) {
    open(dialect);
    var first = add("popsee:r-1", 1);
    var second = add("popsee:r-2", 1);
    store
        .get(Store.class)
        .write(jdbc -> jdbc.update("UPDATE event SET document = ?", "x".repeat(3 << 20)));

    assertThat(claim()).containsExactly(first);
    assertThat(store.count("SELECT attempts FROM delivery WHERE id = ?", second)).isZero();
    assertThat(claim()).containsExactly(second);
  }

  @ParameterizedTest
  @EnumSource
  void recordsAnOutcomeAgainWhoseCommitWasNotHeardOf(Dialect dialect) {
    open(dialect);
    var id = add("popsee:r-1", 1);
    var outcome =
        new Outcome(
            store.get(Ids.class).next(),
            outbox.claim("crm", 1).get(0),
            "crm",
            new Work(Work.State.DELIVERED, store.clock.instant(), null),
            "a\0reference".repeat(50),
            store.clock.instant(),
            Duration.ZERO,
            true);

    outbox.record(outcome).join();
    outbox.record(outcome).join();

    assertThat(state(id)).isEqualTo("delivered");
    assertThat(store.count("SELECT count(*) FROM attempt")).isEqualTo(1);
    assertThat(store.text("SELECT external_reference FROM delivery WHERE id = ?", id))
        .startsWith("a reference")
        .hasSize(255);
  }

  @Test
  void claimsNoOlderEventWhileAnotherGatewayIsJustClaimingTheNewer() throws Exception {
    open(Dialect.POSTGRESQL);
    var newer = add("popsee:r-1", 2);
    var leased = new CountDownLatch(1);
    var commit = new CountDownLatch(1);
    var another =
        CompletableFuture.runAsync(
            () ->
                store
                    .get(Store.class)
                    .write(
                        jdbc -> {
                          new Lanes(Dialect.POSTGRESQL, new StoreTime(store.clock))
                              .enter(jdbc, OutboxStore.lane("crm"));
                          jdbc.update(
                              "UPDATE delivery SET lease_owner = 'another', lease_until = ? WHERE id"
                                  + " = ?",
                              store.clock.millis() + 1000,
                              newer);
                          leased.countDown();
                          return wait(commit);
                        }));
    leased.await();
    var older = add("popsee:r-1", 1);

    var ours = CompletableFuture.supplyAsync(this::claim);
    await()
        .until(
            () ->
                store.count(
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                    == 1);
    commit.countDown();
    another.join();

    assertThat(ours.join()).doesNotContain(older).isEmpty();
  }

  /** Its lease ran out, and a person cancelled it. */
  private ClaimedDelivery overtaken(ClaimedDelivery delivery) {
    store.clock.advance(StoreForTests.LEASE.plusSeconds(1));
    store.get(DeliveryChanges.class).cancel(delivery.id(), "no more");
    return delivery;
  }

  private Outcome delivered(ClaimedDelivery delivery) {
    return new Outcome(
        store.get(Ids.class).next(),
        delivery,
        "crm",
        new Work(Work.State.DELIVERED, store.clock.instant(), null),
        null,
        store.clock.instant(),
        Duration.ZERO,
        true);
  }

  /** Holds a row on behalf of another gateway until the latch is down, and then another one. */
  private CompletableFuture<Void> hold(long delivery, CountDownLatch until, List<Long> then) {
    var held = new CountDownLatch(1);
    var holding =
        CompletableFuture.runAsync(
            () ->
                store
                    .get(Store.class)
                    .write(
                        jdbc -> {
                          Dialect.POSTGRESQL.lockInOrder(jdbc, "delivery", "id", List.of(delivery));
                          held.countDown();
                          wait(until);
                          if (!then.isEmpty()) {
                            Dialect.POSTGRESQL.lockInOrder(jdbc, "delivery", "id", then);
                          }
                          return null;
                        }));
    wait(held);
    return holding;
  }

  private void awaitThatTheWriterWaits() {
    await()
        .until(
            () ->
                store.count(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'")
                    == 1);
  }

  @Test
  void waitsForNoGatewayThatWaitsForItWhereADeliveryWasOvertaken() {
    open(Dialect.POSTGRESQL);
    add("popsee:r-1", 1);
    add("popsee:r-2", 1);
    var claimed = outbox.claim("crm", 2);
    var overtaken = overtaken(claimed.get(0));
    var held = claimed.get(1);
    add("popsee:r-3", 1);
    var first = outbox.claim("crm", 10).get(1);
    var go = new CountDownLatch(1);
    var gather = new CountDownLatch(1);
    var another = hold(overtaken.id(), go, List.of(held.id()));
    var gathering = hold(first.id(), gather, List.of());

    var alone = outbox.record(delivered(first));
    awaitThatTheWriterWaits();
    var together = List.of(outbox.record(delivered(overtaken)), outbox.record(delivered(held)));
    gather.countDown();
    gathering.join();
    alone.join();
    awaitThatTheWriterWaits();
    go.countDown();

    another.join();
    together.forEach(CompletableFuture::join);
    assertThat(state(overtaken.id())).isEqualTo("delivered");
    assertThat(state(held.id())).isEqualTo("delivered");
  }

  @Test
  void recordsTwoDeliveriesOfOneSubjectTogether() {
    open(Dialect.POSTGRESQL);
    add("popsee:r-1", 1);
    add("popsee:r-1", 2);
    var older = overtaken(outbox.claim("crm", 1).get(0));
    var newer = outbox.claim("crm", 1).get(0);
    add("popsee:r-2", 1);
    var first = outbox.claim("crm", 1).get(0);
    var gather = new CountDownLatch(1);
    var gathering = hold(first.id(), gather, List.of());

    var alone = outbox.record(delivered(first));
    awaitThatTheWriterWaits();
    var together = List.of(outbox.record(delivered(newer)), outbox.record(delivered(older)));
    gather.countDown();
    gathering.join();
    alone.join();

    together.forEach(CompletableFuture::join);
    assertThat(
            store.count("SELECT event_time FROM destination_version WHERE subject = 'popsee:r-1'"))
        .isEqualTo(at(2).toEpochMilli());
  }

  private static boolean wait(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhatADeliveryComesFrom(Dialect dialect) {
    open(dialect);
    var received = store.clock.instant();
    store
        .get(InboxStore.class)
        .add(
            new NewRequest(
                1, "popsee", "", "application/json", "current secret", received, new byte[0]))
        .join();
    add("popsee:r-1", 1);
    store.clock.advance(Duration.ofMinutes(5));

    var origin = outbox.claim("crm", 1).get(0).origin();

    assertThat(origin).isEqualTo(new Origin("popsee", 1, received, null));
  }

  @ParameterizedTest
  @EnumSource
  void holdsUpNothingWhereAnEventWasDeletedByHand(Dialect dialect) {
    open(dialect);
    add("popsee:r-1", 1);
    store.get(Store.class).write(jdbc -> jdbc.update("DELETE FROM event"));
    add("popsee:r-2", 2);

    assertThat(outbox.claim("crm", 10))
        .extracting(ClaimedDelivery::document)
        .containsExactly("null", "{\"n\":2}");
  }
}
