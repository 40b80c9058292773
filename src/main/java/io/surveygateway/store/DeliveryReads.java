package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Deliveries as people look at them. Safe for use by many threads. */
public final class DeliveryReads {

  private static final int MOST_ATTEMPTS = 500;

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
        Walk.of(Walk.Of.DELIVERIES, filter, true),
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
