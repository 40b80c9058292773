package io.surveygateway;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Open deliveries to one destination, put into a store by SQL, as if the destination had been away
 * for hours.
 *
 * <p>A tenth belongs to a single response: its first one is tried again in an hour, and the others,
 * which wait behind it, have been due for longest of all. The rest is each the only one of its
 * response; half of them have been tried. All but that one are due.
 */
public final class Backlog {

  /** The response that a tenth belongs to. */
  public static final String LONG_SUBJECT = "backlog:long";

  private static final long HOUR = 3_600_000;

  private static final String NUMBERS =
      "WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < %d - 1) ";

  private static final String EVENTS =
      NUMBERS
          + "INSERT INTO event (id, provider, event_key, request_id, type, subject, survey_id,"
          + " event_time, created_at, document) SELECT %d + n, provider, 'backlog-' || n,"
          + " request_id, type, CASE WHEN n < %d THEN '%s' ELSE 'backlog:' || n END, survey_id,"
          + " %d + n, %d + n, document FROM number JOIN event ON id = %d";

  private static final String DELIVERIES =
      NUMBERS
          + ", tried(n, state, attempts, due_at) AS (SELECT n, CASE WHEN n = 0 OR n >= %2$d AND n %%"
          + " 2 = 0 THEN 'retrying' ELSE 'waiting' END, CASE WHEN n = 0 OR n >= %2$d AND n %% 2 = 0"
          + " THEN 3 ELSE 0 END, CASE WHEN n = 0 THEN %3$d WHEN n < %2$d THEN %4$d ELSE %5$d END + n"
          + " FROM number) INSERT INTO delivery (id, event_id, destination, subject, event_time,"
          + " state, due_at, attempts, created_at) SELECT %6$d + n, e.id, '%7$s', e.subject,"
          + " e.event_time, state, due_at, attempts, e.created_at FROM tried JOIN event e ON e.id ="
          + " %8$d + n";

  private static final String COUNTS =
      "INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken) VALUES ('ever',"
          + " 'deliveries_made', '%s', 0, '', 0, %d, 0) ON CONFLICT (span, name, lane, bucket,"
          + " detail, shard) DO UPDATE SET added = counter.added + excluded.added";

  private Backlog() {}

  /**
   * @param connection to a store whose gateway does not run, or has not yet reserved ids
   * @param event that they are to deliver: each a copy of it, but for key, subject and time
   * @param deliveries how many, a multiple of ten
   * @param now milliseconds since 1970
   */
  public static void fill(
      Connection connection, long event, String destination, int deliveries, long now)
      throws SQLException {
    try (var statement = connection.createStatement()) {
      long first;
      try (var rows =
          statement.executeQuery(
              "UPDATE id_block SET next_id = next_id + %d WHERE name = 'gateway' RETURNING next_id"
                  .formatted(2 * deliveries))) {
        rows.next();
        first = rows.getLong(1) - 2L * deliveries;
      }
      var ofOne = deliveries / 10;
      var made = now - 10 * HOUR;
      statement.execute(
          EVENTS.formatted(deliveries, first, ofOne, LONG_SUBJECT, made, made, event));
      var filled =
          statement.executeUpdate(
              DELIVERIES.formatted(
                  deliveries,
                  ofOne,
                  now + HOUR,
                  made,
                  made + HOUR,
                  first + deliveries,
                  destination,
                  first));
      if (filled != deliveries) {
        throw new IllegalStateException(
            "Expected to make "
                + deliveries
                + " deliveries of event "
                + event
                + ", made "
                + filled);
      }
      statement.execute(COUNTS.formatted(destination, deliveries));
    }
  }
}
