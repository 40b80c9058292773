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
    return newDatabase("");
  }

  /**
   * JDBC address of a new database with what is in another one, which nobody may be using now.
   *
   * @param url what {@link #newDatabase()} gave
   */
  public static String copyOf(String url) {
    return newDatabase(" TEMPLATE " + nameIn(url));
  }

  private static String newDatabase(String from) {
    var name = "test_" + taken.incrementAndGet();
    execute("CREATE DATABASE " + name + from);
    return Server.INSTANCE.getJdbcUrl("postgres", name);
  }

  /** Whoever takes many gives them back: the disk would have to write them all. */
  public static void drop(String url) {
    execute("DROP DATABASE " + nameIn(url) + " WITH (FORCE)");
  }

  private static String nameIn(String url) {
    return url.replaceAll("^.*/|[?].*$", "");
  }

  private static void execute(String sql) {
    try (var connection = Server.INSTANCE.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot " + sql, e);
    }
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
