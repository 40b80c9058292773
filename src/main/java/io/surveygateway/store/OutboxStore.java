package io.surveygateway.store;

import io.surveygateway.store.LaneState.Turn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The outbox's tables: deliveries, their attempts, and what each destination has.
 *
 * <p>Safe for use by many threads.
 */
public final class OutboxStore implements AutoCloseable {

  /** What an attempt made of its delivery; a condition follows. */
  static final String END_DELIVERY =
      "UPDATE delivery SET state = ?, due_at = ?, failure_kind = ?, reason = ?,"
          + " external_reference = ?, finished_at = ?, attempts = attempts - ?, lease_owner ="
          + " NULL, lease_until = 0 WHERE id = ? AND ";

  static final String HELD = "lease_owner = ? AND " + Leases.STILL_OPEN;

  /** Characters of documents that one claim holds, unless a single one is longer. */
  private static final long LARGEST_CLAIM = 4L << 20;

  private static final int LONGEST_REFERENCE = 255;

  /**
   * A delivery that this gateway holds a lease on.
   *
   * @param attempts how often it has been tried, this time included
   * @param agesFrom when its age begins: as the router sent it on its way, a person did so again,
   *     or the latest pause of its destination ended
   * @param document the event, as JSON text
   * @param origin what it comes from
   */
  public record ClaimedDelivery(
      long id,
      long eventId,
      String subject,
      Instant eventTime,
      int attempts,
      Instant agesFrom,
      String document,
      Origin origin) {}

  /**
   * What a delivery comes from.
   *
   * @param receivedAt when the request arrived; null where it is gone, or a person had the event
   *     sent again since
   * @param traceparent what its steps are traced by, or null
   */
  public record Origin(
      String provider,
      long requestId,
      @Nullable Instant receivedAt,
      @Nullable String traceparent) {}

  /**
   * What became of one attempt.
   *
   * @param attemptId the row that records it
   * @param isCounted whether it is one of the attempts that the delivery has; not where the
   *     destination asked to wait, or was the one that was tried
   */
  public record Outcome(
      long attemptId,
      ClaimedDelivery delivery,
      String destination,
      Work work,
      @Nullable String externalReference,
      Instant startedAt,
      Duration took,
      boolean isCounted) {

    /** The same without its reference, and with another account of what became of it. */
    public Outcome with(Work other) {
      return new Outcome(attemptId, delivery, destination, other, null, startedAt, took, isCounted);
    }
  }

  /** Of what a destination has. */
  private record Version(String destination, String subject) implements Comparable<Version> {

    private static final Comparator<Version> ORDER =
        Comparator.comparing(Version::destination).thenComparing(Version::subject);

    static Version of(Outcome outcome) {
      return new Version(outcome.destination(), outcome.delivery().subject());
    }

    @Override
    public int compareTo(Version other) {
      return ORDER.compare(this, other);
    }
  }

  private record Claimed(
      long id,
      long eventId,
      String subject,
      long eventTime,
      int attempts,
      long createdAt,
      boolean isAgain) {}

  private record Event(
      String document,
      String provider,
      long requestId,
      long receivedAt,
      @Nullable String traceparent) {

    /** Deleted by hand: its delivery comes to its end as one that holds no JSON object does. */
    static final Event GONE = new Event("null", "", 0, 0, null);

    Origin origin(boolean isAgain) {
      return new Origin(
          provider,
          requestId,
          isAgain || receivedAt == 0 ? null : Instant.ofEpochMilli(receivedAt),
          traceparent);
    }
  }

  private final Store store;
  private final Signals signals;
  private final StoreTime time;
  private final Lanes lanes;
  private final SubjectOrder order;
  private final String node;
  private final Duration lease;
  private final Counters counters;
  private final GroupCommit<Outcome> outcomes;

