package io.surveygateway.store;

import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes what came of requests that a person had mapped again, within the transaction that ends
 * their inbox items.
 *
 * <p>An event that the request made before takes the new document, and its deliveries are due
 * again; one to where the router does not send it any more is cancelled. An event that another
 * request made stays as it is: this one was a repeat of it, and is one still. One that the request
 * does not make any more stays too, and what is open of it is cancelled. What is new is left to the
 * writer of all steps. While one of its deliveries is under way, with the old document, the request
 * waits.
 *
 * <p>An event that moves back in time takes along what its destinations are known to have, as far
 * as it was this event that set it: it would be older than itself.
 *
 * <p>Keeps no state. Locks inbox items first, then events, then deliveries, each by id.
 */
final class MappedAgain {

  private static final Duration WHILE_UNDER_WAY = Duration.ofSeconds(5);

  /**
   * @param news what is still to be inserted
   * @param ended whose inbox items come to their end
   */
  record Steps(List<StepResult> news, List<StepResult> ended) {}

  private record Key(String provider, String eventKey) {

    static Key of(NewEvent event) {
      return new Key(event.provider(), event.key());
    }
  }

  /**
   * The events that these requests made before.
   *
   * @param byKey those that steps make again
   * @param notMade those that they do not, by their request
   */
  private record Former(Map<Key, Long> byKey, Map<Long, List<Long>> notMade) {

    /** Those that a step replaces, or leaves without a maker. */
    List<Long> of(StepResult step) {
      return Stream.concat(
              step.events().stream()
                  .map(event -> byKey.get(Key.of(event)))
                  .filter(Objects::nonNull),
              notMade.getOrDefault(step.requestId(), List.of()).stream())
          .toList();
    }

    List<Long> all() {
      return Stream.concat(byKey.values().stream(), notMade.values().stream().flatMap(List::stream))
          .toList();
    }
  }

  /** An event that is older now than a destination is known to have it. */
  private record MovedBack(String destination, String subject, long from, long to, long event) {}

  private final Dialect dialect;
  private final Clock clock;
  private final String node;

  MappedAgain(Dialect dialect, Clock clock, String node) {
    this.dialect = dialect;
    this.clock = clock;
    this.node = node;
  }

  /** Costs nothing where no step of the group is one. */
  Steps write(JdbcTemplate jdbc, List<StepResult> group, Counts counts) {
    var asked =
        group.stream()
            .filter(step -> step.isAgain() && step.outcome().state() == Work.State.DONE)
            .map(StepResult::requestId)
            .collect(Collectors.toSet());
    if (asked.isEmpty()) {
      return new Steps(group, group);
    }
    // All of the group: row locks are taken in one order by all.
    dialect.lockInOrder(
        jdbc, "inbox", "request_id", group.stream().map(StepResult::requestId).toList());
    var ours = held(jdbc, asked);
    Predicate<StepResult> isOurs = step -> ours.contains(step.requestId());
    var former = formerEvents(jdbc, group.stream().filter(isOurs).toList());
    var underWay = underWay(jdbc, former.all());
    var news = new ArrayList<StepResult>();
    var ended = new ArrayList<StepResult>();
    var movedBack = new ArrayList<MovedBack>();
    for (var step : group) {
      if (isOurs.test(step) && former.of(step).stream().anyMatch(underWay::contains)) {
        wait(jdbc, step.requestId());
        continue;
      }
      ended.add(step);
      news.add(isOurs.test(step) ? replace(jdbc, step, former, counts, movedBack) : step);
    }
    lowerVersions(jdbc, movedBack);
    return new Steps(news, ended);
  }

  /** Those whose lease is ours still: a step that was overtaken decides nothing. */
  private Set<Long> held(JdbcTemplate jdbc, Set<Long> requests) {
    var parameters = new ArrayList<Object>(requests);
    parameters.add(node);
    return new HashSet<>(
        jdbc.queryForList(
            "SELECT request_id FROM inbox WHERE request_id IN ("
                + InboxStore.placeholders(requests.size())
                + ") AND lease_owner = ?",
            Long.class,
            parameters.toArray()));
  }

