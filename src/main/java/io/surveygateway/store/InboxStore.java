package io.surveygateway.store;

import io.surveygateway.store.StepResult.NewEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The inbox's tables: requests as they came, and what is to be done with each.
 *
 * <p>Safe for use by many threads.
 */
public final class InboxStore implements AutoCloseable {

  /** What a step made of its item. */
  static final String END_ITEM =
      "UPDATE inbox SET state = ?, due_at = ?, failure_kind = ?, reason = ?, events = ?,"
          + " set_aside = ?, finished_at = ?, attempts = attempts - ?, lease_owner = NULL,"
          + " lease_until = 0 WHERE request_id = ? AND lease_owner = ? AND "
          + Leases.STILL_OPEN;

  private static final String PAUSED =
      "SELECT 1 FROM lane WHERE name = ? AND paused_at IS NOT NULL";

  /** What may wait for a flush, in bytes: an eighth of the heap at most. */
  private static final long LARGEST_WAITING =
      Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

  /**
   * A request to be kept.
   *
   * @param id {@link #NO_ID_YET}: it is given one when it is written
   * @param path after the provider, without slashes round it
   * @param provedBy what the proof was, never the secret
   * @param headers those that its route keeps, as JSON, or null
   * @param traceparent what its later steps are traced by, or null
   */
  public record NewRequest(
      long id,
      String provider,
      String path,
      @Nullable String contentType,
      String provedBy,
      Instant receivedAt,
      byte[] body,
      @Nullable String headers,
      @Nullable String traceparent) {

    /** Of a request on its way: who brings it need not wait for an id. */
    public static final long NO_ID_YET = 0;

    /** Without a header, and not traced. */
    public NewRequest(
        long id,
        String provider,
        String path,
        @Nullable String contentType,
        String provedBy,
        Instant receivedAt,
        byte[] body) {
      this(id, provider, path, contentType, provedBy, receivedAt, body, null, null);
    }

    NewRequest withId(long id) {
      return new NewRequest(
          id, provider, path, contentType, provedBy, receivedAt, body, headers, traceparent);
    }
  }

  /**
   * A request that this gateway holds a lease on.
   *
   * @param attempts how often it has been claimed, this time included
   * @param isAgain whether a person has it mapped again
   * @param headers those that its route keeps, as JSON, or null
   * @param traceparent what its steps are traced by, or null
   */
  public record ClaimedRequest(
      long id,
      String provider,
      String path,
      @Nullable String contentType,
      Instant receivedAt,
      int attempts,
      boolean isAgain,
      byte[] body,
      @Nullable String headers,
      @Nullable String traceparent) {}

  /** A claim whose body is not read yet: a claim may hold more than should be in memory at once. */
  public record Claim(long id, int size) {}

  private final Store store;
  private final Signals signals;
  private final StoreTime time;
  private final Ids ids;
  private final String node;
  private final Duration lease;
  private final Counters counters;
  private final MappedAgain mappedAgain;
  private final Arrivals arrivals;
  private final SurveyCounts surveys;
  private final GroupCommit<NewRequest> newRequests;
  private final GroupCommit<StepResult> steps;

  InboxStore(
      Store store,
      Signals signals,
      Clock clock,
      Ids ids,
      String node,
      Duration lease,
      Counters counters) {
    this.store = store;
    this.ids = ids;
    this.signals = signals;
    this.time = new StoreTime(clock);
    this.node = node;
    this.lease = lease;
    this.counters = counters;
    this.mappedAgain = new MappedAgain(store.dialect(), clock, node);
    this.arrivals = new Arrivals(store, counters);
    this.surveys = new SurveyCounts(clock, counters.shard());
    this.newRequests =
        new GroupCommit<>(
            "inbox-arrivals",
            request -> request.body().length + 256L,
            LARGEST_WAITING,
            this::insert);
    this.steps =
        new GroupCommit<>("inbox-steps", StepResult::weight, LARGEST_WAITING, this::writeSteps);
  }

  public static String lane(String provider) {
    return "inbox:" + provider;
  }

  /** Completes when the request is on disk; fails with {@link StoreUnavailableException}. */
  public CompletableFuture<Void> add(NewRequest request) {
    return newRequests.submit(request);
  }

  private void insert(List<NewRequest> arrived) {
    // Before the transaction: to reserve ids is one of its own.
    var group = arrived.stream().map(this::withId).toList();
    arrivals.insert(group);
    group.stream().map(NewRequest::provider).distinct().forEach(p -> signals.raise(lane(p)));
  }

  private NewRequest withId(NewRequest request) {
    return request.id() == NewRequest.NO_ID_YET ? request.withId(ids.next()) : request;
  }

