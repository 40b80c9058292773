package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.InboxStore.Claim;
import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import io.surveygateway.store.StepResult.SetAside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The inbox on SQLite and on PostgreSQL: the same promises on both. */
class InboxStoreTest {

  private StoreForTests store;

  @AfterEach
  void close() {
    store.close();
  }

  private InboxStore open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    return store.get(InboxStore.class);
  }

  private NewRequest request(String provider, byte[] body) {
    return new NewRequest(
        store.get(Ids.class).next(),
        provider,
        "completed",
        "application/json",
        "current secret",
        store.clock.instant(),
        body);
  }

  private long add(InboxStore inbox, String provider) {
    var request = request(provider, new byte[] {'{', '}'});
    inbox.add(request).join();
    return request.id();
  }

  private NewEvent event(long requestId, String key) {
    return new NewEvent(
        store.get(Ids.class).next(),
        "popsee",
        key,
        requestId,
        "survey.response.completed",
        "popsee:r-1",
        "s-1",
        store.clock.instant(),
        store.clock.instant(),
        "{\"text\":\"Très bien 👍\"}");
  }

  private NewDelivery delivery(NewEvent event, String destination) {
    return new NewDelivery(
        store.get(Ids.class).next(),
        event.id(),
        destination,
        Work.State.WAITING,
        null,
        store.clock.instant());
  }

  private StepResult done(long requestId, NewEvent event, NewDelivery... deliveries) {
    return new StepResult(
        requestId,
        "popsee",
        new Work(Work.State.DONE, store.clock.instant(), null),
        List.of(event),
        List.of(deliveries),
        List.of());
  }

  @ParameterizedTest
  @EnumSource
  void givesBackEveryByteThatCame(Dialect dialect) {
    var inbox = open(dialect);
    var body = new byte[256];
    for (var i = 0; i < body.length; i++) {
      body[i] = (byte) i;
    }
    var request = request("popsee", body);

    inbox.add(request).join();

    var claimed = inbox.read(inbox.claim("popsee", 10)).get(0);
    assertThat(claimed.body()).isEqualTo(body);
    assertThat(claimed.id()).isEqualTo(request.id());
    assertThat(claimed.path()).isEqualTo("completed");
    assertThat(claimed.contentType()).isEqualTo("application/json");
    assertThat(claimed.receivedAt()).isEqualTo(store.clock.instant());
    assertThat(claimed.attempts()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void claimsTheOldestFirstAndEachOnce(Dialect dialect) {
    var inbox = open(dialect);
    var ids = new ArrayList<Long>();
    for (var i = 0; i < 5; i++) {
      ids.add(add(inbox, "popsee"));
      store.clock.advance(Duration.ofMillis(1));
    }
    add(inbox, "surveymonkey");

    assertThat(inbox.claim("popsee", 3)).extracting(Claim::id).isEqualTo(ids.subList(0, 3));
    assertThat(store.inboxOf("another").claim("popsee", 10))
        .extracting(Claim::id)
        .isEqualTo(ids.subList(3, 5));
    assertThat(inbox.claim("popsee", 10)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void freesTheClaimsOfAGatewayThatDied(Dialect dialect) {
    var inbox = open(dialect);
    var id = add(inbox, "popsee");
    inbox.claim("popsee", 1);
    var another = store.inboxOf("another");

    store.clock.advance(StoreForTests.LEASE.minusMillis(1));
    assertThat(another.claim("popsee", 1)).isEmpty();

    store.clock.advance(Duration.ofMillis(1));
    assertThat(another.claim("popsee", 1)).extracting(Claim::id).containsExactly(id);
    assertThat(store.count("SELECT attempts FROM inbox WHERE request_id = ?", id)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void holdsARenewedLease(Dialect dialect) {
    var inbox = open(dialect);
    var id = add(inbox, "popsee");
    inbox.claim("popsee", 1);

    store.clock.advance(StoreForTests.LEASE.minusMillis(1));
    inbox.renew(List.of(id));
    store.clock.advance(StoreForTests.LEASE.minusMillis(1));

    assertThat(store.inboxOf("another").claim("popsee", 1)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void takesAReleasedClaimForNoAttempt(Dialect dialect) {
    var inbox = open(dialect);
    var id = add(inbox, "popsee");

    inbox.claim("popsee", 1);
    inbox.release(List.of(id));

    assertThat(store.count("SELECT attempts FROM inbox WHERE request_id = ?", id)).isZero();
    assertThat(inbox.claim("popsee", 1)).extracting(Claim::id).containsExactly(id);
  }

  @ParameterizedTest
  @EnumSource
  void endsAnItemTogetherWithWhatItMade(Dialect dialect) {
    var inbox = open(dialect);
    var id = add(inbox, "popsee");
    inbox.claim("popsee", 1);
    var event = event(id, "e-1");

    inbox.finish(done(id, event, delivery(event, "slack"), delivery(event, "database"))).join();

    assertThat(store.text("SELECT state FROM inbox WHERE request_id = ?", id)).isEqualTo("done");
    assertThat(store.text("SELECT document FROM event WHERE id = ?", event.id()))
        .isEqualTo("{\"text\":\"Très bien 👍\"}");
    assertThat(store.count("SELECT count(*) FROM delivery WHERE event_id = ?", event.id()))
        .isEqualTo(2);
    assertThat(inbox.claim("popsee", 1)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void keepsARepeatedEventOnceAndDeliversItOnce(Dialect dialect) {
    var inbox = open(dialect);
    var first = add(inbox, "popsee");
    var repeat = add(inbox, "popsee");
    inbox.claim("popsee", 2);
    var event = event(first, "e-1");
    var again = event(repeat, "e-1");

    CompletableFuture.allOf(
            inbox.finish(done(first, event, delivery(event, "slack"))),
            inbox.finish(done(repeat, again, delivery(again, "slack"))))
        .join();

    assertThat(store.count("SELECT count(*) FROM event")).isEqualTo(1);
    assertThat(store.count("SELECT count(*) FROM delivery")).isEqualTo(1);
    assertThat(store.count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void leavesAnItemToWhomeverHoldsItsLease(Dialect dialect) {
    var inbox = open(dialect);
    var id = add(inbox, "popsee");
    inbox.claim("popsee", 1);
    store.clock.advance(StoreForTests.LEASE);
    store.inboxOf("another").claim("popsee", 1);

    inbox.finish(done(id, event(id, "e-1"))).join();

    assertThat(store.text("SELECT state FROM inbox WHERE request_id = ?", id)).isEqualTo("waiting");
    assertThat(store.text("SELECT lease_owner FROM inbox WHERE request_id = ?", id))
        .isEqualTo("another");
  }

  @ParameterizedTest
  @EnumSource
  void claimsARetryWhenItIsDue(Dialect dialect) {
    var inbox = open(dialect);
    var id = add(inbox, "popsee");
    inbox.claim("popsee", 1);
    var due = store.clock.instant().plusSeconds(5);
    var failure = Failure.rateLimited("429", Duration.ofSeconds(5));

    inbox
        .finish(
            new StepResult(
                id,
                "popsee",
                new Work(Work.State.RETRYING, due, failure),
                List.of(),
                List.of(),
                List.of()))
        .join();

    assertThat(store.text("SELECT reason FROM inbox WHERE request_id = ?", id)).isEqualTo("429");
    assertThat(store.text("SELECT failure_kind FROM inbox WHERE request_id = ?", id))
        .isEqualTo("rate_limited");
    store.clock.advance(Duration.ofMillis(4999));
    assertThat(inbox.claim("popsee", 1)).isEmpty();
    store.clock.advance(Duration.ofMillis(1));
    assertThat(inbox.claim("popsee", 1)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhatWasSetAsideWithItsReason(Dialect dialect) {
    var inbox = open(dialect);
    var id = add(inbox, "popsee");
    inbox.claim("popsee", 1);
    var item =
        new SetAside(store.get(Ids.class).next(), id, "popsee", 7, "no id", store.clock.instant());

    inbox
        .finish(
            new StepResult(
                id,
                "popsee",
                new Work(Work.State.DONE, store.clock.instant(), null),
                List.of(),
                List.of(),
                List.of(item)))
        .join();

    assertThat(store.text("SELECT reason FROM set_aside WHERE request_id = ? AND item = 7", id))
        .isEqualTo("no id");
    assertThat(store.count("SELECT set_aside FROM inbox WHERE request_id = ?", id)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void refusesOneRowOfAGroupAlone(Dialect dialect) {
    var inbox = open(dialect);
    var taken = request("popsee", new byte[] {1});
    inbox.add(taken).join();

    var results = new ArrayList<CompletableFuture<Void>>();
    for (var i = 0; i < 50; i++) {
      results.add(inbox.add(i == 25 ? taken : request("popsee", new byte[] {2})));
    }

    assertThatThrownBy(() -> results.get(25).join()).hasCauseInstanceOf(DataRefusedException.class);
    results.remove(25);
    results.forEach(CompletableFuture::join);
    assertThat(store.count("SELECT count(*) FROM request")).isEqualTo(50);
  }

  @ParameterizedTest
  @EnumSource
  void saysThatTheStoreIsDownAndTakesRequestsAgainAfterwards(Dialect dialect) {
    var inbox = open(dialect);
    add(inbox, "popsee");
    store.get(Store.class).write(jdbc -> jdbc.update("ALTER TABLE request RENAME TO away"));

    assertThatThrownBy(() -> add(inbox, "popsee"))
        .hasCauseInstanceOf(StoreUnavailableException.class);

    store.get(Store.class).write(jdbc -> jdbc.update("ALTER TABLE away RENAME TO request"));
    add(inbox, "popsee");
    assertThat(store.count("SELECT count(*) FROM request")).isEqualTo(2);
    assertThat(store.count("SELECT count(*) FROM inbox")).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void claimsNothingTwiceUnderContention(Dialect dialect) {
    var inbox = open(dialect);
    var added = new ArrayList<CompletableFuture<Void>>();
    for (var i = 0; i < 300; i++) {
      added.add(inbox.add(request("popsee", new byte[] {1})));
    }
    added.forEach(CompletableFuture::join);

    var nodes = new ArrayList<CompletableFuture<List<Claim>>>();
    for (var n = 0; n < 4; n++) {
      var node = store.inboxOf("node-" + n);
      nodes.add(
          CompletableFuture.supplyAsync(
              () -> {
                var mine = new ArrayList<Claim>();
                for (var some = node.claim("popsee", 7);
                    !some.isEmpty();
                    some = node.claim("popsee", 7)) {
                  mine.addAll(some);
                }
                return mine;
              }));
    }

    assertThat(nodes.stream().flatMap(node -> node.join().stream()).map(Claim::id).toList())
        .hasSize(300)
        .doesNotHaveDuplicates();
  }

  @Test
  void waitsForNoGatewayThatWaitsForItWhereBothWereSentTheSameEvents() {
    var inbox = open(Dialect.POSTGRESQL);
    var request = add(inbox, "popsee");
    inbox.claim("popsee", 1);
    var inserted = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var another =
        CompletableFuture.runAsync(
            () ->
                store
                    .get(Store.class)
                    .write(
                        jdbc -> {
                          insert(jdbc, "a");
                          inserted.countDown();
                          join(go);
                          return insert(jdbc, "b");
                        }));
    join(inserted);

    var ours =
        inbox.finish(
            new StepResult(
                request,
                "popsee",
                new Work(Work.State.DONE, store.clock.instant(), null),
                List.of(event(request, "b"), event(request, "c"), event(request, "a")),
                List.of(),
                List.of()));
    await()
        .until(
            () ->
                store.count(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'")
                    == 1);
    go.countDown();

    another.join();
    ours.join();
    var totals = store.get(Counters.class).totals();
    assertThat(store.count("SELECT count(*) FROM event WHERE request_id = ?", request))
        .isEqualTo(1);
    assertThat(totals.total(Counter.EVENTS_STORED, "popsee")).isEqualTo(1);
    assertThat(totals.total(Counter.EVENTS_REPEATED, "popsee")).isEqualTo(2);
  }

  private int insert(JdbcTemplate jdbc, String key) {
    return jdbc.update(
        "INSERT INTO event (id, provider, event_key, request_id, type, subject, event_time,"
            + " created_at, document) VALUES (?, 'popsee', ?, 0, 't', 's', 1, 1, '{}')",
        -key.charAt(0),
        key);
  }

  private static void join(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void letsNoGatewayThatIsGoneHoldLocksForEver() {
    open(Dialect.POSTGRESQL);

    assertThat(
            store
                .get(Store.class)
                .<String>write(
                    jdbc ->
                        jdbc.queryForObject(
                            "SHOW idle_in_transaction_session_timeout", String.class)))
        .isEqualTo("15s");
  }
}
