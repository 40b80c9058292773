package io.surveygateway.store;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Removes what is done with and old enough, in small steps.
 *
 * <p>What waits, is retried or is parked stays, whatever its age, and so do the event and the
 * request that it came from. The business database is none of its business.
 *
 * <p>An event takes with it the key that a repeat is told by: a provider that sends the same event
 * again after {@code gateway.retention.events} has sent a new one, which is delivered again. The
 * database and Salesforce find the response by its key and change nothing; Slack gets a second
 * message.
 *
 * <p>Walks each table along an index by age, and looks at each row once a run. Rows are found by
 * reading, outside of any write; a write asks again whether they may go, and passes over rows that
 * someone holds. So it waits for nobody, several gateways may do it at once, and a step that is
 * repeated does nothing.
 */
final class Retention implements AutoCloseable {

  private static final String DELIVERY_ENDED =
      "state IN ('delivered', 'skipped', 'superseded', 'cancelled')";
  private static final String DELIVERY_OPEN =
      "state NOT IN ('delivered', 'skipped', 'superseded', 'cancelled')";
  private static final String REQUEST_ENDED = "state IN ('done', 'cancelled')";

  /** Bytes of bodies that one step removes at most: freeing them is work too. */
  private static final long LARGEST_STEP = 16L << 20;

  /** Values that one statement may list. */
  private static final int LONGEST_LIST = 1000;

  /**
   * A table, and how it is walked.
   *
   * @param key its primary key, in one or two columns
   * @param size SQL for the bytes of a row
   * @param walked SQL condition of the index that it is walked along, or null
   * @param removable SQL condition on row {@code t}; {@code :cutoff} is the oldest time that stays.
   *     It counts, since PostgreSQL makes of EXISTS a table of all answers, for a few rows too
   */
  record Table(
      String name,
      String age,
      List<String> key,
      String size,
      @Nullable String walked,
      String removable) {

    /** The next rows, oldest first, and whether each may go. */
    String find() {
      return "SELECT "
          + columns()
          + ", "
          + size
          + " AS size, CASE WHEN "
          + removable
          + " THEN 1 ELSE 0 END AS removable FROM "
          + name
          + " t WHERE "
          + where()
          + " ORDER BY "
          + columns()
          + " LIMIT :rows";
    }

    /** Those of the rows found that still may go, and that nobody holds. */
    String take(Dialect dialect) {
      return "SELECT "
          + columns()
          + " FROM "
          + name
          + " t WHERE "
          + where()
          + " AND ("
          + columns()
          + ") <= ("
          + parameters("to")
          + ") AND "
          + removable
          + dialect.claimSuffix();
    }

    private String where() {
      return (walked == null ? "" : "t." + walked + " AND ")
          + "("
          + columns()
          + ") > ("
          + parameters("from")
          + ") AND t."
          + age
          + " < :cutoff";
    }

    private String columns() {
      return "t." + age + ", t." + String.join(", t.", key);
    }

    private String parameters(String name) {
      return IntStream.rangeClosed(0, key.size())
          .mapToObj(i -> ":" + name + i)
          .collect(Collectors.joining(", "));
    }
  }

  static final Table EVENTS =
      new Table(
          "event",
          "created_at",
          List.of("id"),
          "0",
          null,
          "(SELECT count(*) FROM delivery d WHERE d.event_id = t.id AND (d."
              + DELIVERY_OPEN
              + " OR d.finished_at >= :cutoff)) = 0");

  static final Table DELIVERIES =
      new Table("delivery", "finished_at", List.of("id"), "0", DELIVERY_ENDED, "1 = 1");

  static final Table REQUESTS =
      new Table(
          "request",
          "received_at",
          List.of("id"),
          "t.size",
          null,
          "(SELECT count(*) FROM inbox i WHERE i.request_id = t.id AND i."
              + REQUEST_ENDED
              + " AND i.finished_at < :cutoff) = 1 AND (SELECT count(*) FROM event e JOIN delivery d"
              + " ON d.event_id = e.id WHERE e.request_id = t.id AND d."
              + DELIVERY_OPEN
              + ") = 0");

  static final Table SET_ASIDE =
      new Table(
          "set_aside",
          "created_at",
          List.of("id"),
          "0",
          null,
          "(SELECT count(*) FROM inbox i WHERE i.request_id = t.request_id AND NOT i."
              + REQUEST_ENDED
              + ") = 0");

  static final Table REFUSALS =
      new Table("refusal", "refused_at", List.of("id"), "0", null, "1 = 1");

