package io.surveygateway;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL for all tests of a JVM, started when first asked for; no Docker, no root. */
public final class PostgresForTests {

  private static final AtomicInteger databases = new AtomicInteger();

  private PostgresForTests() {}

  private static final class Server {
    static final EmbeddedPostgres INSTANCE = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** JDBC address of a new, empty database; its user is {@code postgres}, without a password. */
  public static String newDatabase() {
    var name = "test_" + databases.incrementAndGet();
    try (var connection = Server.INSTANCE.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return Server.INSTANCE.getJdbcUrl("postgres", name);
  }
}
