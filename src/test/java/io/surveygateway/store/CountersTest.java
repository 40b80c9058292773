package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.InboxStore.ClaimedRequest;
import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.OutboxStore.Outcome;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import io.surveygateway.store.StepResult.SetAside;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts are what a scan of all rows would count, whatever happens; on both stores. */
class CountersTest {

  private static final List<String> PROVIDERS = List.of("popsee", "smartsurvey");
  private static final List<String> DESTINATIONS = List.of("crm", "slack");

  private StoreForTests store;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
  }

  private Counters counters() {
    return store.get(Counters.class);
  }

  private long nextId() {
    return store.get(Ids.class).next();
  }

  private Instant now() {
    return store.clock.instant();
  }

  private void count(Counts counts) {
    store
        .get(Store.class)
        .write(
            jdbc -> {
              counters().add(jdbc, counts);
              return null;
            });
  }

  private long scan(String table, String where, Object... parameters) {
    return store.count("SELECT count(*) FROM " + table + " WHERE " + where, parameters);
  }

  /**
   * Random steps of several gateways, in groups and alone, some of them twice and some with leases
   * that ran out; then what was counted is compared with what is there.
   */
  @ParameterizedTest
  @CsvSource({"SQLITE, 1", "SQLITE, 2", "SQLITE, 3", "POSTGRESQL, 1", "POSTGRESQL, 2"})
  void areWhatAScanOfAllRowsCounts(Dialect dialect, long seed) {
    open(dialect);
    var chance = new Random(seed);
    var life = new Life(chance);
    for (var i = 0; i < 150; i++) {
      life.step();
      if (i % 10 == 0) {
        life.compareWithScan();
      }
    }
    life.compareWithScan();
    life.hasSeenAll();
  }

  /** What gateways do with a store, by chance. */
  private final class Life {

    private final Random chance;
    private final List<InboxStore> inboxes;
    private final List<OutboxStore> outboxes;
    private final List<StepResult> steps = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private long brought;
    private long refused;

    Life(Random chance) {
      this.chance = chance;
      this.inboxes = List.of(store.get(InboxStore.class), store.inboxOf("other"));
      this.outboxes = List.of(store.get(OutboxStore.class), store.outboxOf("other"));
    }

    private <T> T any(List<T> some) {
      return some.get(chance.nextInt(some.size()));
    }

    void step() {
      switch (chance.nextInt(8)) {
        case 0, 1 -> arrive();
        case 2, 3 -> map();
        case 4, 5 -> deliver();
        case 6 -> repeat();
        default -> person();
      }
      // Some leases run out while work goes on.
      store.clock.advance(Duration.ofSeconds(chance.nextInt(20)));
    }

    private void arrive() {
      var inbox = any(inboxes);
      var written = new ArrayList<CompletableFuture<Void>>();
      for (var i = chance.nextInt(6); i >= 0; i--) {
        written.add(
            inbox.add(
                new NewRequest(
                    nextId(), any(PROVIDERS), "", "text/plain", "key", now(), new byte[1])));
      }
      join(written);
    }

    private void map() {
      var inbox = any(inboxes);
      var claims = inbox.claim(any(PROVIDERS), 1 + chance.nextInt(8));
      if (claims.isEmpty()) {
        return;
      }
      var made = inbox.read(claims).stream().map(this::mapped).toList();
      if (chance.nextInt(4) == 0) {
        // Lost: another gateway does the same meanwhile, and this one comes late.
        store.clock.advance(StoreForTests.LEASE.plusMillis(1));
        var other = any(inboxes);
        var again = other.claim(made.get(0).provider(), 8);
        finish(
            other,
            again.isEmpty() ? List.of() : other.read(again).stream().map(this::mapped).toList());
      }
      finish(inbox, made);
    }

    private void finish(InboxStore inbox, List<StepResult> made) {
      join(made.stream().map(inbox::finish).toList());
      brought += made.stream().mapToLong(step -> step.events().size()).sum();
      steps.addAll(made);
    }

    private StepResult mapped(ClaimedRequest request) {
      var state =
          any(List.of(Work.State.DONE, Work.State.DONE, Work.State.RETRYING, Work.State.PARKED));
      var failure = state == Work.State.DONE ? null : Failure.permanent("no such field");
      var events = new ArrayList<NewEvent>();
      var deliveries = new ArrayList<NewDelivery>();
      var aside = new ArrayList<SetAside>();
      for (var i = state == Work.State.DONE ? chance.nextInt(4) : 0; i > 0; i--) {
        // Few keys, so that many are repeats, and of few responses, so that some are superseded.
        var event =
            new NewEvent(
                nextId(),
                request.provider(),
                "key-" + chance.nextInt(60),
                request.id(),
                "survey.response.completed",
                "response-" + chance.nextInt(6),
                null,
                now().minusSeconds(chance.nextInt(4000)),
                now(),
                "{}");
        events.add(event);
        for (var destination : DESTINATIONS) {
          var skipped = chance.nextInt(4) == 0;
          deliveries.add(
              new NewDelivery(
                  nextId(),
                  event.id(),
                  destination,
                  skipped ? Work.State.SKIPPED : Work.State.WAITING,
                  skipped ? "off" : null,
                  now()));
        }
        if (chance.nextInt(4) == 0) {
          aside.add(new SetAside(nextId(), request.id(), request.provider(), i, "no id", now()));
        }
      }
      return new StepResult(
          request.id(),
          request.provider(),
          new Work(state, now(), failure),
          events,
          deliveries,
          aside);
    }

    private void deliver() {
      var outbox = any(outboxes);
      var destination = any(DESTINATIONS);
      var claimed = outbox.claim(destination, 1 + chance.nextInt(5));
      if (claimed.isEmpty()) {
        return;
      }
      var made = claimed.stream().map(each -> tried(destination, each)).toList();
      if (chance.nextInt(3) == 0) {
        store.clock.advance(StoreForTests.LEASE.plusMillis(1));
        var other = any(outboxes);
        record(
            other, other.claim(destination, 5).stream().map(e -> tried(destination, e)).toList());
      }
      record(outbox, made);
    }

    private void record(OutboxStore outbox, List<Outcome> made) {
      join(made.stream().map(outbox::record).toList());
      outcomes.addAll(made);
    }

    private Outcome tried(String destination, ClaimedDelivery delivery) {
      var state =
          any(
              List.of(
                  Work.State.DELIVERED,
                  Work.State.DELIVERED,
                  Work.State.RETRYING,
                  Work.State.PARKED));
      var failure =
          state == Work.State.DELIVERED
              ? null
              : any(List.of(Failure.permanent("no"), Failure.transientFailure("later")));
      return new Outcome(
          nextId(),
          delivery,
          destination,
          new Work(state, now(), failure),
          null,
          now(),
          Duration.ZERO,
          true);
    }

    /** Its commit went through, and its gateway did not hear of it. */
    private void repeat() {
      var outbox = any(outboxes);
      if (!outcomes.isEmpty()) {
        join(outcomes.stream().skip(Math.max(0, outcomes.size() - 3)).map(outbox::record).toList());
      }
    }

    /** Sends parked ones on their way again, or cancels open ones. */
    private void person() {
      var destination = any(DESTINATIONS);
      var provider = any(PROVIDERS);
      var retries = chance.nextBoolean();
      store
          .get(Store.class)
          .write(
              jdbc -> {
                var to = retries ? Work.State.WAITING : Work.State.CANCELLED;
                var from = retries ? "'parked'" : "'waiting', 'retrying'";
                var deliveries =
                    jdbc.update(
                        "UPDATE delivery SET state = ?, lease_owner = NULL, lease_until = 0 WHERE"
                            + " destination = ? AND id % 2 = 0 AND state IN ("
                            + from
                            + ")",
                        to.text(),
                        destination);
                var requests =
                    jdbc.update(
                        "UPDATE inbox SET state = ?, lease_owner = NULL, lease_until = 0 WHERE"
                            + " provider = ? AND request_id % 3 = 0 AND state IN ("
                            + from
                            + ")",
                        to.text(),
                        provider);
                var was = retries ? Work.State.PARKED : Work.State.WAITING;
                counters()
                    .add(
                        jdbc,
                        new Counts()
                            .deliveriesMoved(destination, was, to, deliveries)
                            .requestsMoved(provider, was, to, requests));
                return null;
              });
    }

    void compareWithScan() {
      var totals = counters().totals();
      for (var provider : PROVIDERS) {
        assertThat(totals.level(Counter.REQUESTS_ACCEPTED, provider))
            .isEqualTo(scan("request", "provider = ?", provider));
        for (var state : List.of(Work.State.DONE, Work.State.PARKED, Work.State.CANCELLED)) {
          assertThat(totals.level(Counter.ofRequests(state).orElseThrow(), provider))
              .as("%s %s", provider, state)
              .isEqualTo(scan("inbox", "provider = ? AND state = ?", provider, state.text()));
        }
        assertThat(totals.openRequests(provider))
            .isEqualTo(
                scan("inbox", "provider = ? AND state IN ('waiting', 'retrying')", provider));
        assertThat(totals.total(Counter.EVENTS_STORED, provider))
            .isEqualTo(scan("event", "provider = ?", provider));
        assertThat(totals.total(Counter.ITEMS_SET_ASIDE, provider))
            .isEqualTo(scan("set_aside", "provider = ?", provider));
      }
      assertThat(
              PROVIDERS.stream()
                  .mapToLong(
                      provider ->
                          totals.total(Counter.EVENTS_STORED, provider)
                              + totals.total(Counter.EVENTS_REPEATED, provider))
                  .sum())
          .isEqualTo(brought);
      for (var provider : PROVIDERS) {
        assertThat(totals.total(Counter.ITEMS_BROUGHT, provider))
            .isEqualTo(
                totals.total(Counter.EVENTS_STORED, provider)
                    + totals.total(Counter.EVENTS_REPEATED, provider)
                    + totals.total(Counter.ITEMS_SET_ASIDE, provider));
      }
      for (var destination : DESTINATIONS) {
        assertThat(totals.level(Counter.DELIVERIES_MADE, destination))
            .isEqualTo(scan("delivery", "destination = ?", destination));
        for (var state :
            List.of(
                Work.State.DELIVERED,
                Work.State.PARKED,
                Work.State.SKIPPED,
                Work.State.SUPERSEDED,
                Work.State.CANCELLED)) {
          assertThat(totals.level(Counter.ofDeliveries(state).orElseThrow(), destination))
              .as("%s %s", destination, state)
              .isEqualTo(
                  scan("delivery", "destination = ? AND state = ?", destination, state.text()));
        }
        assertThat(totals.openDeliveries(destination))
            .isEqualTo(
                scan(
                    "delivery",
                    "destination = ? AND state IN ('waiting', 'retrying')",
                    destination));
        for (var outcome : List.of("delivered", "permanent", "transient")) {
          assertThat(totals.total(Counter.ATTEMPTS_MADE, destination, outcome))
              .as("%s %s", destination, outcome)
              .isEqualTo(
                  scan(
                      "attempt a JOIN delivery d ON d.id = a.delivery_id",
                      "d.destination = ? AND COALESCE(a.failure_kind, a.outcome) = ?",
                      destination,
                      outcome));
        }
        assertThat(totals.details(Counter.ATTEMPTS_MADE, destination))
            .isSubsetOf("delivered", "permanent", "transient");
      }
    }

    /** Or the comparison would have compared nothing with nothing. */
    void hasSeenAll() {
      var totals = counters().totals();
      assertThat(Counter.values())
          .filteredOn(counter -> counter != Counter.REQUESTS_REFUSED)
          .allSatisfy(
              counter -> {
                var lanes = new ArrayList<>(PROVIDERS);
                lanes.addAll(DESTINATIONS);
                assertThat(lanes.stream().mapToLong(lane -> totals.total(counter, lane)).sum())
                    .as(counter.text())
                    .isPositive();
              });
      assertThat(totals.total(Counter.DELIVERIES_PARKED, "crm"))
          .isGreaterThan(totals.level(Counter.DELIVERIES_PARKED, "crm"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void makeSeriesByMinuteHourAndDay(Dialect dialect) {
    open(dialect);
    var start = Instant.parse("2026-03-02T09:00:00Z");
    for (var minutes : List.of(0, 0, 1, 60, 24 * 60)) {
      store.clock.advance(Duration.between(now(), start.plus(Duration.ofMinutes(minutes))));
      count(new Counts().add(Counter.REQUESTS_ACCEPTED, "popsee", 2));
    }
    count(new Counts().add(Counter.REQUESTS_ACCEPTED, "smartsurvey", 7));

    assertThat(series(CounterSpan.MINUTE, start, Duration.ofHours(2)))
        .containsExactly("09:00 4", "09:01 2", "10:00 2");
    assertThat(series(CounterSpan.HOUR, start, Duration.ofDays(2)))
        .containsExactly("09:00 6", "10:00 2", "09:00 2");
    assertThat(series(CounterSpan.DAY, start, Duration.ofDays(2)))
        .containsExactly("00:00 8", "00:00 2");
    assertThat(
            counters()
                .series(
                    Counter.REQUESTS_ACCEPTED, null, CounterSpan.DAY, now(), now().plusMillis(1)))
        .extracting(Counters.Point::lane)
        .containsExactly("popsee", "smartsurvey");
  }

  private List<String> series(CounterSpan span, Instant from, Duration during) {
    return counters()
        .series(Counter.REQUESTS_ACCEPTED, "popsee", span, from, from.plus(during))
        .stream()
        .map(point -> point.start().toString().substring(11, 16) + " " + point.added())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void areSummedUpInTimeAndNoneIsLost(Dialect dialect) {
    open(dialect);
    var start = now();
    var all = Duration.ofDays(1300);
    for (var day = 0; day < 1200; day += 50) {
      store.clock.advance(Duration.ofDays(50));
      for (var minute = 0; minute < 4; minute++) {
        store.clock.advance(Duration.ofMinutes(20));
        count(new Counts().add(Counter.DELIVERIES_PARKED, "crm", 3));
        count(new Counts().add(Counter.DELIVERIES_PARKED, "crm", -1));
      }
      var before = byDay(start, all);
      store.get(Retention.class).run();
      // What leaves is the oldest.
      assertThat(before).endsWith(byDay(start, all).toArray(Counters.Point[]::new));
    }

    assertThat(counters().totals().total(Counter.DELIVERIES_PARKED, "crm")).isEqualTo(24 * 12);
    assertThat(counters().totals().level(Counter.DELIVERIES_PARKED, "crm")).isEqualTo(24 * 8);
    assertThat(byDay(start, all))
        .hasSize(22)
        .allSatisfy(point -> assertThat(point.added() - point.taken()).isEqualTo(8));
    // 22 days: the newest by the minute, the one before by the hour.
    assertThat(scan("counter", "span = 'minute'")).isEqualTo(4);
    assertThat(scan("counter", "span = 'hour'")).isEqualTo(2);
    assertThat(scan("counter", "span = 'day'")).isEqualTo(20);
  }

  private List<Counters.Point> byDay(Instant start, Duration during) {
    return counters()
        .series(Counter.DELIVERIES_PARKED, "crm", CounterSpan.DAY, start, start.plus(during));
  }

  @ParameterizedTest
  @EnumSource
  void areMovedThoughTheyComeLate(Dialect dialect) {
    open(dialect);
    var start = now();
    count(new Counts().add(Counter.EVENTS_STORED, "popsee", 1));
    store.clock.advance(Duration.ofDays(3));
    store.get(Retention.class).run();
    // A gateway whose clock is three days behind.
    store.clock.advance(Duration.ofDays(-3));
    count(new Counts().add(Counter.EVENTS_STORED, "popsee", 1));
    store.clock.advance(Duration.ofDays(3));
    store.get(Retention.class).run();

    assertThat(scan("counter", "span = 'minute'")).isZero();
    assertThat(counters().series(Counter.EVENTS_STORED, "popsee", CounterSpan.HOUR, start, now()))
        .extracting(Counters.Point::added)
        .containsExactly(2L);
  }

  @ParameterizedTest
  @EnumSource
  void addUpOverGatewaysThatCountAtOnce(Dialect dialect) {
    open(dialect);
    var gateways = List.of(store.inboxOf("one"), store.inboxOf("two"), store.inboxOf("three"));
    var written = new ArrayList<CompletableFuture<Void>>();
    for (var i = 0; i < 300; i++) {
      written.add(
          gateways
              .get(i % 3)
              .add(
                  new NewRequest(
                      nextId(),
                      PROVIDERS.get(i % 2),
                      "",
                      "text/plain",
                      "key",
                      now(),
                      new byte[1])));
    }
    join(written);

    var totals = counters().totals();
    assertThat(PROVIDERS).allSatisfy(p -> assertThat(totals.openRequests(p)).isEqualTo(150));
    assertThat(scan("counter", "span = 'ever' AND lane = 'popsee'"))
        .as("rows, one for each gateway where several can be")
        .isEqualTo(dialect == Dialect.POSTGRESQL ? 3 : 1);
  }

  @ParameterizedTest
  @EnumSource
  void refuseASeriesOfTooManyPoints(Dialect dialect) {
    open(dialect);

    assertThatThrownBy(() -> series(CounterSpan.MINUTE, now(), Duration.ofDays(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Expected a series of at most 3000 points, got 4320; ask for a shorter time or a longer"
                + " span than a minute");
  }

  @ParameterizedTest
  @EnumSource
  void countRefusalsThatAreNotKeptOneByOne(Dialect dialect) {
    open(dialect);
    for (var i = 0; i < 500; i++) {
      store.get(RefusalLog.class).refused("popsee", "", i % 5 == 0 ? 413 : 401, "no");
    }
    ((StoredRefusals) store.get(RefusalLog.class)).close();

    var totals = counters().totals();
    assertThat(totals.details(Counter.REQUESTS_REFUSED, "popsee")).containsExactly("401", "413");
    assertThat(totals.total(Counter.REQUESTS_REFUSED, "popsee", "401")).isEqualTo(400);
    assertThat(totals.total(Counter.REQUESTS_REFUSED, "popsee", "413")).isEqualTo(100);
    assertThat(scan("refusal", "1 = 1")).isEqualTo(20);
  }

  @ParameterizedTest
  @EnumSource
  void tellSinceWhenTheOldestWaits(Dialect dialect) {
    open(dialect);
    for (var state : List.of("delivered", "retrying", "waiting", "parked")) {
      insertDelivery("crm", state);
      store.clock.advance(Duration.ofMinutes(1));
    }
    insertDelivery("slack", "delivered");

    assertThat(counters().oldestWaiting(List.of("crm", "slack", "gone")))
        .isEqualTo(Map.of("crm", Instant.parse("2026-03-02T09:01:00Z")));

    sendAgain("retrying");

    assertThat(counters().oldestWaiting(List.of("crm")))
        .isEqualTo(Map.of("crm", Instant.parse("2026-03-02T09:02:00Z")));
  }

  /** As a person does: it waits since now. */
  private void sendAgain(String state) {
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "UPDATE delivery SET restarted_at = ? WHERE state = ?",
                    now().toEpochMilli(),
                    state));
  }

  private void insertDelivery(String destination, String state) {
    store
        .get(Store.class)
        .write(
            jdbc -> {
              var id = 1 + jdbc.queryForObject("SELECT count(*) FROM delivery", Long.class);
              return jdbc.update(
                  "INSERT INTO delivery (id, event_id, destination, subject, event_time, state,"
                      + " due_at, created_at) VALUES (?, ?, ?, 's', 0, ?, ?, ?)",
                  id,
                  id,
                  destination,
                  state,
                  now().plusSeconds(600).toEpochMilli(),
                  now().toEpochMilli());
            });
  }

  @ParameterizedTest
  @EnumSource
  void scanNothingThatGrows(Dialect dialect) {
    open(dialect);

    assertThat(plan(dialect, Counters.OLDEST_WAITING, "'crm'"))
        .anyMatch(line -> line.contains("delivery_oldest"))
        .noneMatch(line -> line.startsWith("SCAN ") || line.contains("Seq Scan"));
    assertThat(plan(dialect, Counters.TOTALS))
        .noneMatch(line -> line.startsWith("SCAN ") || line.contains("Seq Scan"));
  }

  private List<String> plan(Dialect dialect, String sql, String... values) {
    var filled = sql;
    for (var value : values) {
      filled = filled.replaceFirst("\\?", value);
    }
    var asked = filled;
    return store
        .get(Store.class)
        .read(
            jdbc -> {
              if (dialect == Dialect.SQLITE) {
                return jdbc.query(
                    "EXPLAIN QUERY PLAN " + asked, (row, n) -> row.getString("detail"));
              }
              // An empty table is read whole, whatever indexes it has.
              jdbc.execute("SET LOCAL enable_seqscan = off");
              return jdbc.queryForList("EXPLAIN " + asked, String.class);
            });
  }

  private static void join(List<CompletableFuture<Void>> written) {
    CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).join();
  }
}