  /**
   * Takes a lease on what is due, oldest first, at most {@code limit}; nothing while it is paused:
   * of no provider then, so that SQLite does not go through all that waits to find nothing.
   */
  public List<Claim> claim(String provider, int limit) {
    var claims =
        store.write(
            jdbc ->
                jdbc.query(
                    "WITH clock(now) AS (SELECT "
                        + time.sql()
                        + ") UPDATE inbox SET lease_owner = ?, lease_until = (SELECT now FROM clock)"
                        + " + ?, attempts = attempts + 1 WHERE request_id IN (SELECT request_id FROM"
                        + " inbox WHERE provider = (SELECT CAST(? AS VARCHAR(63)) WHERE NOT EXISTS ("
                        + PAUSED
                        + ")) AND "
                        + Leases.OPEN
                        + " AND due_at <= (SELECT now FROM clock) AND lease_until <= (SELECT now FROM"
                        + " clock) ORDER BY due_at, request_id LIMIT ?"
                        + store.dialect().claimSuffix()
                        + ") RETURNING request_id, size",
                    (row, n) -> new Claim(row.getLong(1), row.getInt(2)),
                    Stream.concat(
                            time.values().stream(),
                            Stream.of(node, lease.toMillis(), provider, lane(provider), limit))
                        .toArray()));
    // RETURNING keeps no order.
    claims.sort(Comparator.comparingLong(Claim::id));
    return claims;
  }

  /** Whether a person has paused this provider. */
  public boolean isPaused(String provider) {
    return store.read(jdbc -> !jdbc.queryForList(PAUSED, Integer.class, lane(provider)).isEmpty());
  }

  /** Reads claimed requests with their bodies, in the order of their ids. */
  public List<ClaimedRequest> read(Collection<Claim> claims) {
    return store.read(
        jdbc ->
            jdbc.query(
                "SELECT r.id, r.provider, r.path, r.content_type, r.received_at, i.attempts,"
                    + " i.again, r.body, r.headers, r.traceparent FROM request r JOIN inbox i ON i.request_id ="
                    + " r.id WHERE r.id IN ("
                    + placeholders(claims.size())
                    + ") ORDER BY r.id",
                (row, n) ->
                    new ClaimedRequest(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Instant.ofEpochMilli(row.getLong(5)),
                        row.getInt(6),
                        row.getInt(7) == 1,
                        row.getBytes(8),
                        row.getString(9),
                        row.getString(10)),
                claims.stream().map(Claim::id).toArray()));
  }

  /** Holds on to claims for another lease. */
  public void renew(Collection<Long> ids) {
    Leases.renew(store, time, "inbox", "request_id", ids, node, lease);
  }

  /** Gives back claims that nothing was done with; the claim does not count as an attempt. */
  public void release(Collection<Long> ids) {
    Leases.release(store, "inbox", "request_id", ids, node);
  }

  /** Makes due now what waits for a later date: what it waited for is there. */
  public void wake(String provider, Collection<Long> ids) {
    if (ids.isEmpty()) {
      return;
    }
    store.write(
        jdbc -> {
          store.dialect().lockInOrder(jdbc, "inbox", "request_id", ids);
          var now = time.now(jdbc);
          return jdbc.update(
              "UPDATE inbox SET due_at = ? WHERE state = 'retrying' AND due_at > ? AND provider = ?"
                  + " AND request_id IN ("
                  + placeholders(ids.size())
                  + ")",
              Stream.concat(Stream.of(now, now, provider), ids.stream()).toArray());
        });
    signals.raise(lane(provider));
  }

  /** One transaction: what a step made, and the end of its inbox item. */
  public CompletableFuture<Void> finish(StepResult result) {
    return steps.submit(result);
  }

  private void writeSteps(List<StepResult> unordered) {
    // Row locks are taken in one order by all: see Dialect.lockInOrder.
    var group = unordered.stream().sorted(Comparator.comparingLong(StepResult::requestId)).toList();
    store.write(
        jdbc -> {
          var counts = new Counts();
          var known = surveys.known(jdbc, group);
          var written = mappedAgain.write(jdbc, group, counts);
          var events = insertEvents(jdbc, written.news(), known);
          var deliveries = insertDeliveries(jdbc, written.news());
          insertSetAside(jdbc, written.news());
          var items = updateItems(jdbc, written.ended());
          surveys.add(jdbc, known, written.ended(), written.news(), events[0]);
          counters.add(jdbc, Tally.ofSteps(counts, written.news(), events, deliveries, items));
          return null;
        });
    group.stream()
        .flatMap(step -> step.deliveries().stream())
        .map(StepResult.NewDelivery::destination)
        .distinct()
        .forEach(destination -> signals.raise(OutboxStore.lane(destination)));
  }

