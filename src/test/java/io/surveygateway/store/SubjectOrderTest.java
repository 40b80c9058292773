package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.Backlog;
import io.surveygateway.failure.Failure;
import io.surveygateway.store.DeliveryChanges.SendAgain;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.OutboxStore.Outcome;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Deliveries of one response that wait behind its first: they are in nobody's way, and go in order
 * once it has ended.
 */
class SubjectOrderTest {

  private static final String BEHIND =
      "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'retrying') AND behind_until > 0";

  /** Of one response: more than a look reads. */
  private static final int LONG = 150;

  private static final int ALL = 10 * LONG;

  private StoreForTests store;
  private OutboxStore outbox;
  private DeliveryChanges changes;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) throws SQLException {
    store = StoreForTests.open(dialect);
    outbox = store.get(OutboxStore.class);
    changes = store.get(DeliveryChanges.class);
    var now = store.clock.millis();
    var event = store.get(Ids.class).next();
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "INSERT INTO event (id, provider, event_key, request_id, type, subject,"
                        + " event_time, created_at, document) VALUES (?, 'popsee', 'k', 1, 't', 's',"
                        + " ?, ?, '{}')",
                    event,
                    now,
                    now));
    try (var connection = store.writes().getConnection()) {
      Backlog.fill(connection, event, "crm", ALL, now);
    }
  }

  private long first() {
    return store.count(
        "SELECT min(id) FROM delivery WHERE subject = ? AND state IN ('waiting', 'retrying')",
        Backlog.LONG_SUBJECT);
  }

  private void record(ClaimedDelivery delivery, Work.State state) {
    var failure = state == Work.State.DELIVERED ? null : Failure.transientFailure("503");
    outbox
        .record(
            new Outcome(
                store.get(Ids.class).next(),
                delivery,
                "crm",
                new Work(state, store.clock.instant(), failure),
                null,
                store.clock.instant(),
                Duration.ofMillis(12),
                true))
        .join();
  }

  /** As long as no other response has one, each claim gives the next of the long one. */
  private void deliverAllOthers() {
    for (var claimed = outbox.claim("crm", 200);
        !claimed.isEmpty();
        claimed = outbox.claim("crm", 200)) {
      assertThat(claimed).extracting(ClaimedDelivery::subject).doesNotContain(Backlog.LONG_SUBJECT);
      claimed.forEach(delivery -> record(delivery, Work.State.DELIVERED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void areOutOfTheWayOfOthersOnceTheyWereMet(Dialect dialect) throws Exception {
    open(dialect);

    var claimed = outbox.claim("crm", 10);

    assertThat(claimed)
        .hasSize(10)
        .extracting(ClaimedDelivery::subject)
        .doesNotContain(Backlog.LONG_SUBJECT)
        .doesNotHaveDuplicates();
    var behind = store.count(BEHIND);
    assertThat(behind).isGreaterThanOrEqualTo(SubjectOrder.LOOK);
    assertThat(store.count(BEHIND + " AND subject <> ?", Backlog.LONG_SUBJECT)).isZero();
    assertThat(store.count(BEHIND + " AND id = ?", first())).isZero();

    assertThat(outbox.claim("crm", 10)).hasSize(10);
    assertThat(store.count(BEHIND)).isEqualTo(behind);
  }

  @ParameterizedTest
  @EnumSource
  void goInOrderOnceTheFirstHasArrived(Dialect dialect) throws Exception {
    open(dialect);
    deliverAllOthers();
    changes.sendAgain(first(), new SendAgain(false, Set.of(), destination -> null));

    var arrived = new ArrayList<Long>();
    for (var claimed = outbox.claim("crm", 10);
        !claimed.isEmpty();
        claimed = outbox.claim("crm", 10)) {
      assertThat(claimed).hasSize(1);
      // Every third is given up: that too lets the next one go.
      var state = arrived.size() % 3 == 2 ? Work.State.PARKED : Work.State.DELIVERED;
      record(claimed.get(0), state);
      arrived.add(claimed.get(0).id());
    }

    assertThat(arrived).hasSize(LONG).isSorted();
  }

  @ParameterizedTest
  @EnumSource
  void goOnceTheFirstIsCancelled(Dialect dialect) throws Exception {
    open(dialect);
    deliverAllOthers();

    changes.cancel(first(), "a test");

    assertThat(outbox.claim("crm", 10)).extracting(ClaimedDelivery::id).containsExactly(first());
  }

  @ParameterizedTest
  @EnumSource
  void goOnceTheFirstIsOvertaken(Dialect dialect) throws Exception {
    open(dialect);
    deliverAllOthers();
    var superseded = first();
    var second = superseded + 1;
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "INSERT INTO destination_version (destination, subject, event_time) SELECT"
                        + " destination, subject, event_time FROM delivery WHERE id = ?",
                    second));
    changes.sendAgain(superseded, new SendAgain(false, Set.of(), destination -> null));

    assertThat(outbox.claim("crm", 10)).extracting(ClaimedDelivery::id).containsExactly(second);
  }

  @ParameterizedTest
  @EnumSource
  void goAWhileLaterThoughNobodyLetThem(Dialect dialect) throws Exception {
    open(dialect);
    deliverAllOthers();
    var id = first();
    // As somebody would do by hand, who knows nothing of the order.
    store
        .get(Store.class)
        .write(jdbc -> jdbc.update("UPDATE delivery SET state = 'cancelled' WHERE id = ?", id));
    assertThat(outbox.claim("crm", 10)).isEmpty();

    store.clock.advance(Duration.ofMinutes(SubjectOrder.MINUTES_BEHIND));

    assertThat(outbox.claim("crm", 10)).extracting(ClaimedDelivery::id).containsExactly(first());
  }

  /** Who just ends the first one has not seen them behind it, and would not let them go. */
  @Test
  void areNotSetBehindOneThatSomebodyJustEnds() throws Exception {
    open(Dialect.POSTGRESQL);
    try (var connection = store.writes().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.executeUpdate("UPDATE delivery SET state = 'cancelled' WHERE id = " + first());

      outbox.claim("crm", 10);
      connection.commit();
    }

    assertThat(store.count(BEHIND)).isZero();
    assertThat(outbox.claim("crm", 10)).extracting(ClaimedDelivery::id).contains(first());
  }

  @ParameterizedTest
  @EnumSource
  void areFoundByIndexesAlone(Dialect dialect) throws Exception {
    open(dialect);

    assertThat(plan(SubjectOrder.SEARCH))
        .anyMatch(line -> line.contains("delivery_due"))
        .anyMatch(line -> line.contains("delivery_order"))
        .anyMatch(line -> line.contains("delivery_under_way"))
        .noneMatch(SubjectOrderTest::readsWhatIsNotAskedFor);
    assertThat(plan(SubjectOrder.next(dialect, 1)))
        .anyMatch(line -> line.contains("delivery_behind"))
        .noneMatch(SubjectOrderTest::readsWhatIsNotAskedFor);
    // An index of what is open would be read whole for it.
    assertThat(plan(SubjectOrder.hold(dialect, 2)))
        .noneMatch(SubjectOrderTest::readsWhatIsNotAskedFor)
        .noneMatch(line -> line.contains("delivery_due") || line.contains("delivery_order"))
        .anyMatch(
            line -> line.contains("delivery_pkey") || line.contains("sqlite_autoindex_delivery_1"));
  }

  private static boolean readsWhatIsNotAskedFor(String line) {
    return line.startsWith("SCAN ")
        || line.contains("Seq Scan")
        || line.contains("Sort")
        || line.contains("TEMP B-TREE");
  }

  private List<String> plan(String sql) {
    var values = new ArrayList<Object>(Collections.nCopies(count(sql), 5L));
    if (sql.equals(SubjectOrder.SEARCH)) {
      values.set(1, "crm");
    }
    return store.plan(sql, values.toArray());
  }

  private static int count(String sql) {
    return (int) sql.chars().filter(c -> c == '?').count();
  }
}
