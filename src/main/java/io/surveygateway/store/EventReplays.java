package io.surveygateway.store;

import io.surveygateway.store.Change.Verdict;
import io.surveygateway.store.DeliveryChanges.SendAgain;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Events that a person has delivered again, as they are in the store.
 *
 * <p>Safe for use by many threads.
 */
public final class EventReplays {

  private record Existing(long id, long eventId, String destination) {}

  private final Store store;
  private final DeliveryChanges deliveries;
  private final Ids ids;
  private final Signals signals;
  private final Clock clock;
  private final Counters counters;

  EventReplays(
      Store store,
      DeliveryChanges deliveries,
      Ids ids,
      Signals signals,
      Clock clock,
      Counters counters) {
    this.store = store;
    this.deliveries = deliveries;
    this.ids = ids;
    this.signals = signals;
    this.clock = clock;
    this.counters = counters;
  }

  /**
   * Makes deliveries of an event due now, those that have arrived too.
   *
   * @param destinations that it goes to, also if it did not before; empty for those that it went to
   * @param offBecause why nothing is sent to a destination, or null if something is
   * @return one for each delivery; a single one about the event where there is none
   */
  public List<Change> replay(
      long event, Set<String> destinations, UnaryOperator<@Nullable String> offBecause) {
    var newIds = idsFor(1, destinations);
    var changes =
        store.write(
            jdbc -> {
              var counts = new Counts();
              var changed = replay(jdbc, List.of(event), destinations, offBecause, newIds, counts);
              counters.add(jdbc, counts);
              return changed;
            });
    DeliveryChanges.raise(signals, changes);
    return changes;
  }

  /** Ids for deliveries that may have to be made: to be had before the transaction (see Ids). */
  LongSupplier idsFor(int events, Set<String> destinations) {
    var some = new ArrayList<Long>();
    for (var i = 0; i < events * destinations.size(); i++) {
      some.add(ids.next());
    }
    return some.iterator()::next;
  }

  /** The same for several, in the caller's transaction; nobody is signalled. */
  List<Change> replay(
      JdbcTemplate jdbc,
      Collection<Long> events,
      Set<String> destinations,
      UnaryOperator<@Nullable String> offBecause,
      LongSupplier newIds,
      Counts counts) {
    var there = lock(jdbc, events);
    var existing = existing(jdbc, there, destinations);
    var changes =
        new ArrayList<>(
            deliveries.sendAgain(
                jdbc,
                existing.stream().map(Existing::id).toList(),
                new SendAgain(true, Set.of(), offBecause),
                counts));
    for (var event : events) {
      if (!there.contains(event)) {
        changes.add(Change.of(event, null, Verdict.GONE));
        continue;
      }
      var missing = new TreeSet<>(destinations);
      var has = existing.stream().filter(delivery -> delivery.eventId == event).toList();
      has.forEach(delivery -> missing.remove(delivery.destination));
      for (var destination : missing) {
        changes.add(make(jdbc, event, destination, offBecause, newIds, counts));
      }
      if (has.isEmpty() && destinations.isEmpty()) {
        changes.add(Change.of(event, null, Verdict.NOWHERE));
      }
    }
    return changes;
  }

  private Set<Long> lock(JdbcTemplate jdbc, Collection<Long> events) {
    store.dialect().lockInOrder(jdbc, "event", "id", events);
    return new HashSet<>(
        jdbc.queryForList(
            "SELECT id FROM event WHERE id IN (" + InboxStore.placeholders(events.size()) + ")",
            Long.class,
            events.toArray()));
  }

  private static List<Existing> existing(
      JdbcTemplate jdbc, Set<Long> events, Set<String> destinations) {
    if (events.isEmpty()) {
      return List.of();
    }
    var parameters = new ArrayList<Object>(events);
    parameters.addAll(destinations);
    return jdbc.query(
        "SELECT id, event_id, destination FROM delivery WHERE event_id IN ("
            + InboxStore.placeholders(events.size())
            + ")"
            + (destinations.isEmpty()
                ? ""
                : " AND destination IN (" + InboxStore.placeholders(destinations.size()) + ")")
            + " ORDER BY id",
        (row, n) -> new Existing(row.getLong(1), row.getLong(2), row.getString(3)),
        parameters.toArray());
  }

  private Change make(
      JdbcTemplate jdbc,
      long event,
      String destination,
      UnaryOperator<@Nullable String> offBecause,
      LongSupplier newIds,
      Counts counts) {
    var id = newIds.getAsLong();
    var lane = OutboxStore.lane(destination);
    var off = offBecause.apply(destination);
    if (off != null) {
      return new Change(event, lane, Verdict.OFF, off);
    }
    var now = clock.millis();
    jdbc.update(
        "INSERT INTO delivery (id, event_id, destination, subject, event_time, state, due_at,"
            + " created_at, restarted_at) SELECT ?, e.id, ?, e.subject, e.event_time, 'waiting', ?,"
            + " ?, ? FROM event e"
            + " WHERE e.id = ?",
        id,
        destination,
        now,
        now,
        now,
        event);
    counts.add(Counter.DELIVERIES_MADE, destination, 1);
    return new Change(id, lane, Verdict.CHANGED, "It is made, and due now");
  }
}
