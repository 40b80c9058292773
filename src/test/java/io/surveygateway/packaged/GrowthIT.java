package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.History;
import io.surveygateway.console.Browser;
import io.surveygateway.packaged.BenchTable.Column;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a store of a million events costs, with a hundred thousand deliveries that wait for a dead
 * destination: for each further event beside an empty store, for each page of the console, and
 * while the oldest day leaves.
 *
 * <p>The two gateways take turns, so that whatever else the machine does meets both. Run by profile
 * {@code bench}; system properties {@code bench.events}, {@code bench.rounds} and {@code
 * bench.responses} set sizes, {@code bench.on} one store of {@code sqlite} and {@code postgresql}.
 * The tables are kept in {@code target/bench}.
 */
class GrowthIT {

  private static final int EVENTS = Integer.getInteger("bench.events", 1_000_000);
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final int RESPONSES = Integer.getInteger("bench.responses", 5_000);
  private static final String ON = System.getProperty("bench.on", "");
  private static final int LOOKS = 5;

  /** What is measured is printed, for people to judge; this is what no busy machine explains. */
  private static final Duration GROSS = Duration.ofSeconds(10);

  /** Beside the pages that the navigation leads to: with filters, and further down. */
  private static final List<String> PAGES =
      List.of(
          "/events?response=popsee%3A6f1d3aa0-2f57-4d0a-8c7f-77700",
          "/events?email=r77700%40example.org",
          "/events?survey=survey-7",
          "/events?type=survey.unknown",
          "/events?type=survey.response.completed",
          "/events?provider=typeform",
          "/events?state=parked",
          "/events?state=open",
          "/events?state=superseded",
          "/events?state=delivered",
          "/events?provider=typeform&type=survey.unknown&survey=survey-19",
          "/events?state=cancelled&provider=surveymonkey",
          "/events?state=skipped",
          "/events?text=parcel",
          "/events?text=nowhere",
          "/deliveries?state=parked",
          "/deliveries?state=open",
          "/deliveries?state=delivered",
          "/deliveries?state=superseded",
          "/deliveries?state=cancelled",
          "/deliveries?destination=salesforce",
          "/deliveries?destination=salesforce&state=open",
          "/deliveries?destination=slack&state=skipped",
          "/deliveries?destination=slack&state=superseded",
          "/deliveries?reason=No%20such%20field%3A%20Survey_Title__c",
          "/requests?state=parked",
          "/requests?state=done",
          "/requests?state=open",
          "/requests?state=cancelled",
          "/requests?provider=typeform",
          "/requests?provider=typeform&state=parked",
          "/set-aside",
          "/refusals");

  private static final Pattern REMOVED =
      Pattern.compile("Removed what was kept long enough, in (\\d+) s: (.*)");

  private final Others others = new Others();
  private final List<AutoCloseable> parts = new ArrayList<>();

  /** A gateway and its store. */
  private final class Side implements AutoCloseable {

    final String name;
    final PackagedGateway gateway;
    final Connection store;
    final @Nullable DurablePostgres postgres;
    private final HashMap<String, String> environment;

    Side(String name, boolean isPostgres) throws Exception {
      this.name = name;
      environment = new HashMap<>(others.environment());
      environment.keySet().removeIf(variable -> variable.startsWith("SLACK_"));
      postgres = isPostgres ? opened(new DurablePostgres()) : null;
      if (postgres != null) {
        environment.put("DATABASE_URL", postgres.jdbcUrl());
      }
      gateway = new PackagedGateway(environment).start();
      store =
          DriverManager.getConnection(postgres == null ? gateway.database() : postgres.jdbcUrl());
    }

    void fill() throws Exception {
      gateway.stop();
      var start = System.nanoTime();
      History.fill(store, EVENTS, EVENTS / 10, System.currentTimeMillis());
      System.out.printf("%s: filled in %d s%n", name, (System.nanoTime() - start) / 1_000_000_000);
      gateway.start();
    }

    Duration processorTime() throws Exception {
      var own = gateway.processorTime();
      return postgres == null ? own : own.plus(ProcessUsage.processorTime(postgres.process()));
    }

    long delivered() throws SQLException {
      return count(
          "SELECT COALESCE(SUM(added), 0) FROM counter WHERE span = 'ever' AND name ="
              + " 'deliveries_delivered' AND lane = 'database'");
    }

    long waiting() throws SQLException {
      return count(
          "SELECT count(*) FROM delivery WHERE destination = '"
              + History.DEAD
              + "' AND state IN ('waiting', 'retrying')");
    }

    private long count(String sql) throws SQLException {
      try (var statement = store.createStatement();
          var rows = statement.executeQuery(sql)) {
        rows.next();
        return rows.getLong(1);
      }
    }

    /** Sends responses, and returns when all are in the business database. */
    void round(LoadProcess load, BenchTable table) throws Exception {
      load.prepare(URI.create(gateway.webhooks).getPort(), 64, RESPONSES);
      var before = delivered();
      var worked = processorTime();
      var start = System.nanoTime();
      assertThat(load.go(Duration.ofMinutes(5)).accepted().cardinality()).isEqualTo(RESPONSES);
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> delivered() >= before + RESPONSES);
      var thousands = RESPONSES / 1000.0;
      table.add(
          name,
          RESPONSES / ((System.nanoTime() - start) / 1e9),
          processorTime().minus(worked).toNanos() / 1e9 / thousands,
          ProcessUsage.residentMegabytes(gateway.process()));
    }

