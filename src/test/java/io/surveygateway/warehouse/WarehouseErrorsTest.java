package io.surveygateway.warehouse;

import static io.surveygateway.failure.Failure.Kind.AUTH;
import static io.surveygateway.failure.Failure.Kind.PERMANENT;
import static io.surveygateway.failure.Failure.Kind.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.surveygateway.PostgresForTests;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.apache.camel.RuntimeCamelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class WarehouseErrorsTest {

  private final WarehouseErrors errors = new WarehouseErrors();

  @ParameterizedTest
  @CsvSource({
    "08006, TRANSIENT", // connection lost
    "53100, TRANSIENT", // disk full
    "53300, TRANSIENT", // too many connections
    "57014, TRANSIENT", // statement cancelled by its time limit
    "57P01, TRANSIENT", // shutting down
    "57P03, TRANSIENT", // starting up
    "58030, TRANSIENT", // I/O error
    "40001, TRANSIENT", // serialization failure
    "40P01, TRANSIENT", // deadlock
    "55P03, TRANSIENT", // lock not available
    "25006, TRANSIENT", // read-only transaction: a fail-over is under way
    "28P01, AUTH", // wrong password
    "28000, AUTH",
    "3D000, AUTH", // no such database
    "42501, AUTH", // no right to the table
    "42P01, AUTH", // no such table
    "42703, AUTH", // no such column
    "22001, PERMANENT", // text too long
    "23505, PERMANENT", // doubled key
    "42601, PERMANENT", // syntax
    "0A000, PERMANENT", // feature not supported
    "54000, PERMANENT", // too large for an index
  })
  void goesByTheSqlState(String state, Failure.Kind kind) {
    assertThat(errors.classify(new SQLException("words", state)).kind()).isEqualTo(kind);
  }

  @Test
  void findsTheOneThatTellsBelowWrappersAndBatches() {
    var batch =
        new BatchUpdateException("Batch entry 0 INSERT … VALUES ('secret')", "23505", 0, null);
    batch.setNextException(new SQLException("ERROR: deadlock detected", "40P01"));

    assertThat(errors.classify(new RuntimeCamelException(new RuntimeException(batch))))
        .isEqualTo(
            Failure.transientFailure("The business database said 40P01: ERROR: deadlock detected"));
  }

  @Test
  void keepsAFailureThatIsUnderstoodAlready() {
    var known = Failure.permanent("not a response");

    assertThat(errors.classify(new RuntimeCamelException(new FailureException(known))))
        .isEqualTo(known);
  }

  @Test
  void parksWhatIsNoDatabaseError() {
    assertThat(errors.classify(new NullPointerException("what jo@example.com wrote")))
        .isEqualTo(
            Failure.permanent(
                "Expected the rows of a response to be written, got NullPointerException"));
  }

  @Test
  void survivesACircleOfCauses() {
    var one = new RuntimeException("one");
    var other = new RuntimeException("other", one);
    one.initCause(other);

    assertThat(errors.classify(one).kind()).isEqualTo(PERMANENT);
  }

  @Test
  void leavesOutTheValuesThatPostgresqlQuotes() throws Exception {
    try (var connection = DriverManager.getConnection(PostgresForTests.newDatabase())) {
      run(connection, "CREATE TABLE t (email text PRIMARY KEY, n numeric)");
      run(connection, "INSERT INTO t VALUES ('jo@example.com', 1)");

      assertThat(thrownBy(connection, "INSERT INTO t VALUES ('jo@example.com', 1)"))
          .isEqualTo(
              Failure.permanent(
                  "The business database said 23505: duplicate key value violates unique"
                      + " constraint \"t_pkey\""));
      assertThat(thrownBy(connection, "INSERT INTO t VALUES ('x', 'jo wrote\nthis')"))
          .isEqualTo(
              Failure.permanent(
                  "The business database said 22P02: invalid input syntax for type numeric:"
                      + " \"…\""));
      assertThat(thrownBy(connection, "SELECT nothing FROM t").reason())
          .startsWith("The business database said 42703: column \"nothing\" does not exist");
    }
  }

  @Test
  void waitsForALockThatAnAnalystHolds() throws Exception {
    var url = PostgresForTests.newDatabase();
    try (var analyst = DriverManager.getConnection(url);
        var gateway = DriverManager.getConnection(url)) {
      run(analyst, "CREATE TABLE t (n integer)");
      analyst.setAutoCommit(false);
      run(analyst, "LOCK TABLE t");
      run(gateway, "SET lock_timeout = 1");

      assertThat(thrownBy(gateway, "INSERT INTO t VALUES (1)"))
          .isEqualTo(
              Failure.transientFailure(
                  "The business database said 55P03: canceling statement due to lock timeout"));
    }
  }

  @Test
  void saysWhichTablesAreExpectedOnPostgresql() throws Exception {
    try (var connection = DriverManager.getConnection(PostgresForTests.newDatabase())) {
      assertThat(thrownBy(connection, "SELECT 1 FROM survey_response"))
          .isEqualTo(
              Failure.auth(
                  "The business database said 42P01: relation \"survey_response\" does not exist."
                      + " Expected the tables survey_response and survey_answer as db/warehouse/"
                      + " describes them: run its SQL file there, and grant the gateway's user"
                      + " access"));
    }
  }

  @Test
  void saysWhichTablesAreExpectedOnSqlite(@TempDir Path folder) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("w.db"))) {
      var failure = thrownBy(connection, "SELECT 1 FROM survey_response");

      assertThat(failure.kind()).isEqualTo(AUTH);
      assertThat(failure.reason())
          .contains("no such table: survey_response", "run its SQL file there");
    }
  }

  @Test
  void waitsForAnotherWriterOfAnSqliteFile(@TempDir Path folder) throws Exception {
    var url = "jdbc:sqlite:" + folder.resolve("w.db") + "?busy_timeout=1";
    try (var analyst = DriverManager.getConnection(url);
        var gateway = DriverManager.getConnection(url)) {
      run(analyst, "CREATE TABLE t (n INTEGER NOT NULL)");
      run(analyst, "BEGIN IMMEDIATE");

      var busy = thrownBy(gateway, "INSERT INTO t VALUES (1)");
      run(analyst, "ROLLBACK");
      var refused = thrownBy(gateway, "INSERT INTO t VALUES (NULL)");

      assertThat(busy.kind()).isEqualTo(TRANSIENT);
      assertThat(busy.reason()).contains("SQLITE_BUSY");
      assertThat(refused.kind()).isEqualTo(PERMANENT);
      assertThat(refused.reason()).contains("SQLITE_CONSTRAINT_NOTNULL");
    }
  }

  @Test
  void retriesWhileTheDatabaseIsAway() throws Exception {
    assertThat(thrownByOpening("jdbc:postgresql://127.0.0.1:1/warehouse?user=x"))
        .extracting(Failure::kind)
        .isEqualTo(TRANSIENT);
  }

  @Test
  void asksForAPersonWhenTheLoginIsRefused() throws Exception {
    var url = PostgresForTests.newDatabase();
    var failure = thrownByOpening(url.replace("user=postgres", "user=nobody_we_know"));

    assertThat(failure.kind()).isEqualTo(AUTH);
    assertThat(failure.reason()).contains("28000");
  }

  /** As a delivery meets it: through pool and transaction. */
  private Failure thrownByOpening(String url) {
    try (var pool = new HikariDataSource()) {
      pool.setJdbcUrl(url);
      pool.setInitializationFailTimeout(-1);
      pool.setConnectionTimeout(1000);
      new TransactionTemplate(new JdbcTransactionManager(pool)).executeWithoutResult(status -> {});
    } catch (RuntimeException e) {
      return errors.classify(e);
    }
    throw new AssertionError("Expected no connection");
  }

  private Failure thrownBy(Connection connection, String sql) {
    try {
      run(connection, sql);
    } catch (SQLException e) {
      return errors.classify(e);
    }
    throw new AssertionError("Expected an error");
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