  /** The events that these requests made before; locked. */
  private Former formerEvents(JdbcTemplate jdbc, List<StepResult> steps) {
    Map<Key, Long> byKey = new HashMap<>();
    Map<Long, List<Long>> notMade = new HashMap<>();
    for (var step : steps) {
      var keys = new HashSet<Key>();
      for (var event : step.events()) {
        keys.add(Key.of(event));
        jdbc.query(
            "SELECT id FROM event e WHERE provider = ? AND event_key = ? AND (request_id = ? OR NOT"
                + " EXISTS (SELECT 1 FROM request r WHERE r.id = e.request_id))",
            row -> {
              byKey.putIfAbsent(Key.of(event), row.getLong(1));
            },
            event.provider(),
            event.key(),
            event.requestId());
      }
      jdbc.query(
          "SELECT id, provider, event_key FROM event WHERE request_id = ?",
          row -> {
            if (!keys.contains(new Key(row.getString(2), row.getString(3)))) {
              notMade
                  .computeIfAbsent(step.requestId(), id -> new ArrayList<>())
                  .add(row.getLong(1));
            }
          },
          step.requestId());
    }
    var former = new Former(byKey, notMade);
    var ids = former.all();
    if (!ids.isEmpty()) {
      dialect.lockInOrder(jdbc, "event", "id", ids);
      // Retention may have removed one while it was waited for: then it is new.
      var left =
          new HashSet<>(
              jdbc.queryForList(
                  "SELECT id FROM event WHERE id IN (" + InboxStore.placeholders(ids.size()) + ")",
                  Long.class,
                  ids.toArray()));
      byKey.values().retainAll(left);
      notMade.values().forEach(events -> events.retainAll(left));
    }
    return former;
  }

  /** Which of these events are just being sent; all of their deliveries are locked. */
  private Set<Long> underWay(JdbcTemplate jdbc, Collection<Long> events) {
    if (events.isEmpty()) {
      return Set.of();
    }
    var in = " event_id IN (" + InboxStore.placeholders(events.size()) + ")";
    var deliveries =
        jdbc.queryForList("SELECT id FROM delivery WHERE" + in, Long.class, events.toArray());
    if (deliveries.isEmpty()) {
      return Set.of();
    }
    dialect.lockInOrder(jdbc, "delivery", "id", deliveries);
    var parameters = new ArrayList<Object>(events);
    parameters.add(clock.millis());
    return new HashSet<>(
        jdbc.queryForList(
            "SELECT event_id FROM delivery WHERE"
                + in
                + " AND "
                + Leases.STILL_OPEN
                + " AND lease_until > ?",
            Long.class,
            parameters.toArray()));
  }

  /** Mapped again a little later; that was no attempt. */
  private void wait(JdbcTemplate jdbc, long request) {
    jdbc.update(
        "UPDATE inbox SET state = 'retrying', due_at = ?, attempts = attempts - 1, lease_owner ="
            + " NULL, lease_until = 0, failure_kind = 'transient', reason = 'An event of it is just"
            + " being sent; it is mapped again after that' WHERE request_id = ?",
        clock.millis() + WHILE_UNDER_WAY.toMillis(),
        request);
  }

  /**
   * @return what of the step is new
   */
  private StepResult replace(
      JdbcTemplate jdbc, StepResult step, Former former, Counts counts, List<MovedBack> movedBack) {
    var formerItems = jdbc.update("DELETE FROM set_aside WHERE request_id = ?", step.requestId());
    counts.add(Counter.ITEMS_SET_ASIDE, step.provider(), -formerItems);
    jdbc.update("UPDATE inbox SET again = 0 WHERE request_id = ?", step.requestId());
    // Of a key that one request holds twice the first counts, as always.
    Map<Key, NewEvent> replaced = new LinkedHashMap<>();
    var newEvents = new ArrayList<NewEvent>();
    for (var event : step.events()) {
      if (former.byKey().containsKey(Key.of(event))) {
        replaced.putIfAbsent(Key.of(event), event);
      } else {
        newEvents.add(event);
      }
    }
    var replacedIds = new HashMap<Long, Long>();
    replaced.forEach(
        (key, event) -> {
          var id = former.byKey().get(key);
          replacedIds.put(event.id(), id);
          movedBack.addAll(movedBack(jdbc, id, event));
          updateEvent(jdbc, id, event);
          var deliveries =
              step.deliveries().stream().filter(d -> d.eventId() == event.id()).toList();
          var states = states(jdbc, id);
          sendAgain(jdbc, id, deliveries, states, counts);
          cancelOthers(
              jdbc, id, deliveries, states, counts, "Mapped again, and not sent here any more");
        });
    for (var id : former.notMade().getOrDefault(step.requestId(), List.of())) {
      SubjectOrder.letNextGo(jdbc, dialect, deliveriesOf(jdbc, id));
      cancelOthers(
          jdbc,
          id,
          List.of(),
          states(jdbc, id),
          counts,
          "Mapped again, and this event is not made any more");
    }
    var newDeliveries =
        step.deliveries().stream().filter(d -> !replacedIds.containsKey(d.eventId())).toList();
    return new StepResult(
        step.requestId(),
        step.provider(),
        step.outcome(),
        newEvents,
        newDeliveries,
        step.setAside());
  }

  private static List<Long> deliveriesOf(JdbcTemplate jdbc, long event) {
    return jdbc.queryForList("SELECT id FROM delivery WHERE event_id = ?", Long.class, event);
  }

