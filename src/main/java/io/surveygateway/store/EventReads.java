package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Events as people look at them. Safe for use by many threads. */
public final class EventReads {

  private static final int MOST_OF_A_REQUEST = 1000;

  /** An event without its document. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Event(
      long id,
      String provider,
      String key,
      long requestId,
      String type,
      String subject,
      @Nullable String survey,
      Instant time,
      Instant createdAt) {}

  private static final String COLUMNS =
      "SELECT e.id, e.provider, e.event_key, e.request_id, e.type, e.subject, e.survey_id,"
          + " e.event_time, e.created_at FROM event e WHERE ";

  private final Store store;

  EventReads(Store store) {
    this.store = store;
  }

  /** Newest first, as they were kept. */
  public Page<Event> page(Filter filter, @Nullable Position after, int limit) {
    return Lists.page(
        store,
        Walk.of(Walk.Of.EVENTS, filter, true),
        after,
        limit,
        COLUMNS + "e.id IN (",
        (row, n) -> event(row));
  }

  public Optional<Event> find(long id) {
    return Lists.find(store, id, COLUMNS + "e.id IN (", (row, n) -> event(row));
  }

  /** The canonical event, as JSON text. */
  public Optional<String> document(long id) {
    return Lists.find(
        store, id, "SELECT document FROM event WHERE id IN (", (row, n) -> row.getString(1));
  }

  /** Those that one request made, at most {@value #MOST_OF_A_REQUEST}. */
  public List<Event> ofRequest(long request) {
    return store.read(
        jdbc ->
            jdbc.query(
                COLUMNS + "e.request_id = ? ORDER BY e.id LIMIT " + MOST_OF_A_REQUEST,
                (row, n) -> event(row),
                request));
  }

  private static Event event(ResultSet row) throws SQLException {
    return new Event(
        row.getLong("id"),
        row.getString("provider"),
        row.getString("event_key"),
        row.getLong("request_id"),
        row.getString("type"),
        row.getString("subject"),
        row.getString("survey_id"),
        Lists.instant(row, "event_time"),
        Lists.instant(row, "created_at"));
  }
}
