package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.LaneState.Trouble;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.OutboxStore.Outcome;
import io.surveygateway.store.OutboxStore.Taken;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What gateways share of a destination, on SQLite and on PostgreSQL. */
class LanesTest {

  private record Turn(int most, boolean isProbe, @Nullable Instant nextAt)
      implements LaneState.Turn {}

  private StoreForTests store;
  private OutboxStore outbox;
  private OutboxStore another;
  private int keys;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    outbox = store.get(OutboxStore.class);
    another = store.outboxOf("another");
  }

  private long add() {
    var ids = store.get(Ids.class);
    var now = store.get(java.time.Clock.class).instant();
    var subject = "popsee:r-" + ++keys;
    var event =
        new NewEvent(ids.next(), "popsee", "e-" + keys, 1, "t", subject, null, now, now, "{}");
    var delivery = new NewDelivery(ids.next(), event.id(), "crm", Work.State.WAITING, null, now);
    store
        .get(InboxStore.class)
        .finish(
            new StepResult(
                1,
                "popsee",
                new Work(Work.State.DONE, now, null),
                List.of(event),
                List.of(delivery),
                List.of()))
        .join();
    return delivery.id();
  }

  private static LaneState seen(OutboxStore by) {
    var seen = new AtomicReference<LaneState>();
    by.claim(
        "crm",
        lane -> {
          seen.set(lane);
          return new Turn(0, false, null);
        });
    return seen.get();
  }

  /** One a second, over all gateways. */
  private static Taken<Turn> claimOne(OutboxStore by) {
    return by.claim(
        "crm",
        lane ->
            new Turn(lane.nextAt().isAfter(lane.now()) ? 0 : 1, false, lane.now().plusSeconds(1)));
  }

  private static ClaimedDelivery probe(OutboxStore by) {
    return by.claim("crm", lane -> new Turn(1, true, null)).deliveries().get(0);
  }

  private void record(OutboxStore by, ClaimedDelivery delivery, Work work) {
    by.record(
            new Outcome(
                store.get(Ids.class).next(),
                delivery,
                "crm",
                work,
                null,
                store.clock.instant(),
                Duration.ZERO,
                true))
        .join();
  }

  private static Trouble trouble(Failure.Kind kind, Instant triesAt) {
    return new Trouble(kind, "503 of a gateway timeout", 3, triesAt);
  }

  @ParameterizedTest
  @EnumSource
  void writesNothingForADestinationThatIsWell(Dialect dialect) {
    open(dialect);
    add();

    assertThat(outbox.claim("crm", lane -> new Turn(10, false, null)).deliveries()).hasSize(1);

    assertThat(store.count("SELECT count(*) FROM lane")).isZero();
    assertThat(seen(outbox)).isEqualTo(LaneState.free(store.clock.instant()));
  }

  @ParameterizedTest
  @EnumSource
  void keepsOneRateOverAllGateways(Dialect dialect) {
    open(dialect);
    add();
    add();
    add();

    assertThat(claimOne(outbox).deliveries()).hasSize(1);
    assertThat(claimOne(another).deliveries()).isEmpty();
    assertThat(claimOne(outbox).deliveries()).isEmpty();
    store.clock.advance(Duration.ofSeconds(1));
    assertThat(claimOne(another).deliveries()).hasSize(1);
    assertThat(claimOne(outbox).deliveries()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void takesNothingOfARateWhereNothingIsDue(Dialect dialect) {
    open(dialect);

    claimOne(outbox);
    add();

    assertThat(claimOne(another).deliveries()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void tellsOthersOfTroubleToTheWord(Dialect dialect) {
    open(dialect);
    for (var kind : List.of(Failure.Kind.TRANSIENT, Failure.Kind.RATE_LIMITED, Failure.Kind.AUTH)) {
      var trouble = trouble(kind, store.clock.instant().plusSeconds(7));

      var told = outbox.change("crm", lane -> lane.in(trouble, true));

      assertThat(seen(another)).isEqualTo(told);
      assertThat(seen(another).trouble()).isEqualTo(trouble);
    }

    outbox.change("crm", lane -> lane.in(null, true));
    assertThat(seen(another)).isEqualTo(LaneState.free(store.clock.instant()));
  }

  @ParameterizedTest
  @EnumSource
  void knowsThatADeliveryTriesForAsLongAsItsLeaseIsRenewed(Dialect dialect) {
    open(dialect);
    var id = add();
    probe(outbox);

    for (var i = 0; i < 5; i++) {
      assertThat(seen(another).isProbed()).isTrue();
      store.clock.advance(StoreForTests.LEASE.dividedBy(2));
      outbox.renew(List.of(id));
    }
    assertThat(seen(another).isProbed()).isTrue();

    store.clock.advance(StoreForTests.LEASE);
    assertThat(seen(another).isProbed()).as("its gateway died").isFalse();
    assertThat(probe(another).id()).isEqualTo(id);
    assertThat(seen(outbox).isProbed()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void knowsWhenADeliveryHasTried(Dialect dialect) {
    open(dialect);
    add();

    outbox.release(List.of(probe(outbox).id()));
    assertThat(seen(another).isProbed()).as("given back").isFalse();

    var retried = new Work(Work.State.RETRYING, store.clock.instant(), null);
    record(another, probe(another), retried);
    assertThat(seen(outbox).isProbed()).as("failed").isFalse();

    record(outbox, probe(outbox), new Work(Work.State.DELIVERED, store.clock.instant(), null));
    assertThat(seen(another).isProbed()).as("arrived").isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void keepsAPauseAndTroubleApart(Dialect dialect) {
    open(dialect);
    var lane = OutboxStore.lane("crm");
    var pauses = store.get(Pauses.class);
    var since = store.clock.instant();
    var trouble = trouble(Failure.Kind.AUTH, since.plusSeconds(300));
    outbox.change("crm", state -> state.in(trouble, true));

    pauses.pause(lane, "ada", "new fields");
    assertThat(seen(another).trouble()).isEqualTo(trouble);
    outbox.change("crm", state -> state.in(null, true));
    assertThat(seen(another).pause()).isEqualTo(new Pauses.Pause(lane, since, "ada", "new fields"));

    outbox.change("crm", state -> state.in(trouble, true));
    store.clock.advance(Duration.ofHours(1));
    pauses.resume(lane, "ada");
    assertThat(seen(another).trouble()).isEqualTo(trouble);
    assertThat(seen(another).resumedAt()).isEqualTo(store.clock.instant());
  }

  @Test
  void seesWhatAnotherGatewayDidWhileItWaitedForIt() throws Exception {
    open(Dialect.POSTGRESQL);
    var isIn = new CountDownLatch(1);
    var mayCommit = new CountDownLatch(1);
    var trouble = trouble(Failure.Kind.RATE_LIMITED, store.clock.instant().plusSeconds(30));
    var telling =
        CompletableFuture.runAsync(
            () ->
                another.change(
                    "crm",
                    lane -> {
                      isIn.countDown();
                      wait(mayCommit);
                      return lane.in(trouble, true);
                    }));
    isIn.await();

    var seen = CompletableFuture.supplyAsync(() -> seen(outbox));
    await()
        .until(
            () ->
                store.count(
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                    == 1);
    mayCommit.countDown();
    telling.join();

    assertThat(seen.join().trouble()).isEqualTo(trouble);
  }

  private static void wait(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Threads of two gateways, each as fast as it can: by the database's clock. */
  @Test
  void neverExceedsARateThatManyAskFor() {
    store =
        StoreForTests.onDatabaseTime(
            io.surveygateway.PostgresForTests.newDatabase(), System::nanoTime);
    outbox = store.get(OutboxStore.class);
    for (var i = 0; i < 12; i++) {
      add();
    }
    var taken = Collections.synchronizedList(new ArrayList<Instant>());
    var gateways =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(
                n -> CompletableFuture.runAsync(() -> takeAll(store.outboxOf("node-" + n), taken)))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(gateways).join();

    Collections.sort(taken);
    assertThat(taken).hasSize(12);
    for (var i = 1; i < taken.size(); i++) {
      assertThat(Duration.between(taken.get(i - 1), taken.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofMillis(20));
    }
  }

  private static void takeAll(OutboxStore gateway, List<Instant> taken) {
    while (taken.size() < 12) {
      var claim =
          gateway.claim(
              "crm",
              lane ->
                  new Turn(
                      lane.nextAt().isAfter(lane.now()) ? 0 : 1, false, lane.now().plusMillis(20)));
      claim.deliveries().forEach(delivery -> taken.add(claim.turn().nextAt().minusMillis(20)));
    }
  }
}
