package io.surveygateway;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a gateway of some size has stored in a month, put into its store by SQL: requests with their
 * bodies, events of four providers, deliveries in every state with their attempts, what is waiting
 * for a destination that is dead, set-aside items, refusals, runs, and the counts of all of it and
 * of each survey.
 *
 * <p>Of each hundred events 80 are completed responses, 12 change one of these, 6 are disqualified
 * and 2 are unknown, and sent nowhere. Of a thousand deliveries about 5 are superseded, and one
 * each is parked and cancelled. The same numbers give the same rows. The business database gets
 * none.
 */
public final class History {

  /** The destination that is dead. */
  public static final String DEAD = "salesforce";

  private static final long SPAN = Duration.ofDays(29).toMillis();
  private static final int CHUNK = 50_000;

  /** Ids of one event: its own, its request's, and those of three deliveries and attempts. */
  private static final int IDS = 10;

  /** Each event by its number, and what else is made of it. */
  private static final String EVENTS =
      """
      WITH RECURSIVE number(n) AS (
        SELECT $from UNION ALL SELECT n + 1 FROM number WHERE n < $to - 1),
      kind(n, id, at, provider, type, response) AS (
        SELECT n, $first + 10 * CAST(n AS BIGINT), $start + CAST(n AS BIGINT) * $apart,
          CASE WHEN n % 20 < 12 THEN 'popsee' WHEN n % 20 < 17 THEN 'smartsurvey'
            WHEN n % 20 < 19 THEN 'surveymonkey' ELSE 'typeform' END,
          CASE WHEN n % 100 < 80 THEN 'survey.response.completed'
            WHEN n % 100 < 92 THEN 'survey.response.updated'
            WHEN n % 100 < 98 THEN 'survey.response.disqualified' ELSE 'survey.unknown' END,
          CASE WHEN n % 100 BETWEEN 80 AND 91 THEN n - 40 ELSE n END
        FROM number),
      made(n, id, at, provider, type, subject, survey, email, status, nps, first_at) AS (
        SELECT n, id, at, provider, type, provider || ':6f1d3aa0-2f57-4d0a-8c7f-' || response,
          'survey-' || (response % 50),
          CASE WHEN n % 4 = 3 THEN NULL ELSE 'r' || (response % 400000) || '@example.org' END,
          CASE type WHEN 'survey.unknown' THEN NULL
            WHEN 'survey.response.disqualified' THEN 'disqualified' ELSE 'completed' END,
          CASE WHEN n % 100 < 92 THEN response % 11 END,
          CASE WHEN n % 100 < 98 THEN $start + CAST(response AS BIGINT) * $apart END
        FROM kind)
      """;

  /** As long as Popsee's and its canonical form are, with what they hold. */
  private static final String BODY =
      """
      '{"event":"response.completed","timestamp":"2026-03-02T09:16:55.000Z","origin":"web","survey":{"id":"'
      || survey || '","name":"Checkout feedback"},"response":{"id":"' || subject || '","answers":[{'
      || '"questionId":"q-recommend","value":9},{"questionId":"q-comment","value":"Quick and kind, and'
      || ' the parcel was there a day early"}],"customParams":{"plan":"pro","email":"'
      || COALESCE(email, '') || '"},"pageUrl":"https://shop.example.org/checkout"}}'
      """;

  private static final String DOCUMENT =
      """
      '{"specversion":"1.0","id":"' || n || '","source":"/providers/' || provider || '","type":"' || type
      || '","subject":"' || subject || '","time":"2026-03-02T09:16:55.000Z","datacontenttype":'
      || '"application/json","dataschema":"urn:survey-gateway:survey-event:1","data":{"key":"' || subject
      || '","provider":"' || provider || '","id":"' || n || '","status":"completed","survey":{"id":"'
      || survey || '","title":"Checkout feedback"},"respondent":{"email":"'
      || COALESCE(email, 'nobody@example.org') || '"},"answers":[{"questionId":"q-recommend",'
      || '"position":1,"type":"number","value":9,"text":"9"},{"questionId":"q-comment","position":2,'
      || '"type":"text","value":"Quick and kind, and the parcel was there a day early","text":'
      || '"Quick and kind, and the parcel was there a day early"}],"attributes":{"origin":"web",'
      || '"plan":"pro"}}}'
      """;

