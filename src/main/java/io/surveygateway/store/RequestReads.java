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

/** Requests, and those that were turned away, as people look at them. Safe for many threads. */
public final class RequestReads {

  private static final int MOST_SET_ASIDE = 1000;

  /**
   * A request without its body.
   *
   * @param size of the body, in bytes
   * @param isUnderWay whether it is being mapped right now
   * @param events how many its last mapping brought
   * @param setAside how many items could not be made an event
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Request(
      long id,
      String provider,
      String path,
      @Nullable String contentType,
      String provedBy,
      Instant receivedAt,
      int size,
      String state,
      @JsonProperty("underWay") boolean isUnderWay,
      int attempts,
      Instant dueAt,
      @Nullable String failureKind,
      @Nullable String reason,
      int events,
      int setAside,
      @Nullable Instant finishedAt) {}

  /**
   * An item that could not be made an event.
   *
   * @param item its index in the request, from 0; null for the whole request
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SetAsideItem(@Nullable Integer item, String reason, Instant createdAt) {}

  /**
   * The same, with the request that it came in.
   *
   * @param item its index in the request, from 0; null for the whole request
   */
  public record Apart(
      long id,
      long requestId,
      String provider,
      @Nullable Integer item,
      String reason,
      Instant createdAt) {}

  /** A request that was turned away. */
  public record Refusal(
      long id, Instant refusedAt, String provider, String path, int status, String cause) {}

  private static final String COLUMNS =
      "SELECT r.id, r.provider, r.path, r.content_type, r.proved_by, r.received_at, r.size, i.state,"
          + " i.lease_until, i.attempts, i.due_at, i.failure_kind, i.reason, i.events, i.set_aside,"
          + " i.finished_at FROM request r JOIN inbox i ON i.request_id = r.id WHERE r.id IN (";

  /**
   * A request as it came.
   *
   * @param headers those that its route keeps, as JSON, or null
   */
  public record Sent(
      long id,
      String provider,
      String path,
      @Nullable String contentType,
      Instant receivedAt,
      byte[] body,
      @Nullable String headers) {}

  private final Store store;
  private final Clock clock;

  RequestReads(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Newest first, as they came; parked ones alone as they were parked. */
  public Page<Request> page(Filter filter, @Nullable Position after, int limit) {
    return Lists.page(
        store, Walk.Of.REQUESTS, filter, after, limit, COLUMNS, (row, n) -> request(row));
  }

  public Optional<Request> find(long id) {
    return Lists.find(store, id, COLUMNS, (row, n) -> request(row));
  }

  /** With their bodies, in the order of their ids; those that are gone are left out. */
  public List<Sent> bodies(List<Long> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return store.read(
        jdbc ->
            jdbc.query(
                "SELECT id, provider, path, content_type, received_at, body, headers FROM request"
                    + " WHERE id IN ("
                    + InboxStore.placeholders(ids.size())
                    + ") ORDER BY id",
                (row, n) ->
                    new Sent(
                        row.getLong("id"),
                        row.getString("provider"),
                        row.getString("path"),
                        row.getString("content_type"),
                        Lists.instant(row, "received_at"),
                        row.getBytes("body"),
                        row.getString("headers")),
                ids.toArray()));
  }

  /** What of a request was set aside, at most {@value #MOST_SET_ASIDE} items. */
  public List<SetAsideItem> setAside(long request) {
    return store.read(
        jdbc ->
            jdbc.query(
                "SELECT item, reason, created_at FROM set_aside WHERE request_id = ? ORDER BY id"
                    + " LIMIT "
                    + MOST_SET_ASIDE,
                (row, n) ->
                    new SetAsideItem(
                        (Integer) row.getObject("item"),
                        row.getString("reason"),
                        Lists.instant(row, "created_at")),
                request));
  }

  /**
   * What came with it that its route keeps: one JSON object of headers; empty where none is kept.
   */
  public Optional<String> headers(long request) {
    return Lists.find(
            store,
            request,
            "SELECT COALESCE(headers, '') FROM request WHERE id IN (",
            (row, n) -> row.getString(1))
        .filter(headers -> !headers.isEmpty());
  }

  /** Its bytes, as they came. */
  public Optional<byte[]> body(long request) {
    return Lists.find(
        store, request, "SELECT body FROM request WHERE id IN (", (row, n) -> row.getBytes(1));
  }

  /** Items that could not be made an event, of all requests, newest first. */
  public Page<Apart> apart(Filter filter, @Nullable Position after, int limit) {
    return Lists.page(
        store,
        Walk.Of.SET_ASIDE,
        filter,
        after,
        limit,
        "SELECT id, request_id, provider, item, reason, created_at FROM set_aside WHERE id IN (",
        (row, n) ->
            new Apart(
                row.getLong("id"),
                row.getLong("request_id"),
                row.getString("provider"),
                (Integer) row.getObject("item"),
                row.getString("reason"),
                Lists.instant(row, "created_at")));
  }

  /** Newest first. */
  public Page<Refusal> refusals(Filter filter, @Nullable Position after, int limit) {
    return Lists.page(
        store,
        Walk.Of.REFUSALS,
        filter,
        after,
        limit,
        "SELECT id, refused_at, provider, path, status, cause FROM refusal WHERE id IN (",
        (row, n) ->
            new Refusal(
                row.getLong("id"),
                Lists.instant(row, "refused_at"),
                row.getString("provider"),
                row.getString("path"),
                row.getInt("status"),
                row.getString("cause")));
  }

  private Request request(ResultSet row) throws SQLException {
    var state = row.getString("state");
    return new Request(
        row.getLong("id"),
        row.getString("provider"),
        row.getString("path"),
        row.getString("content_type"),
        row.getString("proved_by"),
        Lists.instant(row, "received_at"),
        row.getInt("size"),
        state,
        Work.State.of(state).isOpen() && row.getLong("lease_until") > clock.millis(),
        row.getInt("attempts"),
        Lists.instant(row, "due_at"),
        row.getString("failure_kind"),
        row.getString("reason"),
        row.getInt("events"),
        row.getInt("set_aside"),
        Lists.instantOrNull(row, "finished_at"));
  }
}
