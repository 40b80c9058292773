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
 * Requests that a person has mapped again, from the bytes that came.
 *
 * <p>What comes of it: {@link MappedAgain}. Safe for use by many threads.
 */
public final class RequestChanges {

  private record Row(long id, String provider, String state, boolean isUnderWay) {

    Change as(Verdict verdict) {
      return Change.of(id, InboxStore.lane(provider), verdict);
    }
  }

  private final Store store;
  private final Signals signals;
  private final Clock clock;
  private final Counters counters;

  RequestChanges(Store store, Signals signals, Clock clock, Counters counters) {
    this.store = store;
    this.signals = signals;
    this.clock = clock;
    this.counters = counters;
  }

  /**
   * Makes a request wait to be mapped, whatever became of it; its attempts start anew.
   *
   * @param unmappedBecause why nobody maps a provider's requests, or null if somebody does
   */
  public Change mapAgain(long id, UnaryOperator<@Nullable String> unmappedBecause) {
    var changes =
        store.write(
            jdbc -> {
              var counts = new Counts();
              var changed = mapAgain(jdbc, List.of(id), Set.of(), unmappedBecause, counts);
              counters.add(jdbc, counts);
              return changed;
            });
    DeliveryChanges.raise(signals, changes);
    return changes.get(0);
  }

  /**
   * The same for several, in the caller's transaction; nobody is signalled.
   *
   * @param states that are meant; empty for any
   */
  List<Change> mapAgain(
      JdbcTemplate jdbc,
      Collection<Long> ids,
      Set<String> states,
      UnaryOperator<@Nullable String> unmappedBecause,
      Counts counts) {
    var rows = lock(jdbc, ids);
    var changes = new ArrayList<Change>();
    var again = new ArrayList<Object>(List.of(clock.millis()));
    for (var id : ids) {
      var row = rows.get(id);
      var change =
          row == null
              ? Change.of(id, null, Verdict.GONE)
              : judge(row, states, unmappedBecause.apply(row.provider));
      changes.add(change);
      if (change.isChanged()) {
        again.add(id);
        counts.requestsMoved(row.provider, Work.State.of(row.state), Work.State.WAITING, 1);
      }
    }
    if (again.size() > 1) {
      jdbc.update(
          "UPDATE inbox SET state = 'waiting', again = 1, due_at = ?, attempts = 0, lease_owner ="
              + " NULL, lease_until = 0, failure_kind = NULL, reason = NULL, finished_at = NULL"
              + " WHERE request_id IN ("
              + InboxStore.placeholders(again.size() - 1)
              + ")",
          again.toArray());
    }
    return changes;
  }

  private static Change judge(Row row, Set<String> states, @Nullable String unmapped) {
    if (row.isUnderWay) {
      return row.as(Verdict.UNDER_WAY);
    }
    if (!states.isEmpty() && !states.contains(row.state)) {
      return row.as(Verdict.OTHERWISE);
    }
    if (row.state.equals("waiting")) {
      return row.as(Verdict.WAITING);
    }
    if (unmapped != null) {
      return new Change(row.id, InboxStore.lane(row.provider), Verdict.OFF, unmapped);
    }
    return row.as(Verdict.CHANGED);
  }

  /** Requests and their inbox items: retention either has removed them, or leaves them alone. */
  private Map<Long, Row> lock(JdbcTemplate jdbc, Collection<Long> ids) {
    Map<Long, Row> rows = new HashMap<>();
    if (ids.isEmpty()) {
      return rows;
    }
    store.dialect().lockInOrder(jdbc, "request", "id", ids);
    store.dialect().lockInOrder(jdbc, "inbox", "request_id", ids);
    var parameters = new ArrayList<Object>(List.of(clock.millis()));
    parameters.addAll(ids);
    jdbc.query(
        "SELECT i.request_id, i.provider, i.state, CASE WHEN i."
            + Leases.OPEN
            + " AND i.lease_until > ? THEN 1 ELSE 0 END FROM inbox i JOIN request r ON r.id ="
            + " i.request_id WHERE i.request_id IN ("
            + InboxStore.placeholders(ids.size())
            + ")",
        row -> {
          rows.put(
              row.getLong(1),
              new Row(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4) == 1));
        },
        parameters.toArray());
    return rows;
  }
}
