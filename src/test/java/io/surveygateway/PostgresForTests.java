package io.surveygateway;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL for tests: one server for the whole run, started when first asked for.
 *
 * <p>Needs no installation and no Docker. Everyone takes a database of their own.
 */
public final class PostgresForTests {

  private static final AtomicInteger taken = new AtomicInteger();

  private PostgresForTests() {}

  /** JDBC address of a new, empty database, user included. */
  public static String newDatabase() {
    var name = "test_" + taken.incrementAndGet();
    try (var connection = Server.INSTANCE.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot create " + name, e);
    }
    return Server.INSTANCE.getJdbcUrl("postgres", name);
  }

  private static final class Server {

    static final EmbeddedPostgres INSTANCE = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            // A test's data need not outlive a power cut.
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "off")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
