package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A PostgreSQL server of its own that keeps its word: a commit is flushed to disk. */
final class DurablePostgres implements AutoCloseable {

  private final EmbeddedPostgres server;
  private final Path data;
  private final Connection connection;

  DurablePostgres() throws IOException, SQLException {
    data = Files.createTempDirectory(Path.of("target"), "postgres").toAbsolutePath();
    server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(true)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .start();
    connection = DriverManager.getConnection(jdbcUrl());
    for (var setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      assertThat(text("SHOW " + setting)).as(setting).isEqualTo("on");
    }
  }

  /** For Java, user included. */
  String jdbcUrl() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /** For others. */
  String url() {
    return "postgres://postgres@127.0.0.1:" + server.getPort() + "/postgres";
  }

  /** The server's first process, of which all others are children. */
  ProcessHandle process() throws IOException {
    var pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /** How often it has flushed its log so far. */
  long flushes() throws SQLException {
    return Long.parseLong(text("SELECT wal_sync FROM pg_stat_wal"));
  }

  private String text(String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    connection.close();
    server.close();
  }
}
