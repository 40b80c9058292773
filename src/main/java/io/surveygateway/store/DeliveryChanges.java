package io.surveygateway.store;

import io.surveygateway.store.Change.Verdict;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Deliveries that a person has sent again, or cancels.
 *
 * <p>What is sent again starts anew: its attempts, and the age by which it is parked. What was
 * tried before stays on record. Locks events before deliveries, each by id: so retention either has
 * removed an event, or leaves it alone. Safe for use by many threads.
 */
public final class DeliveryChanges {

  /**
   * What is asked of deliveries that are sent again.
   *
   * @param isDeliveredToo whether one that has arrived is sent once more
   * @param states that are meant; empty for any
   * @param offBecause why nothing is sent to a destination, or null if something is
   */
  public record SendAgain(
      boolean isDeliveredToo, Set<String> states, UnaryOperator<@Nullable String> offBecause) {}

  private record Row(
      long id, String destination, String state, boolean isUnderWay, boolean isOvertaken) {

    Change as(Verdict verdict) {
      return Change.of(id, lane(), verdict);
    }

    Change as(Verdict verdict, String note) {
      return new Change(id, lane(), verdict, note);
    }

    void count(Work.State to, Counts counts) {
      counts.deliveriesMoved(destination, Work.State.of(state), to, 1);
    }

    private String lane() {
      return OutboxStore.lane(destination);
    }
  }

  private final Store store;
  private final Signals signals;
  private final Clock clock;
  private final Counters counters;

  DeliveryChanges(Store store, Signals signals, Clock clock, Counters counters) {
    this.store = store;
    this.signals = signals;
    this.clock = clock;
    this.counters = counters;
  }

  /** Makes a delivery due now, whatever became of it. */
  public Change sendAgain(long id, SendAgain how) {
    var changes =
        store.write(
            jdbc -> {
              var counts = new Counts();
              var changed = sendAgain(jdbc, List.of(id), how, counts);
              counters.add(jdbc, counts);
              return changed;
            });
    raise(signals, changes);
    return changes.get(0);
  }

  /**
   * Cancels a delivery that waits, is retried or is parked.
   *
   * @param reason that the delivery keeps
   */
  public Change cancel(long id, String reason) {
    var changes =
        store.write(
            jdbc -> {
              var counts = new Counts();
              var changed = cancel(jdbc, List.of(id), Set.of(), reason, counts);
              counters.add(jdbc, counts);
              return changed;
            });
    // The next event of the same response may go now.
    raise(signals, changes);
    return changes.get(0);
  }

  /** To be called once the transaction is through. */
  static void raise(Signals signals, Collection<Change> changes) {
    changes.stream().filter(Change::isChanged).map(Change::lane).distinct().forEach(signals::raise);
  }

  /** The same for several, in the caller's transaction; nobody is signalled. */
  List<Change> sendAgain(JdbcTemplate jdbc, Collection<Long> ids, SendAgain how, Counts counts) {
    var rows = lock(jdbc, ids);
    var changes = new ArrayList<Change>();
    var changed = new ArrayList<Long>();
    for (var id : ids) {
      var row = rows.get(id);
      var change = row == null ? Change.of(id, null, Verdict.GONE) : judge(row, how);
      changes.add(change);
      if (change.isChanged()) {
        changed.add(id);
        row.count(Work.State.WAITING, counts);
      }
    }
    restart(jdbc, changed);
    return changes;
  }

  private static Change judge(Row row, SendAgain how) {
    var off = how.offBecause.apply(row.destination);
    if (row.isUnderWay) {
      return row.as(Verdict.UNDER_WAY);
    }
    if (!how.states.isEmpty() && !how.states.contains(row.state)) {
      return row.as(Verdict.OTHERWISE);
    }
    if (row.state.equals("waiting")) {
      return row.as(Verdict.WAITING);
    }
    if (row.state.equals("delivered") && !how.isDeliveredToo) {
      return row.as(Verdict.DELIVERED);
    }
    if (off != null) {
      return row.as(Verdict.OFF, off);
    }
    return row.isOvertaken
        ? row.as(
            Verdict.CHANGED,
            "It is due now, and ends as superseded: the destination has a newer event of this"
                + " response")
        : row.as(Verdict.CHANGED);
  }