  private static final List<String> ROWS =
      List.of(
          """
          INSERT INTO request (id, provider, path, content_type, proved_by, received_at, size, body)
          $events SELECT id + 1, provider, '', 'application/json', 'hmac', at, length($body),
            CAST($body AS $bytes) FROM made
          """,
          """
          INSERT INTO inbox (request_id, provider, state, size, due_at, attempts, failure_kind, reason,
            events, finished_at)
          $events SELECT id + 1, provider, CASE WHEN n % 2000 = 11 THEN 'parked' ELSE 'done' END, 500,
            at, 1, CASE WHEN n % 2000 = 11 THEN 'permanent' END,
            CASE WHEN n % 2000 = 11 THEN 'Expected a response, and got a list' END, 1, at + 100
            FROM made
          """,
          """
          INSERT INTO event (id, provider, event_key, request_id, type, subject, survey_id, event_time,
            created_at, document, email, external_id, status, nps, first_at)
          $events SELECT id, provider, 'history|' || n, id + 1, type, subject, survey, at, at,
            $document, email, CASE WHEN n % 10 = 0 THEN 'C-' || (n % 90000) END, status, nps, first_at
            FROM made
          """,
          """
          INSERT INTO delivery (id, event_id, destination, subject, event_time, state, due_at,
            attempts, failure_kind, reason, external_reference, created_at, finished_at)
          $events, way(step, destination) AS (
            SELECT 2, 'database' UNION ALL SELECT 3, '$dead' UNION ALL SELECT 4, 'slack'),
          sent(id, event, step, destination, subject, at, state) AS (
            SELECT id + step, id, step, destination, subject, at,
              CASE WHEN destination = '$dead' AND n >= $waiting
                  THEN CASE WHEN n % 2 = 0 THEN 'retrying' ELSE 'waiting' END
                WHEN (n + step) % 1000 = 7 THEN 'parked' WHEN (n + step) % 1000 = 8 THEN 'cancelled'
                WHEN (n + step) % 200 = 9 THEN 'superseded'
                WHEN destination = 'slack' AND n % 20 = 10 THEN 'skipped' ELSE 'delivered' END
            FROM made JOIN way ON type = 'survey.response.completed'
              OR type <> 'survey.unknown' AND destination <> 'slack')
          SELECT id, event, destination, subject, at, state, at,
            CASE state WHEN 'retrying' THEN 3 WHEN 'delivered' THEN 1 WHEN 'parked' THEN 1 ELSE 0 END,
            CASE state WHEN 'retrying' THEN 'transient' WHEN 'parked' THEN 'permanent' END,
            CASE state WHEN 'retrying' THEN 'No connection' WHEN 'parked'
              THEN 'No such field: Survey_Title__c' WHEN 'skipped' THEN 'Its settings are missing' END,
            CASE WHEN state = 'delivered' AND step = 3 THEN 'a00' || id END, at,
            CASE WHEN state NOT IN ('waiting', 'retrying') THEN at + 2000 END FROM sent
          """,
          """
          INSERT INTO attempt (id, delivery_id, number, started_at, duration_ms, outcome, failure_kind,
            reason)
          SELECT id + 3, id, attempts, due_at, 120, state, failure_kind, reason FROM delivery
            WHERE attempts > 0 AND id BETWEEN $first + 10 * CAST($from AS BIGINT)
              AND $first + 10 * CAST($to AS BIGINT) - 1
          """,
          """
          INSERT INTO destination_version (destination, subject, event_time, raised_at)
          SELECT destination, subject, MAX(event_time), MAX(finished_at) FROM delivery
            WHERE state = 'delivered' AND id BETWEEN $first + 10 * CAST($from AS BIGINT)
              AND $first + 10 * CAST($to AS BIGINT) - 1
            GROUP BY destination, subject
          ON CONFLICT (destination, subject) DO UPDATE SET event_time = excluded.event_time
          """,
          """
          INSERT INTO set_aside (id, request_id, provider, item, reason, created_at)
          $events SELECT id + 8, id + 1, provider, 0, 'Expected a response with an id', at FROM made
            WHERE n % 1000 = 500
          """,
          """
          INSERT INTO refusal (id, refused_at, provider, path, status, cause)
          $events SELECT id + 9, at, provider, '', 401, 'Its signature does not match' FROM made
            WHERE n % 200 = 100
          """,
          """
          INSERT INTO operation (id, action, state, asked_by, prepared_at, finished_at, filter,
            destinations, matches, matches_more, not_possible)
          $events SELECT id + 9, 'retry', 'done', 'admin', at, at, '{}', '[]', 3, 0, '{}' FROM made
            WHERE n % 5000 = 1
          """);

