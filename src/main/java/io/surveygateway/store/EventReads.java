package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Events as people look at them. Safe for use by many threads. */
public final class EventReads {

  private static final int MOST_OF_A_REQUEST = 1000;
  private static final int MOST_OF_A_RESPONSE = 100;
  private static final int MOST_OF_A_RESPONDENT = 20;

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

  /**
   * An event in the store, beside what mapping its request again makes.
   *
   * @param document as JSON text
   * @param isReplaced whether it would take the new form; otherwise another request made it, and it
   *     stays ({@link MappedAgain})
   */
  public record Kept(String key, String document, boolean isReplaced) {}

  /** Parameters of one statement. */
  private static final int KEYS_AT_ONCE = 500;

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
        store, Walk.Of.EVENTS, filter, after, limit, COLUMNS + "e.id IN (", (row, n) -> event(row));
  }

  /** Those of these ids that are there, in no order. */
  List<Event> some(Collection<Long> ids) {
    return ids.isEmpty()
        ? List.of()
        : store.read(
            jdbc ->
                jdbc.query(
                    COLUMNS + "e.id IN (" + InboxStore.placeholders(ids.size()) + ")",
                    (row, n) -> event(row),
                    ids.toArray()));
  }

  public Optional<Event> find(long id) {
    return Lists.find(store, id, COLUMNS + "e.id IN (", (row, n) -> event(row));
  }

  /** The canonical event, as JSON text. */
  public Optional<String> document(long id) {
    return Lists.find(
        store, id, "SELECT document FROM event WHERE id IN (", (row, n) -> row.getString(1));
  }

  /** All of one response, newest first, at most {@value #MOST_OF_A_RESPONSE}. */
  public List<Event> ofSubject(String subject) {
    return store.read(
        jdbc ->
            jdbc.query(
                COLUMNS
                    + "e.subject = ? ORDER BY e.event_time DESC, e.id DESC LIMIT "
                    + MOST_OF_A_RESPONSE,
                (row, n) -> event(row),
                subject));
  }

  /**
   * Of other responses of the same respondent: those of the same e-mail address, and those of the
   * same id in the customer's systems, newest first. Each at most {@value #MOST_OF_A_RESPONDENT},
   * out of ten times as many that are looked at.
   */
  public Others ofRespondent(long id) {
    return store.read(
        jdbc ->
            jdbc
                .query(
                    "SELECT email, external_id, subject FROM event WHERE id = ?",
                    (row, n) ->
                        new Others(
                            others(jdbc, "email", row.getString(1), row.getString(3)),
                            others(jdbc, "external_id", row.getString(2), row.getString(3))),
                    id)
                .stream()
                .findFirst()
                .orElse(new Others(List.of(), List.of())));
  }

  /** Events of a respondent, by how they are known to be. */
  public record Others(List<Event> byEmail, List<Event> byExternalId) {}

  static String others(String column) {
    return COLUMNS
        + "e.id IN (SELECT near.id FROM (SELECT o.id, o.subject FROM event o WHERE o."
        + column
        + " = ? ORDER BY o.created_at DESC, o.id DESC LIMIT "
        + 10 * MOST_OF_A_RESPONDENT
        + ") near WHERE near.subject <> ?) ORDER BY e.created_at DESC, e.id DESC LIMIT "
        + MOST_OF_A_RESPONDENT;
  }

  private static List<Event> others(
      JdbcTemplate jdbc, String column, @Nullable String value, String subject) {
    return value == null
        ? List.of()
        : jdbc.query(others(column), (row, n) -> event(row), value, subject);
  }

  /** Which of these responses there are events of. */
  public List<String> subjects(Collection<String> subjects) {
    return subjects.isEmpty()
        ? List.of()
        : store.read(
            jdbc ->
                jdbc.queryForList(
                    "SELECT DISTINCT subject FROM event WHERE subject IN ("
                        + InboxStore.placeholders(subjects.size())
                        + ") ORDER BY subject",
                    String.class,
                    subjects.toArray()));
  }

  /** Addresses of those who responded, by event; of those who gave one. */
  public Map<Long, String> addresses(Collection<Long> ids) {
    Map<Long, String> addresses = new HashMap<>();
    if (!ids.isEmpty()) {
      store.read(
          jdbc -> {
            jdbc.query(
                "SELECT id, email FROM event WHERE email IS NOT NULL AND id IN ("
                    + InboxStore.placeholders(ids.size())
                    + ")",
                row -> {
                  addresses.put(row.getLong(1), row.getString(2));
                },
                ids.toArray());
            return null;
          });
    }
    return addresses;
  }

  /** The canonical events of these ids, as JSON text; of those that are there. */
  public Map<Long, String> documents(Collection<Long> ids) {
    Map<Long, String> documents = new HashMap<>();
    if (!ids.isEmpty()) {
      store.read(
          jdbc -> {
            jdbc.query(
                "SELECT id, document FROM event WHERE id IN ("
                    + InboxStore.placeholders(ids.size())
                    + ")",
                row -> {
                  documents.put(row.getLong(1), row.getString(2));
                },
                ids.toArray());
            return null;
          });
    }
    return documents;
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

  /**
   * What the store holds of these events, as mapping the request again would find it.
   *
   * @param keys of events, at their provider
   */
  public List<Kept> kept(String provider, long request, Collection<String> keys) {
    var kept = new ArrayList<Kept>();
    var all = List.copyOf(keys);
    for (var from = 0; from < all.size(); from += KEYS_AT_ONCE) {
      var some = all.subList(from, Math.min(all.size(), from + KEYS_AT_ONCE));
      kept.addAll(
          store.read(
              jdbc ->
                  jdbc.query(
                      "SELECT e.event_key, e.document, CASE WHEN e.request_id = ? OR NOT EXISTS"
                          + " (SELECT 1 FROM request r WHERE r.id = e.request_id) THEN 1 ELSE 0 END"
                          + " FROM event e WHERE e.provider = ? AND e.event_key IN ("
                          + InboxStore.placeholders(some.size())
                          + ")",
                      (row, n) -> new Kept(row.getString(1), row.getString(2), row.getInt(3) == 1),
                      Stream.concat(Stream.of(request, provider), some.stream()).toArray())));
    }
    return kept;
  }

  /** Keys of the events that one request made. */
  public List<String> keysOfRequest(long request) {
    return store.read(
        jdbc ->
            jdbc.queryForList(
                "SELECT event_key FROM event WHERE request_id = ? ORDER BY id",
                String.class,
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