  OutboxStore(
      Store store, Signals signals, Clock clock, String node, Duration lease, Counters counters) {
    this.store = store;
    this.signals = signals;
    this.time = new StoreTime(clock);
    this.lanes = new Lanes(store.dialect(), time);
    this.order = new SubjectOrder(store.dialect());
    this.node = node;
    this.lease = lease;
    this.counters = counters;
    this.outcomes = new GroupCommit<>("outbox-outcomes", outcome -> 1, 100_000, this::write);
  }

  public static String lane(String destination) {
    return "outbox:" + destination;
  }

  /**
   * What one claim took.
   *
   * @param turn that it had
   */
  public record Taken<T extends Turn>(T turn, List<ClaimedDelivery> deliveries) {}

  private record Plain(int most) implements Turn {

    @Override
    public boolean isProbe() {
      return false;
    }

    @Override
    public @Nullable Instant nextAt() {
      return null;
    }
  }

  /** The same for whoever asks for no rate and knows of no trouble. */
  public List<ClaimedDelivery> claim(String destination, int limit) {
    return claim(destination, lane -> new Plain(lane.pause() == null ? limit : 0)).deliveries();
  }

  /**
   * Takes a lease on what is due, the longest due first.
   *
   * <p>Of one subject's deliveries only the oldest by event time, and none while another is under
   * way: they arrive in order. What is older than what the destination has already is not returned
   * but ended as superseded.
   *
   * @param gate says how much may go, of what the gateways know of the destination; it is asked
   *     within the transaction and must not use the store. Over all gateways one claim goes after
   *     the other: what one took of a rate, or to try the destination, is known to the next
   */
  public <T extends Turn> Taken<T> claim(String destination, Function<LaneState, T> gate) {
    return store.write(
        jdbc -> {
          var lane = lanes.enter(jdbc, lane(destination));
          var turn = gate.apply(lane);
          if (turn.most() == 0) {
            return new Taken<>(turn, List.of());
          }
          var counts = new Counts();
          var claims = take(jdbc, destination, lane.now().toEpochMilli(), turn.most(), counts);
          if (!claims.isEmpty() && (turn.isProbe() || turn.nextAt() != null)) {
            var until = lane.now().plus(lease);
            lanes.save(jdbc, lane(destination), lane.claimed(turn, claims.get(0).id, until));
          }
          var claimed = withDocuments(jdbc, claims, lane.resumedAt());
          counters.add(jdbc, counts);
          return new Taken<>(turn, claimed);
        });
  }

  /**
   * Changes what the gateways know of a destination: over all of them one change or claim goes
   * after the other. The pause is left as it is.
   *
   * @param change must not use the store; what it returns as it was is not written
   * @return what it is then
   */
  public LaneState change(String destination, UnaryOperator<LaneState> change) {
    return store.write(
        jdbc -> {
          var before = lanes.enter(jdbc, lane(destination));
          var after = change.apply(before);
          if (!after.equals(before)) {
            lanes.save(jdbc, lane(destination), after);
          }
          return after;
        });
  }

  private List<Claimed> take(
      JdbcTemplate jdbc, String destination, long now, int limit, Counts counts) {
    while (true) {
      var found = order.find(jdbc, destination, now, limit);
      if (found.isCutShort()) {
        // What there is besides is for the next claim.
        signals.raise(lane(destination));
      }
      var claims = new ArrayList<>(lease(jdbc, found.ids(), now));
      claims.sort(Comparator.comparingLong(Claimed::id));
      var overtaken = overtaken(jdbc, destination, claims);
      supersede(jdbc, overtaken, now);
      counts.add(Counter.DELIVERIES_SUPERSEDED, destination, overtaken.size());
      claims.removeAll(overtaken);
      // Empty only if nothing is due: what was superseded must not hold up the rest.
      if (!claims.isEmpty() || overtaken.isEmpty()) {
        return withinMemory(jdbc, claims);
      }
    }
  }

