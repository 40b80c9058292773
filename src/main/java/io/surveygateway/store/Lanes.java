package io.surveygateway.store;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.LaneState.Probe;
import io.surveygateway.store.LaneState.Trouble;
import io.surveygateway.store.Pauses.Pause;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The table of what gateways share of each destination.
 *
 * <p>Read and written within a transaction that entered the lane: over all gateways one after the
 * other. Safe for use by many threads.
 */
final class Lanes {

  private final Dialect dialect;
  private final StoreTime time;

  Lanes(Dialect dialect, StoreTime time) {
    this.dialect = dialect;
    this.time = time;
  }

  /** Lets nobody else into the lane until the transaction ends, and reads it; one round trip. */
  LaneState enter(JdbcTemplate jdbc, String lane) {
    List<Object> values = new ArrayList<>(dialect.oneAtATimeValues(lane));
    values.addAll(time.values());
    values.add(lane);
    return Objects.requireNonNull(
        jdbc.execute(
            dialect.oneAtATime()
                + "SELECT "
                + time.sql()
                + " AS now, l.*, d.lease_until FROM (SELECT 1 AS one) o LEFT JOIN lane l ON l.name ="
                + " ? LEFT JOIN delivery d ON d.id = l.probe_delivery",
            (PreparedStatement statement) -> read(statement, values)));
  }

  private LaneState read(PreparedStatement statement, List<Object> values) throws SQLException {
    for (var i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
    statement.execute();
    if (!dialect.oneAtATime().isEmpty()) {
      // The lock's own answer.
      statement.getMoreResults();
    }
    try (var row = statement.getResultSet()) {
      row.next();
      return state(row);
    }
  }

  private static LaneState state(ResultSet row) throws SQLException {
    var now = instant(row, "now");
    if (row.getString("name") == null) {
      return LaneState.free(now);
    }
    return new LaneState(
        now,
        row.getObject("paused_at") == null
            ? null
            : new Pause(
                row.getString("name"),
                instant(row, "paused_at"),
                row.getString("paused_by"),
                row.getString("paused_because")),
        instant(row, "resumed_at"),
        instant(row, "next_at"),
        trouble(row),
        row.getObject("probe_delivery") == null
            ? null
            : new Probe(row.getLong("probe_delivery"), instant(row, "lease_until")));
  }

  private static @Nullable Trouble trouble(ResultSet row) throws SQLException {
    var kind = row.getString("trouble");
    return kind == null
        ? null
        : new Trouble(
            Failure.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
            row.getString("trouble_reason"),
            row.getInt("trouble_times"),
            instant(row, "tries_at"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  /** Writes all but the pause, which only a person changes. */
  void save(JdbcTemplate jdbc, String lane, LaneState state) {
    var trouble = state.trouble();
    jdbc.update(
        "INSERT INTO lane (name, next_at, trouble, trouble_reason, trouble_times, tries_at,"
            + " probe_delivery) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET next_at"
            + " = excluded.next_at, trouble = excluded.trouble, trouble_reason ="
            + " excluded.trouble_reason, trouble_times = excluded.trouble_times, tries_at ="
            + " excluded.tries_at, probe_delivery = excluded.probe_delivery",
        lane,
        state.nextAt().toEpochMilli(),
        trouble == null ? null : trouble.kind().name().toLowerCase(Locale.ROOT),
        trouble == null ? null : trouble.reason(),
        trouble == null ? 0 : trouble.times(),
        trouble == null ? 0 : trouble.triesAt().toEpochMilli(),
        state.probe() == null ? null : state.probe().delivery());
  }
}
