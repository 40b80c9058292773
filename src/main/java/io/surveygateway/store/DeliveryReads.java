package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Deliveries as people look at them. Safe for use by many threads. */
public final class DeliveryReads {

  private static final int MOST_ATTEMPTS = 500;

  /** What groups are made of, for each destination. */
  public static final int MOST_GROUPED = 5000;

  private static final int MOST_GROUPS = 50;

  /**
   * An event on its way to a destination.
   *
   * @param attempts that count, since it was last sent on its way
   * @param isUnderWay whether it is being sent right now
   * @param restartedAt when a person last had it sent again
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Delivery(
      long id,
      long eventId,
      String destination,
      @Nullable String provider,
      @Nullable String type,
      String subject,
      Instant eventTime,
      String state,
      @JsonProperty("underWay") boolean isUnderWay,
      int attempts,
      Instant dueAt,
      @Nullable String failureKind,
      @Nullable String reason,
      @Nullable String externalReference,
      Instant createdAt,
      @Nullable Instant restartedAt,
      @Nullable Instant finishedAt) {}

  /** One try of a delivery. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Attempt(
      int number,
      Instant startedAt,
      long durationMs,
      String outcome,
      @Nullable String failureKind,
      @Nullable String reason) {}

  /**
   * Deliveries of one destination that share a state and a reason.
   *
   * @param first when the first was parked, or made where they wait; and {@code last} the last
   */
  public record Group(
      String destination,
      String state,
      @Nullable String failureKind,
      @Nullable String reason,
      long count,
      Instant first,
      Instant last) {}

  /**
   * What became of deliveries to one destination since they were sent on their way again.
   *
   * @param elsewise superseded, cancelled or skipped
   * @param parked again
   * @param isMore whether there may be more of each: there was too much to look at
   */
  public record SentAgain(
      long delivered, long elsewise, long waiting, long parked, boolean isMore) {}

  /** In the order of an index each, and none reads more than {@value #MOST_GROUPED} rows. */
  static final String ENDED_SINCE =
      "SELECT destination, state, restarted_at FROM delivery WHERE state IN ('delivered', 'skipped',"
          + " 'superseded', 'cancelled') AND finished_at >= ? ORDER BY finished_at, id LIMIT "
          + MOST_GROUPED;

  static final String OPEN_SINCE =
      "SELECT destination, state, restarted_at FROM delivery WHERE destination = ? AND "
          + Leases.OPEN
          + " AND COALESCE(restarted_at, created_at) >= ? ORDER BY"
          + " COALESCE(restarted_at, created_at) LIMIT "
          + MOST_GROUPED;

  static final String LAST_PARKED =
      "SELECT destination, state, restarted_at FROM delivery WHERE destination = ? AND state ="
          + " 'parked' ORDER BY id DESC LIMIT "
          + MOST_GROUPED;

  private static final String GROUPED =
      "SELECT state, failure_kind, reason, count(*) AS n, MIN(at) AS first_at, MAX(at) AS last_at"
          + " FROM (SELECT state, failure_kind, reason, %s AS at FROM delivery WHERE destination = ?"
          + " AND %s LIMIT "
          + MOST_GROUPED
          + ") looked GROUP BY state, failure_kind, reason";

  static final String PARKED_GROUPS =
      GROUPED.formatted("COALESCE(finished_at, created_at)", "state = 'parked' ORDER BY id DESC");

  /** In the order of an index, so that the databases do not sort what waits. */
  static final String OPEN_GROUPS =
      GROUPED.formatted("created_at", Leases.OPEN + " ORDER BY COALESCE(restarted_at, created_at)");

  private static final String COLUMNS =
      "SELECT d.id, d.event_id, d.destination, e.provider, e.type, d.subject, d.event_time, d.state,"
          + " d.lease_until, d.attempts, d.due_at, d.failure_kind, d.reason, d.external_reference,"
          + " d.created_at, d.restarted_at, d.finished_at FROM delivery d LEFT JOIN event e ON e.id ="
          + " d.event_id WHERE ";

  private final Store store;
  private final Clock clock;

