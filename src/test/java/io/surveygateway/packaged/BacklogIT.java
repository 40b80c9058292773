package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.Backlog;
import io.surveygateway.PostgresForTests;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.Sender;
import io.surveygateway.demo.SignedSamples;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * How fast responses reach the business database while Salesforce is down, with 100,000 deliveries
 * that wait for it and without.
 *
 * <p>Two gateways take turns, so that whatever else the machine does meets both. Run by profile
 * {@code bench}; system properties {@code bench.rounds} and {@code bench.requests} make it longer.
 */
class BacklogIT {

  private static final int BACKLOG = 100_000;
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 9);
  private static final int REQUESTS = Integer.getInteger("bench.requests", 200);
  private static final int SENDERS = 8;

  /** What is measured is printed, for people to judge; this is what no busy machine explains. */
  private static final double GROSS = 0.5;

  private final Others others = new Others();
  private final List<Side> sides = new ArrayList<>();
  private int samples;

  /** A gateway, and what has arrived in its business database. */
  private final class Side implements AutoCloseable {

    final PackagedGateway gateway;
    final List<Double> rates = new ArrayList<>();
    final List<Double> costs = new ArrayList<>();
    private final String url;
    private final Connection connection;
    private long arrived;

    Side(@Nullable String postgres) throws Exception {
      var environment = new HashMap<>(others.environment());
      if (postgres != null) {
        environment.put("DATABASE_URL", postgres);
      }
      gateway = new PackagedGateway(environment).start();
      url = postgres == null ? gateway.database() : postgres;
      connection = DriverManager.getConnection(url);
    }

    void fill(int deliveries) throws SQLException, InterruptedException {
      gateway.stop();
      Backlog.fill(
          connection,
          count("SELECT min(event_id) FROM delivery WHERE destination = 'salesforce'"),
          "salesforce",
          deliveries,
          System.currentTimeMillis());
      gateway.start();
    }

    /** Sends so many, and returns when all are in the database. */
    void round(int requests) throws Exception {
      var queue = new ConcurrentLinkedQueue<>(samples(requests));
      var start = System.nanoTime();
      var worked = gateway.processorTime();
      sendAll(queue);
      arrived += requests;
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> count("SELECT count(*) FROM survey_response") == arrived);
      rates.add(requests / ((System.nanoTime() - start) / 1e9));
      costs.add(gateway.processorTime().minus(worked).toMillis() / (double) requests);
    }

    void forget() {
      rates.clear();
      costs.clear();
    }

    private void sendAll(ConcurrentLinkedQueue<SampleRequest> queue)
        throws InterruptedException, ExecutionException {
      var pool = Executors.newFixedThreadPool(SENDERS);
      try {
        var sender = new Sender(gateway.webhooks);
        var sending = new ArrayList<Future<?>>();
        for (var i = 0; i < SENDERS; i++) {
          sending.add(
              pool.submit(
                  () -> {
                    for (var sample = queue.poll(); sample != null; sample = queue.poll()) {
                      assertThat(sender.send(sample)).isEqualTo(200);
                    }
                    return null;
                  }));
        }
        for (var each : sending) {
          each.get();
        }
      } finally {
        pool.shutdownNow();
      }
    }

    long waiting() throws SQLException {
      return count(
          "SELECT count(*) FROM delivery WHERE destination = 'salesforce' AND state IN ('waiting',"
              + " 'retrying')");
    }

    private long count(String sql) throws SQLException {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery(sql)) {
        rows.next();
        return rows.getLong(1);
      }
    }

    @Override
    public void close() throws Exception {
      gateway.close();
      connection.close();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (var side : sides) {
      side.close();
    }
    others.close();
  }

  /** Disqualified ones, which go to Salesforce and the database, and not to Slack. */
  private List<SampleRequest> samples(int requests) {
    return IntStream.range(0, requests)
        .mapToObj(
            n ->
                SignedSamples.smartSurvey()
                    .responseId("" + (230_000_000 + samples++))
                    .status("disqualified")
                    .signedWith(Others.SECRETS.smartSurvey())
                    .toRequest())
        .toList();
  }

  private Side open(@Nullable String postgres) throws Exception {
    var side = new Side(postgres);
    sides.add(side);
    side.round(1);
    return side;
  }

  private void compare(String store, @Nullable String postgres, @Nullable String other)
      throws Exception {
    others.salesforce.goDown();
    var without = open(postgres);
    var with = open(other);
    with.fill(BACKLOG);
    for (var side : sides) {
      // What is compiled and cached only once is no part of it.
      side.round(REQUESTS);
      side.forget();
    }
    for (var round = 1; round <= ROUNDS; round++) {
      var first = round % 2 == 0 ? with : without;
      first.round(REQUESTS);
      (first == with ? without : with).round(REQUESTS);
      System.out.printf(
          "%s, round %d: %.1f responses a second without a backlog, %.1f with %d deliveries"
              + " waiting for Salesforce%n",
          store, round, last(without.rates), last(with.rates), with.waiting());
    }
    var ratio = median(with.rates) / median(without.rates);
    System.out.printf(
        "%s, medians of %d rounds of %d responses: %.1f a second without, %.1f with, ratio %.2f;"
            + " the gateway's own processor time %.1f ms and %.1f ms for each%n",
        store,
        ROUNDS,
        REQUESTS,
        median(without.rates),
        median(with.rates),
        ratio,
        median(without.costs),
        median(with.costs));
    assertThat(with.waiting()).isGreaterThanOrEqualTo(BACKLOG);
    assertThat(ratio).isGreaterThan(GROSS);
  }

  private static double last(List<Double> values) {
    return values.get(values.size() - 1);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  @Test
  void doesNotSlowDownOtherDestinations() throws Exception {
    compare("SQLite", null, null);
  }

  @Test
  void doesNotSlowDownOtherDestinationsOnPostgresqlEither() throws Exception {
    compare("PostgreSQL", PostgresForTests.newDatabase(), PostgresForTests.newDatabase());
  }
}