  /** What is still to be sent may be older: whoever sends it after all must be told so. */
  static final Table VERSIONS =
      new Table(
          "destination_version",
          "raised_at",
          List.of("destination", "subject"),
          "0",
          null,
          "(SELECT count(*) FROM event e JOIN delivery d ON d.event_id = e.id WHERE e.subject ="
              + " t.subject AND d.destination = t.destination AND d."
              + DELIVERY_OPEN
              + ") = 0");

  static final Table RUNS =
      new Table("operation", "prepared_at", List.of("id"), "0", null, "t.state <> 'running'");

  static final Table AUDIT = new Table("audit", "at", List.of("id"), "0", null, "1 = 1");

  private interface Remove {

    /** Removes the rows of these keys in the transaction that took them. */
    void remove(NamedParameterJdbcTemplate jdbc, List<List<Object>> keys, long cutoff);
  }

  private final Store store;
  private final Clock clock;
  private final RetentionProperties properties;
  private final CounterRollup counters;
  private final SurveyCountCleanup surveys;
  private final Breath breath;

  /**
   * Rows of each table that this run, and the transaction under way, have removed.
   *
   * <p>Of one run at a time.
   */
  private final Map<String, Long> removed = new LinkedHashMap<>();

  private final Map<String, Long> removing = new LinkedHashMap<>();

  Retention(Store store, Clock clock, RetentionProperties properties) {
    this.store = store;
    this.clock = clock;
    this.properties = properties;
    this.breath = new Breath(properties.pause());
    this.counters = new CounterRollup(store, clock, properties, breath);
    this.surveys = new SurveyCountCleanup(store, clock, properties, breath);
  }

  /**
   * Removes all that may go by now.
   *
   * @return how many rows of each table were removed; tables without any are left out
   * @throws StoreUnavailableException if the store failed in between; what was removed before stays
   *     removed, and {@link #removedSoFar()} tells it
   */
  synchronized Map<String, Long> run() {
    removed.clear();
    walk(EVENTS, properties.events(), this::removeEvents);
    walk(DELIVERIES, properties.deliveries(), (jdbc, keys, cutoff) -> removeDeliveries(jdbc, keys));
    walk(REQUESTS, properties.requests(), this::removeRequests);
    walk(
        SET_ASIDE,
        properties.setAside(),
        (jdbc, keys, cutoff) -> delete(jdbc, "set_aside", "id", ids(keys)));
    walk(
        REFUSALS,
        properties.refusals(),
        (jdbc, keys, cutoff) -> delete(jdbc, "refusal", "id", ids(keys)));
    walk(
        RUNS,
        properties.runs(),
        (jdbc, keys, cutoff) -> delete(jdbc, "operation", "id", ids(keys)));
    walk(AUDIT, properties.audit(), (jdbc, keys, cutoff) -> delete(jdbc, "audit", "id", ids(keys)));
    walk(VERSIONS, properties.destinationVersions(), Retention.this::removeVersions);
    counters.run();
    surveys.run();
    return removedSoFar();
  }

  synchronized Map<String, Long> removedSoFar() {
    return new LinkedHashMap<>(removed);
  }

  private void walk(Table table, Duration keep, Remove remove) {
    var cutoff = clock.instant().minus(keep).toEpochMilli();
    var from = beginning(table);
    while (breath.goesOn()) {
      var parameters = parameters(cutoff, from);
      parameters.put("rows", properties.step());
      var found = find(table, parameters);
      if (found.isEmpty()) {
        return;
      }
      from = found.get(found.size() - 1).position();
      if (found.stream().anyMatch(Found::removable)) {
        putPosition(parameters, "to", from);
        remove(table, parameters, cutoff, remove);
        breath.take();
      }
    }
  }

  private record Found(List<Object> position, long size, boolean removable) {}

  private List<Found> find(Table table, Map<String, Object> parameters) {
    var found =
        store.read(
            jdbc ->
                new NamedParameterJdbcTemplate(jdbc)
                    .query(
                        table.find(),
                        parameters,
                        (row, n) ->
                            new Found(
                                position(table, row),
                                row.getLong("size"),
                                row.getInt("removable") == 1)));
    long size = 0;
    for (var i = 0; i < found.size(); i++) {
      size += found.get(i).removable() ? found.get(i).size() : 0;
      if (size >= LARGEST_STEP) {
        return found.subList(0, i + 1);
      }
    }
    return found;
  }

  private void remove(Table table, Map<String, Object> parameters, long cutoff, Remove remove) {
    removing.clear();
    store.write(
        transaction -> {
          var jdbc = new NamedParameterJdbcTemplate(transaction);
          var keys =
              jdbc.query(
                  table.take(store.dialect()),
                  parameters,
                  (row, n) -> {
                    var position = position(table, row);
                    return position.subList(1, position.size());
                  });
          remove.remove(jdbc, keys, cutoff);
          return null;
        });
    removing.forEach((name, rows) -> removed.merge(name, rows, Long::sum));
  }