  private List<Claimed> lease(JdbcTemplate jdbc, List<Long> ids, long now) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return jdbc.query(
        "UPDATE delivery SET lease_owner = ?, lease_until = ?, attempts = attempts + 1 WHERE id IN"
            + " ("
            + SubjectOrder.hold(store.dialect(), ids.size())
            + ") RETURNING id, event_id, subject, event_time, attempts, COALESCE(restarted_at,"
            + " created_at), restarted_at",
        (row, n) ->
            new Claimed(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getLong(4),
                row.getInt(5),
                row.getLong(6),
                row.getObject(7) != null),
        Stream.of(Stream.of(node, now + lease.toMillis()), ids.stream(), Stream.of(now))
            .flatMap(value -> value)
            .toArray());
  }

  private List<Claimed> overtaken(JdbcTemplate jdbc, String destination, List<Claimed> claims) {
    if (claims.isEmpty()) {
      return List.of();
    }
    Map<String, Long> has = new HashMap<>();
    jdbc.query(
        "SELECT subject, event_time FROM destination_version WHERE destination = ? AND subject IN ("
            + InboxStore.placeholders(claims.size())
            + ")",
        row -> {
          has.put(row.getString(1), row.getLong(2));
        },
        Stream.concat(Stream.of(destination), claims.stream().map(Claimed::subject)).toArray());
    return claims.stream()
        .filter(claim -> claim.eventTime < has.getOrDefault(claim.subject, Long.MIN_VALUE))
        .toList();
  }

  private void supersede(JdbcTemplate jdbc, List<Claimed> overtaken, long now) {
    for (var claim : overtaken) {
      jdbc.update(
          "UPDATE delivery SET state = 'superseded', attempts = attempts - 1, lease_owner = NULL,"
              + " lease_until = 0, finished_at = ?, reason = 'The destination has a newer event of"
              + " this response' WHERE id = ?",
          now,
          claim.id);
    }
    SubjectOrder.letNextGo(jdbc, store.dialect(), overtaken.stream().map(Claimed::id).toList());
  }

  /** As many as are sure to fit into memory, one at least; the rest is given back. */
  private List<Claimed> withinMemory(JdbcTemplate jdbc, List<Claimed> claims) {
    if (claims.size() < 2) {
      return claims;
    }
    Map<Long, Long> sizes = new HashMap<>();
    jdbc.query(
        "SELECT id, length(document) FROM event WHERE id IN ("
            + InboxStore.placeholders(claims.size())
            + ")",
        row -> {
          sizes.put(row.getLong(1), row.getLong(2));
        },
        claims.stream().map(Claimed::eventId).toArray());
    var fitting = new ArrayList<Claimed>();
    var tooMuch = new ArrayList<Long>();
    long size = 0;
    for (var claim : claims) {
      size += sizes.getOrDefault(claim.eventId, 0L);
      if (fitting.isEmpty() || size <= LARGEST_CLAIM) {
        fitting.add(claim);
      } else {
        tooMuch.add(claim.id);
      }
    }
    if (!tooMuch.isEmpty()) {
      Leases.release(jdbc, "delivery", "id", tooMuch, node);
    }
    return fitting;
  }

  private static List<ClaimedDelivery> withDocuments(
      JdbcTemplate jdbc, List<Claimed> claims, Instant resumedAt) {
    if (claims.isEmpty()) {
      return new ArrayList<>();
    }
    Map<Long, Event> events = new HashMap<>();
    jdbc.query(
        "SELECT e.id, e.document, e.provider, e.request_id, r.received_at, r.traceparent FROM event e LEFT JOIN"
            + " request r ON r.id = e.request_id WHERE e.id IN ("
            + InboxStore.placeholders(claims.size())
            + ")",
        row -> {
          events.put(
              row.getLong(1),
              new Event(
                  row.getString(2),
                  row.getString(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getString(6)));
        },
        claims.stream().map(Claimed::eventId).toArray());
    return new ArrayList<>(
        claims.stream()
            .map(claim -> claimed(claim, events.getOrDefault(claim.eventId, Event.GONE), resumedAt))
            .toList());
  }

  private static ClaimedDelivery claimed(Claimed claim, Event event, Instant resumedAt) {
    return new ClaimedDelivery(
        claim.id,
        claim.eventId,
        claim.subject,
        Instant.ofEpochMilli(claim.eventTime),
        claim.attempts,
        later(Instant.ofEpochMilli(claim.createdAt), resumedAt),
        event.document,
        event.origin(claim.isAgain));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Holds on to claims for another lease. */
  public void renew(Collection<Long> ids) {
    Leases.renew(store, time, "delivery", "id", ids, node, lease);
  }

  /** Gives back claims that nothing was done with; the claim does not count as an attempt. */
  public void release(Collection<Long> ids) {
    Leases.release(store, "delivery", "id", ids, node);
  }

  /** One transaction: the attempt, the delivery's state and date, what the destination now has. */
  public CompletableFuture<Void> record(Outcome outcome) {
    return outcomes.submit(outcome);
  }

  private void write(List<Outcome> unordered) {
    // Row locks are taken in one order by all: see Dialect.lockInOrder.
    var group =
        unordered.stream()
            .sorted(Comparator.comparingLong(outcome -> outcome.delivery().id()))
            .toList();
    store.write(
        jdbc -> {
          if (group.size() > 1) {
            // All at once: an update passes over those that were overtaken, which come after it.
            store
                .dialect()
                .lockInOrder(
                    jdbc, "delivery", "id", group.stream().map(o -> o.delivery().id()).toList());
          }
          var attempts = insertAttempts(jdbc, group);
          var counts = new Counts();
          updateDeliveries(jdbc, group, counts);
          SubjectOrder.letNextGo(jdbc, store.dialect(), ended(group));
          raiseVersions(jdbc, group);
          counters.add(jdbc, Tally.ofAttempts(counts, group, attempts));
          return null;
        });
    // The next event of the same subject may go now.
    group.stream().map(Outcome::destination).distinct().forEach(d -> signals.raise(lane(d)));
  }

  private static List<Long> ended(List<Outcome> group) {
    return group.stream()
        .filter(outcome -> !outcome.work().state().isOpen())
        .map(outcome -> outcome.delivery().id())
        .toList();
  }

  /**
   * A group whose commit went through unheard is written again: its attempts are there then.
   * Numbers go on where a person had it sent again, and its attempts began anew. SELECT and not
   * VALUES: see {@link Tally}.
   */
  private static int[][] insertAttempts(JdbcTemplate jdbc, List<Outcome> group) {
    return jdbc.batchUpdate(
        "INSERT INTO attempt (id, delivery_id, number, started_at, duration_ms, outcome,"
            + " failure_kind, reason) SELECT ?, ?, COALESCE(MAX(number), 0) + 1, ?, ?, ?, ?, ? FROM"
            + " attempt WHERE delivery_id = ? ON CONFLICT (id) DO NOTHING",
        group,
        group.size(),
        (row, outcome) -> {
          row.setLong(1, outcome.attemptId());
          row.setLong(2, outcome.delivery().id());
          row.setLong(3, outcome.startedAt().toEpochMilli());
          row.setLong(4, outcome.took().toMillis());
          row.setString(5, outcome.work().state().text());
          row.setString(6, outcome.work().kindText());
          row.setString(7, outcome.work().reason());
          row.setLong(8, outcome.delivery().id());
        });
  }

  /**
   * A delivery that arrived has arrived, whoever holds the lease by now. Its claim counted an
   * attempt; where it was none, it has that back.
   */
  private void updateDeliveries(JdbcTemplate jdbc, List<Outcome> group, Counts counts) {
    var held = updateDeliveries(jdbc, group, HELD, outcome -> node);
    var overtaken = new ArrayList<Outcome>();
    for (var i = 0; i < group.size(); i++) {
      var outcome = group.get(i);
      var to = outcome.work().state();
      if (held[0][i] == 1) {
        counts.deliveriesMoved(outcome.destination(), Work.State.WAITING, to, 1);
      } else if (to == Work.State.DELIVERED) {
        overtaken.add(outcome);
      }
    }
    if (!overtaken.isEmpty()) {
      arriveAllTheSame(jdbc, overtaken, counts);
    }
  }

  private void arriveAllTheSame(JdbcTemplate jdbc, List<Outcome> group, Counts counts) {
    var ids = group.stream().map(outcome -> outcome.delivery().id()).toList();
    store.dialect().lockInOrder(jdbc, "delivery", "id", ids);
    Map<Long, String> states = new HashMap<>();
    jdbc.query(
        "SELECT id, state FROM delivery WHERE state <> 'delivered' AND id IN ("
            + InboxStore.placeholders(ids.size())
            + ")",
        row -> {
          states.put(row.getLong(1), row.getString(2));
        },
        ids.toArray());
    var missing = group.stream().filter(o -> states.containsKey(o.delivery().id())).toList();
    var changed =
        updateDeliveries(
            jdbc, missing, "state = ?", outcome -> states.get(outcome.delivery().id()));
    for (var i = 0; i < missing.size(); i++) {
      var outcome = missing.get(i);
      var from = Work.State.of(states.get(outcome.delivery().id()));
      counts.deliveriesMoved(outcome.destination(), from, Work.State.DELIVERED, changed[0][i]);
    }
  }

  private static int[][] updateDeliveries(
      JdbcTemplate jdbc, List<Outcome> group, String condition, Function<Outcome, String> value) {
    return jdbc.batchUpdate(
        END_DELIVERY + condition,
        group,
        Math.max(1, group.size()),
        (row, outcome) -> {
          var work = outcome.work();
          row.setString(1, work.state().text());
          row.setLong(2, work.dueAt().toEpochMilli());
          row.setString(3, work.kindText());
          row.setString(4, work.reason());
          row.setString(5, reference(outcome));
          row.setObject(6, work.finishedAt(), java.sql.Types.BIGINT);
          row.setInt(7, outcome.isCounted() ? 0 : 1);
          row.setLong(8, outcome.delivery().id());
          row.setString(9, value.apply(outcome));
        });
  }

  private static @Nullable String reference(Outcome outcome) {
    var reference = outcome.externalReference();
    if (reference == null) {
      return null;
    }
    var plain = reference.replaceAll("\\p{Cntrl}", " ");
    return plain.substring(0, Math.min(plain.length(), LONGEST_REFERENCE));
  }

  /**
   * One row for each subject, in one order: PostgreSQL refuses a statement that changes a row
   * twice, and two deliveries of one subject come together where the first one's lease ran out.
   */
  private static void raiseVersions(JdbcTemplate jdbc, List<Outcome> group) {
    var delivered =
        List.copyOf(
            group.stream()
                .filter(outcome -> outcome.work().state() == Work.State.DELIVERED)
                .collect(
                    Collectors.toMap(
                        Version::of,
                        Function.identity(),
                        BinaryOperator.maxBy(Comparator.comparing(o -> o.delivery().eventTime())),
                        TreeMap::new))
                .values());
    jdbc.batchUpdate(
        "INSERT INTO destination_version (destination, subject, event_time, raised_at) VALUES (?, ?,"
            + " ?, ?) ON CONFLICT (destination, subject) DO UPDATE SET event_time ="
            + " excluded.event_time, raised_at = excluded.raised_at WHERE excluded.event_time >"
            + " destination_version.event_time",
        delivered,
        Math.max(1, delivered.size()),
        (row, outcome) -> {
          row.setString(1, outcome.destination());
          row.setString(2, outcome.delivery().subject());
          row.setLong(3, outcome.delivery().eventTime().toEpochMilli());
          row.setLong(4, outcome.work().dueAt().toEpochMilli());
        });
  }

  @Override
  public void close() {
    outcomes.close();
  }
}