  DeliveryReads(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Newest first, as they were made. */
  public Page<Delivery> page(Filter filter, @Nullable Position after, int limit) {
    return Lists.page(
        store,
        Walk.Of.DELIVERIES,
        filter,
        after,
        limit,
        COLUMNS + "d.id IN (",
        (row, n) -> delivery(row));
  }

  public Optional<Delivery> find(long id) {
    return Lists.find(store, id, COLUMNS + "d.id IN (", (row, n) -> delivery(row));
  }

  /** All of one event. */
  public List<Delivery> ofEvent(long event) {
    return store.read(
        jdbc ->
            jdbc.query(COLUMNS + "d.event_id = ? ORDER BY d.id", (row, n) -> delivery(row), event));
  }

  /** All of some events, by event. */
  public Map<Long, List<Delivery>> ofEvents(Collection<Long> events) {
    return events.isEmpty()
        ? Map.of()
        : store
            .read(
                jdbc ->
                    jdbc.query(
                        COLUMNS
                            + "d.event_id IN ("
                            + InboxStore.placeholders(events.size())
                            + ") ORDER BY d.id",
                        (row, n) -> delivery(row),
                        events.toArray()))
            .stream()
            .collect(Collectors.groupingBy(Delivery::eventId));
  }

  /** The latest, at most {@value #MOST_ATTEMPTS}, newest first. */
  public List<Attempt> attempts(long delivery) {
    return store.read(
        jdbc ->
            jdbc.query(
                "SELECT number, started_at, duration_ms, outcome, failure_kind, reason FROM attempt"
                    + " WHERE delivery_id = ? ORDER BY number DESC LIMIT "
                    + MOST_ATTEMPTS,
                (row, n) ->
                    new Attempt(
                        row.getInt("number"),
                        Lists.instant(row, "started_at"),
                        row.getLong("duration_ms"),
                        row.getString("outcome"),
                        row.getString("failure_kind"),
                        row.getString("reason")),
                delivery));
  }

  /**
   * Why deliveries are parked, retried or waiting, the most frequent first.
   *
   * <p>Of each destination the {@value #MOST_GROUPED} that were parked last are looked at, and as
   * many of those that wait: more would take longer with what waits.
   */
  public List<Group> groups(Collection<String> destinations) {
    var groups = new ArrayList<Group>();
    for (var destination : destinations) {
      store.read(
          jdbc -> {
            for (var sql : List.of(PARKED_GROUPS, OPEN_GROUPS)) {
              groups.addAll(
                  jdbc.query(
                      sql,
                      (row, n) ->
                          new Group(
                              destination,
                              row.getString("state"),
                              row.getString("failure_kind"),
                              row.getString("reason"),
                              row.getLong("n"),
                              Lists.instant(row, "first_at"),
                              Lists.instant(row, "last_at")),
                      destination));
            }
            return null;
          });
    }
    groups.sort(Comparator.comparing(Group::count).reversed());
    return groups.subList(0, Math.min(groups.size(), MOST_GROUPS));
  }

  /**
   * What became of those that were sent on their way again in a span of time.
   *
   * @param from when the first was sent again, {@code to} the last; both included
   */
  public SentAgain sentAgain(String destination, Instant from, Instant to) {
    return store.read(
        jdbc -> {
          var ended = again(jdbc, destination, from, to, ENDED_SINCE, from.toEpochMilli());
          var open =
              again(jdbc, destination, from, to, OPEN_SINCE, destination, from.toEpochMilli());
          var parked = again(jdbc, destination, from, to, LAST_PARKED, destination);
          return new SentAgain(
              ended.delivered(),
              ended.count() - ended.delivered(),
              open.count(),
              parked.count(),
              ended.isMore() || open.isMore() || parked.isMore());
        });
  }

  private record Again(long count, long delivered, boolean isMore) {}

  private static Again again(
      JdbcTemplate jdbc,
      String destination,
      Instant from,
      Instant to,
      String sql,
      Object... bound) {
    var parameters = new ArrayList<Object>();
    for (var n = 0; n < 2; n++) {
      parameters.addAll(List.of(destination, from.toEpochMilli(), to.toEpochMilli()));
    }
    parameters.addAll(List.of(bound));
    var ours = "destination = ? AND restarted_at >= ? AND restarted_at <= ?";
    return jdbc.queryForObject(
        ("SELECT count(*) AS looked, COUNT(CASE WHEN %s THEN 1 END) AS n, COUNT(CASE WHEN %s AND state"
                + " = 'delivered' THEN 1 END) AS delivered FROM (%s) looked")
            .formatted(ours, ours, sql),
        (row, n) ->
            new Again(
                row.getLong("n"), row.getLong("delivered"), row.getLong("looked") == MOST_GROUPED),
        parameters.toArray());
  }

  private Delivery delivery(ResultSet row) throws SQLException {
    var state = row.getString("state");
    return new Delivery(
        row.getLong("id"),
        row.getLong("event_id"),
        row.getString("destination"),
        row.getString("provider"),
        row.getString("type"),
        row.getString("subject"),
        Lists.instant(row, "event_time"),
        state,
        Work.State.of(state).isOpen() && row.getLong("lease_until") > clock.millis(),
        row.getInt("attempts"),
        Lists.instant(row, "due_at"),
        row.getString("failure_kind"),
        row.getString("reason"),
        row.getString("external_reference"),
        Lists.instant(row, "created_at"),
        Lists.instantOrNull(row, "restarted_at"),
        Lists.instantOrNull(row, "finished_at"));
  }
}