  private void restart(JdbcTemplate jdbc, List<Long> ids) {
    if (ids.isEmpty()) {
      return;
    }
    var parameters = new ArrayList<Object>(List.of(clock.millis(), clock.millis()));
    parameters.addAll(ids);
    jdbc.update(
        "UPDATE delivery SET state = 'waiting', due_at = ?, restarted_at = ?, attempts = 0,"
            + " behind_until = 0, lease_owner = NULL, lease_until = 0, failure_kind = NULL, reason = NULL, finished_at"
            + " = NULL WHERE id IN ("
            + InboxStore.placeholders(ids.size())
            + ")",
        parameters.toArray());
  }

  /**
   * @param states that are meant; empty for any
   */
  List<Change> cancel(
      JdbcTemplate jdbc, Collection<Long> ids, Set<String> states, String reason, Counts counts) {
    var rows = lock(jdbc, ids);
    var changes = new ArrayList<Change>();
    var cancelled = new ArrayList<Object>(List.of(clock.millis(), reason));
    for (var id : ids) {
      var row = rows.get(id);
      if (row == null) {
        changes.add(Change.of(id, null, Verdict.GONE));
      } else if (row.isUnderWay) {
        changes.add(row.as(Verdict.UNDER_WAY));
      } else if (!states.isEmpty() && !states.contains(row.state)) {
        changes.add(row.as(Verdict.OTHERWISE));
      } else if (!List.of("waiting", "retrying", "parked").contains(row.state)) {
        changes.add(row.as(Verdict.ENDED));
      } else {
        changes.add(row.as(Verdict.CHANGED, "It is cancelled"));
        row.count(Work.State.CANCELLED, counts);
        cancelled.add(id);
      }
    }
    if (cancelled.size() > 2) {
      jdbc.update(
          "UPDATE delivery SET state = 'cancelled', finished_at = ?, reason = ?, lease_owner = NULL,"
              + " lease_until = 0 WHERE id IN ("
              + InboxStore.placeholders(cancelled.size() - 2)
              + ")",
          cancelled.toArray());
      SubjectOrder.letNextGo(
          jdbc,
          store.dialect(),
          changes.stream().filter(Change::isChanged).map(Change::id).toList());
    }
    return changes;
  }

  /** Those that are there, with their events; nobody else changes them or removes their events. */
  private Map<Long, Row> lock(JdbcTemplate jdbc, Collection<Long> ids) {
    Map<Long, Row> rows = new HashMap<>();
    if (ids.isEmpty()) {
      return rows;
    }
    var in = " IN (" + InboxStore.placeholders(ids.size()) + ")";
    var events =
        jdbc.queryForList(
            "SELECT DISTINCT event_id FROM delivery WHERE id" + in, Long.class, ids.toArray());
    if (events.isEmpty()) {
      return rows;
    }
    store.dialect().lockInOrder(jdbc, "event", "id", events);
    store.dialect().lockInOrder(jdbc, "delivery", "id", ids);
    var parameters = new ArrayList<Object>(List.of(clock.millis()));
    parameters.addAll(ids);
    jdbc.query(
        "SELECT d.id, d.destination, d.state, CASE WHEN d."
            + Leases.OPEN
            + " AND d.lease_until > ? THEN 1 ELSE 0 END, CASE WHEN v.event_time > d.event_time THEN 1"
            + " ELSE 0 END FROM delivery d JOIN event e ON e.id = d.event_id LEFT JOIN"
            + " destination_version v ON v.destination = d.destination AND v.subject = d.subject"
            + " WHERE d.id"
            + in,
        row -> {
          rows.put(
              row.getLong(1),
              new Row(
                  row.getLong(1),
                  row.getString(2),
                  row.getString(3),
                  row.getInt(4) == 1,
                  row.getInt(5) == 1));
        },
        parameters.toArray());
    return rows;
  }
}
