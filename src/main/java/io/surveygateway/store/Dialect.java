package io.surveygateway.store;

import com.zaxxer.hikari.HikariConfig;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** All that differs between the databases that a store can be. */
public enum Dialect {
  /**
   * One file, one process. WAL with {@code synchronous=FULL}: a commit is on disk when it returns.
   * Source: sqlite.org/pragma.html, "PRAGMA synchronous"; sqlite.org/wal.html.
   */
  SQLITE("BLOB", "", " LIKE ? ESCAPE '!'") {
    @Override
    void configure(HikariConfig pool, int connections, boolean readOnly) {
      pool.addDataSourceProperty("journal_mode", "WAL");
      pool.addDataSourceProperty("synchronous", "FULL");
      pool.addDataSourceProperty("busy_timeout", "10000");
      // A deferred transaction that reads before it writes can fail with SQLITE_BUSY at once.
      pool.addDataSourceProperty("transaction_mode", readOnly ? "DEFERRED" : "IMMEDIATE");
      // SQLite has one writer at a time: to queue before it is cheaper than its busy handler.
      pool.setMaximumPoolSize(readOnly ? 4 : 1);
    }

    @Override
    boolean isAboutData(SQLException thrown) {
      // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH; extended codes hold these in the low
      // byte.
      var code = thrown.getErrorCode() & 0xff;
      return code == 18 || code == 19 || code == 20;
    }
  },

  /** Any number of gateways; a claim passes over rows that another one is just taking. */
  POSTGRESQL("BYTEA", " FOR UPDATE SKIP LOCKED", " ILIKE ? ESCAPE '!'") {
    @Override
    void configure(HikariConfig pool, int connections, boolean readOnly) {
      pool.addDataSourceProperty("ApplicationName", "survey-gateway");
      pool.addDataSourceProperty("reWriteBatchedInserts", "true");
      pool.addDataSourceProperty("tcpKeepAlive", "true");
      // A server that is gone without a word must not hold a writer for ever.
      pool.addDataSourceProperty("socketTimeout", "30");
      // Nor may a gateway that is gone, or was suspended in the midst of a transaction, hold its
      // locks: the others would wait for as long as the server takes its connection for alive.
      pool.setConnectionInitSql("SET idle_in_transaction_session_timeout = '15s'");
      pool.setMaximumPoolSize(readOnly ? 4 : connections);
    }

    @Override
    boolean isAboutData(SQLException thrown) {
      var state = thrown.getSQLState();
      return state != null && (state.startsWith("22") || state.startsWith("23"));
    }
  };

  private final String bytesType;
  private final String claimSuffix;
  private final String isLike;

  Dialect(String bytesType, String claimSuffix, String isLike) {
    this.bytesType = bytesType;
    this.claimSuffix = claimSuffix;
    this.isLike = isLike;
  }

  /**
   * @throws IllegalArgumentException if the address belongs to neither
   */
  public static Dialect ofUrl(String url) {
    if (url.startsWith("jdbc:sqlite:")) {
      return SQLITE;
    }
    if (url.startsWith("jdbc:postgresql:")) {
      return POSTGRESQL;
    }
    throw new IllegalArgumentException(
        "Expected a JDBC address of SQLite or PostgreSQL, got one that starts with "
            + url.substring(0, Math.min(url.length(), 12)));
  }

  abstract void configure(HikariConfig pool, int connections, boolean readOnly);

  /** Where one writes at a time the writers are let in one by one; else they are let in at once. */
  DataSource inTurn(DataSource database, Duration longestWait) {
    return this == SQLITE ? new WritersInTurn(database, longestWait) : database;
  }

  /** Whether it is the row that was refused, and not the store that is in trouble. */
  abstract boolean isAboutData(SQLException thrown);

  /**
   * SQL to put before a statement: lets one claim of a lane go after the other, over all gateways.
   * A claim that is not committed yet is unseen by the next, which could then take an older event
   * of the same response. The statement behind it sees what was committed while it waited.
   */
  String oneAtATime() {
    return this == POSTGRESQL ? "SELECT pg_advisory_xact_lock(hashtext(?)); " : "";
  }

  /** Its parameters. */
  List<Object> oneAtATimeValues(String lane) {
    return this == POSTGRESQL ? List.of(lane) : List.of();
  }

  /**
   * Takes row locks in the order of the ids, as every writer does: two that differ can deadlock.
   */
  void lockInOrder(JdbcTemplate jdbc, String table, String id, Collection<Long> ids) {
    if (this == POSTGRESQL) {
      jdbc.query(
          "SELECT 1 FROM %1$s WHERE %2$s IN (%3$s) ORDER BY %2$s FOR UPDATE"
              .formatted(table, id, InboxStore.placeholders(ids.size())),
          row -> {},
          ids.toArray());
    }
  }

  /** Ends the sub-select of a claim. */
  String claimSuffix() {
    return claimSuffix;
  }

  /**
   * Ends a condition: what stands before it is like a pattern, whose {@code !} escapes. Whatever
   * the case of ASCII letters; PostgreSQL knows that of others by its collation.
   */
  String isLike() {
    return isLike;
  }

  Map<String, String> placeholders() {
    var nps = "CAST(" + ofDocument("scores", "nps") + " AS NUMERIC)";
    return Map.of(
        "bytes",
        bytesType,
        "email",
        ofDocument("respondent", "email"),
        "externalId",
        ofDocument("respondent", "externalId"),
        "title",
        ofDocument("survey", "title"),
        "status",
        ofDocument("status"),
        "nps",
        "CAST(" + (this == SQLITE ? nps : "FLOOR(" + nps + ")") + " AS INTEGER)");
  }

  /** A member of an event's data, as text; null where it is missing. */
  private String ofDocument(String... path) {
    return this == SQLITE
        ? "json_extract(document, '$.data." + String.join(".", path) + "')"
        : "(CAST(document AS json) #>> '{data," + String.join(",", path) + "}')";
  }

  static @Nullable SQLException sqlCause(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