    /** Each page some times: the first look may read from the disk. */
    void lookAtPages(BenchTable table) throws Exception {
      var browser = new Browser(URI.create(gateway.console)).logIn(Others.PASSWORD);
      var pages = new LinkedHashSet<String>();
      browser.open("/").page().select("nav a[href^=/]").forEach(a -> pages.add(a.attr("href")));
      pages.addAll(PAGES);
      for (var page : pages) {
        var first = 0.0;
        var times = new ArrayList<Double>();
        var worked = processorTime();
        for (var look = 0; look <= LOOKS; look++) {
          var start = System.nanoTime();
          var shown = browser.open(page);
          var millis = (System.nanoTime() - start) / 1e6;
          assertThat(shown.status()).as(page).isEqualTo(200);
          if (look == 0) {
            first = millis;
            worked = processorTime();
          } else {
            times.add(millis);
          }
        }
        times.sort(null);
        table.add(
            name + " " + page,
            first,
            times.get(LOOKS / 2),
            times.get(LOOKS - 1),
            processorTime().minus(worked).toMillis() / (double) LOOKS);
        assertThat(times.get(LOOKS / 2)).as(page).isLessThan((double) GROSS.toMillis());
      }
    }

    /** The oldest day leaves at the next start. */
    void letTheOldestLeave(BenchTable table) throws Exception {
      gateway.stop();
      for (var kept : List.of("REQUESTS", "EVENTS", "DELIVERIES", "REFUSALS", "SETASIDE", "RUNS")) {
        environment.put("GATEWAY_RETENTION_" + kept, "28d");
      }
      environment.put("GATEWAY_RETENTION_FIRSTAFTER", "1s");
      gateway.with(environment).start();
      var ready = System.nanoTime();
      var worked = processorTime();
      await().atMost(Duration.ofMinutes(20)).until(() -> REMOVED.matcher(gateway.output()).find());
      var said = REMOVED.matcher(gateway.output());
      said.find();
      var rows =
          Pattern.compile("(\\d+) ")
              .matcher(said.group(2))
              .results()
              .mapToLong(removed -> Long.parseLong(removed.group(1)))
              .sum();
      table.add(
          name,
          rows,
          (System.nanoTime() - ready) / 1e9,
          processorTime().minus(worked).toNanos() / 1e6 / (rows / 1000.0));
    }

    @Override
    public void close() throws Exception {
      store.close();
      gateway.close();
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.add(0, part);
    return part;
  }

  @AfterEach
  void close() throws Exception {
    for (var part : parts) {
      part.close();
    }
    others.close();
  }

  @Test
  void costsLittleMoreThanAnEmptyStore() throws Exception {
    others.salesforce.goDown();
    var load = opened(new LoadProcess(Others.SECRETS.popsee()));
    var costs =
        new BenchTable(
            "Responses to the database, %,d events stored or none, %d rounds of %,d"
                .formatted(EVENTS, ROUNDS, RESPONSES),
            new Column("responses/s", 0),
            new Column("CPU s per 1,000", 3),
            new Column("RSS, MB", 0));
    var pages =
        new BenchTable(
            "Pages of the console, %,d events stored".formatted(EVENTS),
            new Column("first look, ms", 0),
            new Column("median, ms", 0),
            new Column("worst, ms", 0),
            new Column("CPU ms", 0));
    var leaving =
        new BenchTable(
            "Retention, the oldest day of %,d events".formatted(EVENTS),
            new Column("rows removed", 0),
            new Column("s", 0),
            new Column("CPU ms per 1,000 rows", 1));
    for (var store : List.of("SQLite", "PostgreSQL")) {
      if (ON.isEmpty() || ON.equalsIgnoreCase(store)) {
        measure(load, store, costs, pages, leaving);
      }
    }
    costs.write("growth-cost");
    pages.write("growth-pages");
    leaving.write("growth-retention");
  }

  private void measure(
      LoadProcess load, String store, BenchTable costs, BenchTable pages, BenchTable leaving)
      throws Exception {
    var isPostgres = store.equals("PostgreSQL");
    try (var empty = new Side(store + ", empty", isPostgres);
        var full = new Side(store + ", full", isPostgres)) {
      full.fill();
      var warmUp =
          new BenchTable(
              "Warm-up", new Column("/s", 0), new Column("CPU", 3), new Column("RSS", 0));
      for (var i = 0; i < 3; i++) {
        empty.round(load, warmUp);
        full.round(load, warmUp);
      }
      for (var round = 0; round < ROUNDS; round++) {
        (round % 2 == 0 ? empty : full).round(load, costs);
        (round % 2 == 0 ? full : empty).round(load, costs);
      }
      assertThat(full.waiting()).isGreaterThanOrEqualTo(EVENTS / 10);
      full.lookAtPages(pages);
      full.letTheOldestLeave(leaving);
    }
  }
}