  /**
   * In the order of the keys, by all: an insert waits for another one of the same key, and two
   * gateways that were sent the same events in different order would wait for each other. SELECT
   * and not VALUES: see {@link Tally}.
   *
   * @return rows that each event made, in the order of the steps
   */
  private static int[][] insertEvents(
      JdbcTemplate jdbc, List<StepResult> group, SurveyCounts.Known known) {
    var events = group.stream().flatMap(step -> step.events().stream()).toList();
    // Of a key that comes twice the first counts: the sort leaves them as they are.
    var order =
        IntStream.range(0, events.size())
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> events.get(i).provider())
                    .thenComparing(i -> events.get(i).key()))
            .toList();
    var rows = insertEventsAsTheyAre(jdbc, order.stream().map(events::get).toList(), known);
    var made = new int[events.size()];
    for (var i = 0; i < made.length; i++) {
      made[order.get(i)] = rows[0][i];
    }
    return new int[][] {made};
  }

  private static int[][] insertEventsAsTheyAre(
      JdbcTemplate jdbc, List<NewEvent> events, SurveyCounts.Known known) {
    return jdbc.batchUpdate(
        "INSERT INTO event (id, provider, event_key, request_id, type, subject, survey_id,"
            + " event_time, created_at, document, email, external_id, status, nps, first_at) SELECT"
            + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE 1 = 1"
            + " ON CONFLICT (provider, event_key) DO NOTHING",
        events,
        Math.max(1, events.size()),
        (row, event) -> {
          row.setLong(1, event.id());
          row.setString(2, event.provider());
          row.setString(3, event.key());
          row.setLong(4, event.requestId());
          row.setString(5, event.type());
          row.setString(6, event.subject());
          row.setString(7, event.surveyId());
          row.setLong(8, event.time().toEpochMilli());
          row.setLong(9, event.createdAt().toEpochMilli());
          row.setString(10, event.document());
          row.setString(11, event.email());
          row.setString(12, event.facts().externalId());
          row.setString(13, event.facts().status());
          row.setObject(14, event.facts().nps(), java.sql.Types.INTEGER);
          row.setObject(15, known.firstAt(event), java.sql.Types.BIGINT);
        });
  }

  /**
   * A delivery goes in only where its event did: a repeated event has made its deliveries before.
   */
  private static int[][] insertDeliveries(JdbcTemplate jdbc, List<StepResult> group) {
    var deliveries = group.stream().flatMap(step -> step.deliveries().stream()).toList();
    return jdbc.batchUpdate(
        "INSERT INTO delivery (id, event_id, destination, subject, event_time, state, due_at,"
            + " reason, created_at, finished_at) SELECT ?, e.id, ?, e.subject, e.event_time, ?, ?, ?,"
            + " ?, ? FROM event e WHERE e.id = ? ON CONFLICT (event_id, destination) DO NOTHING",
        deliveries,
        Math.max(1, deliveries.size()),
        (row, delivery) -> {
          var at = delivery.createdAt().toEpochMilli();
          row.setLong(1, delivery.id());
          row.setString(2, delivery.destination());
          row.setString(3, delivery.state().text());
          row.setLong(4, at);
          row.setString(5, delivery.reason());
          row.setLong(6, at);
          row.setObject(7, delivery.state().isOpen() ? null : at, java.sql.Types.BIGINT);
          row.setLong(8, delivery.eventId());
        });
  }

  private static void insertSetAside(JdbcTemplate jdbc, List<StepResult> group) {
    var items = group.stream().flatMap(step -> step.setAside().stream()).toList();
    jdbc.batchUpdate(
        "INSERT INTO set_aside (id, request_id, provider, item, reason, created_at) VALUES (?, ?, ?,"
            + " ?, ?, ?)",
        items,
        Math.max(1, items.size()),
        (row, item) -> {
          row.setLong(1, item.id());
          row.setLong(2, item.requestId());
          row.setString(3, item.provider());
          row.setObject(4, item.index(), java.sql.Types.INTEGER);
          row.setString(5, item.reason());
          row.setLong(6, item.createdAt().toEpochMilli());
        });
  }

  /**
   * Only where the lease still holds: a step that was overtaken decides nothing. Its claim counted
   * an attempt; what only waits has that back.
   */
  private int[][] updateItems(JdbcTemplate jdbc, List<StepResult> group) {
    return jdbc.batchUpdate(
        END_ITEM,
        group,
        group.size(),
        (row, step) -> {
          var outcome = step.outcome();
          row.setString(1, outcome.state().text());
          row.setLong(2, outcome.dueAt().toEpochMilli());
          row.setString(3, outcome.kindText());
          row.setString(4, outcome.reason());
          row.setInt(5, step.events().size());
          row.setInt(6, step.setAside().size());
          row.setObject(7, outcome.finishedAt(), java.sql.Types.BIGINT);
          row.setInt(8, outcome.isWait() ? 1 : 0);
          row.setLong(9, step.requestId());
          row.setString(10, node);
        });
  }

  static String placeholders(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }

  /** Cuts claims into runs whose bodies together stay near {@code bytes}. */
  public static List<List<Claim>> chunks(List<Claim> claims, long bytes) {
    var chunks = new ArrayList<List<Claim>>();
    var chunk = new ArrayList<Claim>();
    long size = 0;
    for (var claim : claims) {
      if (!chunk.isEmpty() && size + claim.size() > bytes) {
        chunks.add(chunk);
        chunk = new ArrayList<>();
        size = 0;
      }
      chunk.add(claim);
      size += claim.size();
    }
    if (!chunk.isEmpty()) {
      chunks.add(chunk);
    }
    return chunks;
  }

  @Override
  public void close() {
    newRequests.close();
    steps.close();
  }
}