  /** One for each destination of the event, if it becomes older than it was. */
  private static List<MovedBack> movedBack(JdbcTemplate jdbc, long id, NewEvent event) {
    var to = event.time().toEpochMilli();
    return jdbc.query(
        "SELECT destination, subject, event_time FROM delivery WHERE event_id = ? AND event_time > ?",
        (row, n) -> new MovedBack(row.getString(1), row.getString(2), row.getLong(3), to, id),
        id,
        to);
  }

  /**
   * What a destination has is as new as the newest other event that it got; in one order by all.
   */
  private static void lowerVersions(JdbcTemplate jdbc, List<MovedBack> movedBack) {
    movedBack.stream()
        .sorted(Comparator.comparing(MovedBack::destination).thenComparing(MovedBack::subject))
        .forEach(
            moved ->
                jdbc.update(
                    "UPDATE destination_version SET event_time = (SELECT COALESCE(MAX(d.event_time),"
                        + " ?) FROM event e JOIN delivery d ON d.event_id = e.id WHERE e.subject = ?"
                        + " AND d.destination = ? AND d.state = 'delivered' AND e.id <> ? AND"
                        + " d.event_time > ?) WHERE destination = ? AND subject = ? AND event_time ="
                        + " ?",
                    moved.to(),
                    moved.subject(),
                    moved.destination(),
                    moved.event(),
                    moved.to(),
                    moved.destination(),
                    moved.subject(),
                    moved.from()));
  }

  private void updateEvent(JdbcTemplate jdbc, long id, NewEvent event) {
    jdbc.update(
        "UPDATE event SET request_id = ?, type = ?, subject = ?, survey_id = ?, event_time = ?,"
            + " document = ?, email = ?, external_id = ?, status = ?, nps = ? WHERE id = ?",
        event.requestId(),
        event.type(),
        event.subject(),
        event.surveyId(),
        event.time().toEpochMilli(),
        event.document(),
        event.email(),
        event.facts().externalId(),
        event.facts().status(),
        event.facts().nps(),
        id);
    // Of the former subject, while they still have it; nobody is set behind what is locked.
    SubjectOrder.letNextGo(jdbc, dialect, deliveriesOf(jdbc, id));
    jdbc.update(
        "UPDATE delivery SET subject = ?, event_time = ?, behind_until = 0 WHERE event_id = ?",
        event.subject(),
        event.time().toEpochMilli(),
        id);
  }

  private static Map<String, Work.State> states(JdbcTemplate jdbc, long event) {
    Map<String, Work.State> states = new HashMap<>();
    jdbc.query(
        "SELECT destination, state FROM delivery WHERE event_id = ?",
        row -> {
          states.put(row.getString(1), Work.State.of(row.getString(2)));
        },
        event);
    return states;
  }

  private static void sendAgain(
      JdbcTemplate jdbc,
      long event,
      List<NewDelivery> deliveries,
      Map<String, Work.State> states,
      Counts counts) {
    for (var delivery : deliveries) {
      var at = delivery.createdAt().toEpochMilli();
      var finishedAt = delivery.state().isOpen() ? null : at;
      jdbc.update(
          "INSERT INTO delivery (id, event_id, destination, subject, event_time, state, due_at,"
              + " reason, created_at, finished_at, restarted_at) SELECT ?, e.id, ?, e.subject,"
              + " e.event_time, ?, ?, ?, ?, ?, ? FROM event e WHERE e.id = ? ON CONFLICT (event_id, destination) DO UPDATE"
              + " SET state = excluded.state, due_at = excluded.due_at, reason = excluded.reason,"
              + " finished_at = excluded.finished_at, restarted_at = excluded.created_at, attempts ="
              + " 0, failure_kind = NULL, lease_owner = NULL, lease_until = 0",
          delivery.id(),
          delivery.destination(),
          delivery.state().text(),
          at,
          delivery.reason(),
          at,
          finishedAt,
          at,
          event);
      var from = states.get(delivery.destination());
      counts.add(Counter.DELIVERIES_MADE, delivery.destination(), from == null ? 1 : 0);
      counts.deliveriesMoved(
          delivery.destination(), from == null ? Work.State.WAITING : from, delivery.state(), 1);
      states.put(delivery.destination(), delivery.state());
    }
  }

  /** The event does not go there any more. */
  private void cancelOthers(
      JdbcTemplate jdbc,
      long event,
      List<NewDelivery> deliveries,
      Map<String, Work.State> states,
      Counts counts,
      String reason) {
    var wanted = deliveries.stream().map(NewDelivery::destination).collect(Collectors.toSet());
    states.forEach(
        (destination, state) -> {
          if (!wanted.contains(destination) && (state.isOpen() || state == Work.State.PARKED)) {
            jdbc.update(
                "UPDATE delivery SET state = 'cancelled', finished_at = ?, lease_owner = NULL,"
                    + " lease_until = 0, reason = ? WHERE event_id = ? AND destination = ?",
                clock.millis(),
                reason,
                event,
                destination);
            counts.deliveriesMoved(destination, state, Work.State.CANCELLED, 1);
          }
        });
  }
}
