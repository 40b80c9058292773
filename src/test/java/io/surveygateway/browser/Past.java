package io.surveygateway.browser;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Lets time pass for what an embedded store holds: everything in it happened earlier by so much.
 *
 * <p>So that pages can be looked at as they are after a day, without waiting for one. When
 * something happened at its provider stays as that said. Meant for moments when nothing is under
 * way.
 */
final class Past {

  /** Where the store keeps times, in milliseconds. */
  private static final Map<String, List<String>> TIMES =
      Map.of(
          "request", List.of("received_at"),
          "inbox", List.of("due_at", "finished_at"),
          "set_aside", List.of("created_at"),
          "event", List.of("created_at"),
          "delivery", List.of("due_at", "created_at", "finished_at"),
          "attempt", List.of("started_at"),
          "destination_version", List.of("raised_at"),
          "refusal", List.of("refused_at"),
          "audit", List.of("at"));

  private final String database;

  /**
   * @param database address for JDBC
   */
  Past(String database) {
    this.database = database;
  }

  /**
   * @param ago whole minutes, as counts are kept by the minute
   */
  void becomes(Duration ago) {
    try (var connection = connect()) {
      connection.setAutoCommit(false);
      for (var table : TIMES.entrySet()) {
        for (var column : table.getValue()) {
          move(connection, table.getKey(), column, "", ago);
        }
      }
      // In two steps, or one minute would meet another on its way.
      move(connection, "counter", "bucket", "span = 'minute'", ago.plusDays(100_000));
      move(connection, "counter", "bucket", "span = 'minute'", Duration.ofDays(-100_000));
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void move(
      Connection connection, String table, String column, String which, Duration ago)
      throws SQLException {
    var sql =
        "UPDATE %s SET %s = %s - ? %s"
            .formatted(table, column, column, which.isEmpty() ? "" : "WHERE " + which);
    try (var update = connection.prepareStatement(sql)) {
      update.setLong(1, ago.toMillis());
      update.executeUpdate();
    }
  }

  /** The number that a query gives. */
  long count(String sql) {
    try (var connection = connect();
        var rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(database + "?busy_timeout=20000");
  }
}