  private static final List<String> COUNTS =
      List.of(
          counts("requests_accepted", "provider", "received_at", "request", "1 = 1"),
          counts("requests_done", "provider", "finished_at", "inbox", "state = 'done'"),
          counts("requests_parked", "provider", "finished_at", "inbox", "state = 'parked'"),
          counts("events_stored", "provider", "created_at", "event", "1 = 1"),
          counts("deliveries_made", "destination", "created_at", "delivery", "1 = 1"),
          counts("deliveries_delivered", "destination", "finished_at", "delivery", is("delivered")),
          counts("deliveries_parked", "destination", "finished_at", "delivery", is("parked")),
          counts("deliveries_skipped", "destination", "finished_at", "delivery", is("skipped")),
          counts(
              "deliveries_superseded", "destination", "finished_at", "delivery", is("superseded")),
          counts("deliveries_cancelled", "destination", "finished_at", "delivery", is("cancelled")),
          surveys("quarter", 900_000, "0"),
          surveys("minute", 60_000, "$lately"),
          surveys("ever", 0, "0"));

  private History() {}

  private static String is(String state) {
    return "state = '" + state + "'";
  }

  /** Since ever, of the hours, and of the minutes of the last two days. */
  private static String counts(
      String name, String lane, String time, String table, String condition) {
    return """
    INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)
    SELECT span, '%1$s', %2$s, CASE length WHEN 0 THEN 0 ELSE %3$s - %3$s %% length END, '', 0,
      count(*), 0
    FROM %4$s JOIN (SELECT 'ever' AS span, 0 AS length, 0 AS since
        UNION ALL SELECT 'hour', 3600000, 0 UNION ALL SELECT 'minute', 60000, $recent) spans
      ON %3$s >= since
    WHERE %5$s GROUP BY span, %2$s, CASE length WHEN 0 THEN 0 ELSE %3$s - %3$s %% length END
    ON CONFLICT (span, name, lane, bucket, detail, shard) DO UPDATE SET added = excluded.added
    """
        .formatted(name, lane, time, table, condition);
  }

  /** Of responses, by when their first event was kept; those that changed stayed what they were. */
  private static String surveys(String span, int length, String since) {
    var bucket = length == 0 ? "0" : "created_at - created_at %% %d".formatted(length);
    return """
    INSERT INTO survey_count
    SELECT '%s', provider, survey_id, %s, 0, COUNT(CASE status WHEN 'completed' THEN 1 END), 0,
      COUNT(CASE status WHEN 'disqualified' THEN 1 END), 0, 0, %s, MAX(created_at), 'Checkout feedback'
    FROM event WHERE first_at = created_at AND created_at >= %s
    GROUP BY provider, survey_id, %s
    ON CONFLICT DO NOTHING
    """
        .formatted(
            span,
            bucket,
            IntStream.rangeClosed(0, 10)
                .mapToObj(score -> "COUNT(CASE nps WHEN %d THEN 1 END)".formatted(score))
                .collect(Collectors.joining(", ")),
            since,
            length == 0 ? "provider" : bucket);
  }

  /**
   * @param connection to a store, with its tables, whose gateway does not run
   * @param events how many
   * @param waiting how many of the newest wait for {@link #DEAD}
   * @param now milliseconds since 1970, when the newest came
   */
  public static void fill(Connection connection, int events, int waiting, long now)
      throws SQLException {
    var isPostgres = connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      long first;
      try (var rows =
          statement.executeQuery(
              "UPDATE id_block SET next_id = next_id + %d WHERE name = 'gateway' RETURNING next_id"
                  .formatted((long) IDS * events))) {
        rows.next();
        first = rows.getLong(1) - (long) IDS * events;
      }
      for (var from = 0; from < events; from += CHUNK) {
        for (var sql : ROWS) {
          statement.execute(
              sql.replace("$events", EVENTS)
                  .replace("$document", DOCUMENT)
                  .replace("$bytes", isPostgres ? "BYTEA" : "BLOB")
                  .replace("$body", BODY)
                  .replace("$dead", DEAD)
                  .replace("$waiting", "" + (events - waiting))
                  .replace("$first", "" + first)
                  .replace("$start", "" + (now - SPAN))
                  .replace("$apart", "" + Math.max(1, SPAN / events))
                  .replace("$from", "" + from)
                  .replace("$to", "" + Math.min(events, from + CHUNK)));
        }
        connection.commit();
      }
      for (var sql : COUNTS) {
        statement.execute(
            sql.replace("$recent", "" + (now - Duration.ofDays(2).toMillis()))
                .replace("$lately", "" + (now - Duration.ofHours(2).toMillis())));
      }
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
    if (isPostgres) {
      // As its own upkeep has done on a store that grew in a month.
      try (var statement = connection.createStatement()) {
        statement.execute("VACUUM (ANALYZE)");
      }
    }
  }
}
