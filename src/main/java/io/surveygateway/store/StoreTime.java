package io.surveygateway.store;

import java.time.Clock;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The exact time that leases, dates and rates go by: the database's where gateways share one, read
 * in the transaction that decides; else that of the process's clock. Milliseconds since 1970.
 *
 * <p>A gateway whose own clock is wrong, or that was suspended, neither takes nor keeps by it what
 * is another's. Safe for use by many threads.
 */
final class StoreTime {

  static final String DATABASE_MICROS =
      "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000000) AS BIGINT)";

  // Of the statement's start: an index can be searched by it, by clock_timestamp() it cannot.
  private static final String STATEMENT_MILLIS =
      "CAST(floor(extract(epoch FROM statement_timestamp()) * 1000) AS BIGINT)";

  private final Clock clock;
  private final boolean isDatabases;

  StoreTime(Clock clock) {
    this.clock = clock;
    this.isDatabases = clock instanceof DatabaseClock;
  }

  /** SQL for the time at which the statement begins; {@link #values} are its parameters. */
  String sql() {
    return isDatabases ? STATEMENT_MILLIS : "CAST(? AS BIGINT)";
  }

  List<Object> values() {
    return isDatabases ? List.of() : List.of(clock.millis());
  }

  /** Asks for it, where it is the database's. */
  long now(JdbcTemplate jdbc) {
    return isDatabases
        ? jdbc.queryForObject("SELECT " + STATEMENT_MILLIS, Long.class)
        : clock.millis();
  }
}