  private static List<Object> position(Table table, java.sql.ResultSet row)
      throws java.sql.SQLException {
    var position = new ArrayList<Object>();
    position.add(row.getLong(table.age()));
    for (var column : table.key()) {
      position.add(column.equals("id") ? (Object) row.getLong(column) : row.getString(column));
    }
    return position;
  }

  private static List<Object> beginning(Table table) {
    var position = new ArrayList<Object>();
    position.add(Long.MIN_VALUE);
    for (var column : table.key()) {
      position.add(column.equals("id") ? (Object) Long.MIN_VALUE : "");
    }
    return position;
  }

  private static Map<String, Object> parameters(long cutoff, List<Object> from) {
    var parameters = new HashMap<String, Object>();
    parameters.put("cutoff", cutoff);
    putPosition(parameters, "from", from);
    return parameters;
  }

  private static void putPosition(
      Map<String, Object> parameters, String name, List<Object> position) {
    for (var i = 0; i < position.size(); i++) {
      parameters.put(name + i, position.get(i));
    }
  }

  /** An event that someone sends again meanwhile keeps its delivery, and so it stays. */
  private void removeEvents(NamedParameterJdbcTemplate jdbc, List<List<Object>> keys, long cutoff) {
    var events = ids(keys);
    removeDeliveries(
        jdbc,
        take(
            jdbc,
            "SELECT d.id FROM delivery d WHERE d.event_id IN (:ids) AND d." + DELIVERY_ENDED,
            events,
            cutoff));
    for (var some : lists(events)) {
      count(
          "event",
          jdbc.update(
              "DELETE FROM event WHERE id IN (:ids) AND NOT EXISTS (SELECT 1 FROM delivery d WHERE"
                  + " d.event_id = event.id)",
              Map.of("ids", some)));
    }
  }

  private void removeDeliveries(NamedParameterJdbcTemplate jdbc, List<List<Object>> keys) {
    delete(jdbc, "attempt", "delivery_id", ids(keys));
    delete(jdbc, "delivery", "id", ids(keys));
  }

  private void removeRequests(
      NamedParameterJdbcTemplate jdbc, List<List<Object>> keys, long cutoff) {
    var ended =
        ids(
            take(
                jdbc,
                "SELECT i.request_id FROM inbox i WHERE i.request_id IN (:ids) AND i."
                    + REQUEST_ENDED
                    + " AND i.finished_at < :cutoff",
                ids(keys),
                cutoff));
    delete(jdbc, "inbox", "request_id", ended);
    delete(jdbc, "request", "id", ended);
    // One row each: said once.
    removing.remove("inbox");
  }

  private void removeVersions(
      NamedParameterJdbcTemplate jdbc, List<List<Object>> keys, long cutoff) {
    for (var key : keys) {
      count(
          "destination_version",
          jdbc.update(
              "DELETE FROM destination_version WHERE destination = :destination AND subject ="
                  + " :subject",
              Map.of("destination", key.get(0), "subject", key.get(1))));
    }
  }

  /** Rows of another table that go along, as far as nobody holds them. */
  private List<List<Object>> take(
      NamedParameterJdbcTemplate jdbc, String select, List<Object> ids, long cutoff) {
    var taken = new ArrayList<List<Object>>();
    for (var some : lists(ids)) {
      taken.addAll(
          jdbc.query(
              select + store.dialect().claimSuffix(),
              Map.of("ids", some, "cutoff", cutoff),
              (row, n) -> List.of((Object) row.getLong(1))));
    }
    return taken;
  }

  private void delete(
      NamedParameterJdbcTemplate jdbc, String table, String column, List<Object> ids) {
    for (var some : lists(ids)) {
      count(
          table,
          jdbc.update(
              "DELETE FROM " + table + " WHERE " + column + " IN (:ids)", Map.of("ids", some)));
    }
  }

  private void count(String table, int rows) {
    if (rows > 0) {
      removing.merge(table, (long) rows, Long::sum);
    }
  }

  private static List<Object> ids(List<List<Object>> keys) {
    return keys.stream().map(key -> key.get(0)).toList();
  }

  private static List<List<Object>> lists(List<Object> ids) {
    if (ids.isEmpty()) {
      return Collections.emptyList();
    }
    return IntStream.rangeClosed(0, (ids.size() - 1) / LONGEST_LIST)
        .mapToObj(i -> ids.subList(i * LONGEST_LIST, Math.min(ids.size(), (i + 1) * LONGEST_LIST)))
        .toList();
  }

  /** Ends a run after the step under way. */
  @Override
  public void close() {
    breath.close();
  }
}
