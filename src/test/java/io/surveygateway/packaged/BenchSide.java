package io.surveygateway.packaged;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One of those that a benchmark compares: a receiver with its store, running. */
final class BenchSide implements AutoCloseable {

  private static final Pattern NUMBER =
      Pattern.compile("\"response\":\\{\"id\":\"[^\"]*([0-9]{" + LoadProcess.DIGITS + "})\"");

  final String name;
  final int port;
  private final ProcessHandle receiver;
  private final @Nullable DurablePostgres postgres;
  private final AutoCloseable process;
  private final Connection store;
  private final String newBodies;
  private long lastBody;

  private BenchSide(
      String name,
      int port,
      ProcessHandle receiver,
      @Nullable DurablePostgres postgres,
      String url,
      String newBodies,
      AutoCloseable process)
      throws SQLException {
    this.name = name;
    this.port = port;
    this.receiver = receiver;
    this.postgres = postgres;
    this.process = process;
    this.store = DriverManager.getConnection(url);
    this.newBodies = newBodies;
  }

  /**
   * The packaged gateway.
   *
   * @param postgres its store; null: the embedded SQLite
   * @param isMapping whether it goes on with what it has accepted; else Popsee is paused
   * @param jar of another build, to compare with; null: the one that was built
   */
  static BenchSide gateway(
      Map<String, String> environment,
      @Nullable DurablePostgres postgres,
      boolean isMapping,
      @Nullable Path jar)
      throws Exception {
    var all = new HashMap<>(environment);
    if (postgres != null) {
      all.put("DATABASE_URL", postgres.jdbcUrl());
    }
    var gateway = new PackagedGateway(all);
    if (jar != null) {
      gateway.runBy("-jar", jar.toString());
    }
    gateway.start();
    if (!isMapping) {
      pausePopsee(gateway);
    }
    return new BenchSide(
        (jar == null ? "gateway, " : "other gateway, ")
            + (postgres == null ? "SQLite" : "PostgreSQL"),
        URI.create(gateway.webhooks).getPort(),
        gateway.process(),
        postgres,
        postgres == null ? gateway.database() : postgres.jdbcUrl(),
        "SELECT id, body FROM request WHERE id > ? ORDER BY id",
        gateway);
  }

  private static void pausePopsee(PackagedGateway gateway) throws Exception {
    var user = Base64.getEncoder().encodeToString(("admin:" + Others.PASSWORD).getBytes(US_ASCII));
    var answer =
        gateway.send(
            HttpRequest.newBuilder(URI.create(gateway.console + "/api/providers/popsee/pause"))
                .header("Authorization", "Basic " + user)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"because\": \"acceptance is measured alone\"}")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  static BenchSide reference(String secret) throws Exception {
    var postgres = new DurablePostgres();
    var receiver = new ReferenceReceiver(postgres, secret);
    return new BenchSide(
        receiver.name,
        receiver.port,
        receiver.process(),
        postgres,
        postgres.jdbcUrl(),
        "SELECT CAST(right(event_id, 12) AS BIGINT), body FROM webhook WHERE event_id >"
            + " 'b6f1d3aa-2f57-4d0a-8c7f-' || lpad(CAST(? AS TEXT), 12, '0') ORDER BY event_id",
        receiver);
  }

  /** Of the receiver and its database. */
  Duration processorTime() throws Exception {
    var own = ProcessUsage.processorTime(receiver);
    return postgres == null ? own : own.plus(ProcessUsage.processorTime(postgres.process()));
  }

  /** Of the receiver. */
  long residentMegabytes() throws Exception {
    return ProcessUsage.residentMegabytes(receiver);
  }

  /** Flushes of the database so far; NaN where nobody counts them. */
  double flushes() throws SQLException {
    return postgres == null ? Double.NaN : postgres.flushes();
  }

  /**
   * @throws AssertionError if one of these requests is not in the store
   */
  void holds(BitSet accepted) throws SQLException {
    var stored = new BitSet();
    try (var select = store.prepareStatement(newBodies)) {
      select.setLong(1, lastBody);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          lastBody = rows.getLong(1);
          var number = NUMBER.matcher(new String(rows.getBytes(2), ISO_8859_1));
          if (number.find()) {
            stored.set(Integer.parseInt(number.group(1)));
          }
        }
      }
    }
    var missing = (BitSet) accepted.clone();
    missing.andNot(stored);
    assertThat(missing.cardinality()).as("answered 200 and not in the store of " + name).isZero();
  }

  /** Deliveries that have arrived so far; one look at a few rows. */
  long delivered() throws SQLException {
    try (var statement = store.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT COALESCE(SUM(added), 0) FROM counter WHERE span = 'ever' AND name ="
                    + " 'deliveries_delivered'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws Exception {
    store.close();
    process.close();
    if (postgres != null) {
      postgres.close();
    }
  }
}
