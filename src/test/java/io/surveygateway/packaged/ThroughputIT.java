package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.demo.Sender;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.packaged.BenchTable.Column;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * How many webhooks are accepted a second, and brought to the database and to Salesforce, at which
 * cost; beside a receiver that a team would write instead.
 *
 * <p>All that are compared take turns, so that whatever else the machine does meets each. Run by
 * profile {@code bench}; system properties {@code bench.rounds} and {@code bench.seconds}, of a
 * round, make it longer, {@code bench.against} names the jar of another build that takes turns too,
 * and {@code bench.on} one of {@code sqlite} and {@code postgresql}. The tables are kept in {@code
 * target/bench}.
 */
class ThroughputIT {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final int SECONDS = Integer.getInteger("bench.seconds", 3);
  private static final int RESPONSES = Integer.getInteger("bench.responses", 10_000);

  /** More than any of them takes in a second. */
  private static final int MOST_A_SECOND = 30_000;

  /** Another build's jar to compare with, and the store that alone is looked at. */
  private static final String AGAINST = System.getProperty("bench.against", "");

  private static final String ON = System.getProperty("bench.on", "");

  private static final int WARM_UP = Integer.getInteger("bench.warm-up", 150_000);
  private static final int DELIVERED_WARM_UP =
      Integer.getInteger("bench.delivered-warm-up", 40_000);
  private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(3);

  private static final int BATCH = 1000;

  private final Others others = new Others();
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Map<BenchSide, Sender> senders = new HashMap<>();
  private int responses;

  private <T extends AutoCloseable> T opened(T part) {
    parts.add(part);
    return part;
  }

  @AfterEach
  void close() throws Exception {
    Collections.reverse(parts);
    for (var part : parts) {
      part.close();
    }
    others.close();
  }

  private LoadProcess load() throws Exception {
    return opened(new LoadProcess(Others.SECRETS.popsee()));
  }

  /** Slack off: its deliveries are skipped. */
  private Map<String, String> withoutSlack() {
    var environment = others.environment();
    environment.keySet().removeIf(name -> name.startsWith("SLACK_"));
    return environment;
  }

  private List<BenchSide> gateways(boolean areMapping) throws Exception {
    var gateways = new ArrayList<BenchSide>();
    for (var jar : AGAINST.isEmpty() ? List.of("") : List.of("", AGAINST)) {
      var other = jar.isEmpty() ? null : Path.of(jar);
      if (!ON.equals("postgresql")) {
        gateways.add(opened(BenchSide.gateway(withoutSlack(), null, areMapping, other)));
      }
      if (!ON.equals("sqlite")) {
        var postgres = new DurablePostgres();
        gateways.add(opened(BenchSide.gateway(withoutSlack(), postgres, areMapping, other)));
      }
    }
    return gateways;
  }

  /** What is stored is mapped later: the reference does not map at all. */
  @Test
  void accepts() throws Exception {
    var sides = new ArrayList<>(gateways(false));
    sides.add(opened(BenchSide.reference(Others.SECRETS.popsee())));
    var load = load();
    for (var side : sides) {
      warmUp(load, side);
    }
    for (var connections : List.of(64, 8)) {
      var table =
          new BenchTable(
              "Accepted, %d connections, %d rounds of %d s".formatted(connections, ROUNDS, SECONDS),
              new Column("requests/s", 0),
              new Column("p50, ms", 2),
              new Column("p99, ms", 2),
              new Column("worst, ms", 0),
              new Column("CPU s per 1,000", 3),
              new Column("load generator's", 3),
              new Column("flushes per 1,000", 0),
              new Column("RSS, MB", 0));
      inTurn(sides, side -> accept(load, side, connections, table), table);
      table.write("accepted-" + connections);
    }
  }

  /** Until what runs often is compiled, in a process that lives for weeks. */
  private static void warmUp(LoadProcess load, BenchSide side) throws Exception {
    load.prepare(side.port, 64, WARM_UP);
    side.holds(load.go(LONGEST_WARM_UP).accepted());
  }

  private interface Measure {

    void of(BenchSide side) throws Exception;
  }

  /** One round to warm up, then those that count, in another order each. */
  private static void inTurn(List<BenchSide> sides, Measure measure, BenchTable table)
      throws Exception {
    var turn = new ArrayList<>(sides);
    for (var round = 0; round <= ROUNDS; round++) {
      for (var side : turn) {
        measure.of(side);
      }
      if (round == 0) {
        table.forget();
      }
      Collections.rotate(turn, 1);
    }
  }

  private static void accept(LoadProcess load, BenchSide side, int connections, BenchTable table)
      throws Exception {
    load.prepare(side.port, connections, MOST_A_SECOND * SECONDS);
    var worked = side.processorTime();
    var generated = load.processorTime();
    var flushed = side.flushes();
    var round = load.go(Duration.ofSeconds(SECONDS));
    var thousands = round.accepted().cardinality() / 1000.0;
    table.add(
        side.name,
        round.acceptedASecond(),
        millis(round.median()),
        millis(round.p99()),
        millis(round.worst()),
        seconds(side.processorTime().minus(worked)) / thousands,
        seconds(load.processorTime().minus(generated)) / thousands,
        (side.flushes() - flushed) / thousands,
        side.residentMegabytes());
    assertThat(round.others()).as("answered otherwise than 200 by " + side.name).isZero();
    side.holds(round.accepted());
  }

  /** From the first webhook until all are with the database and with Salesforce. */
  @Test
  void delivers() throws Exception {
    var sides = gateways(true);
    var load = load();
    others.salesforce.allowDailyRequests(Integer.MAX_VALUE);
    for (var side : sides) {
      load.prepare(side.port, 64, DELIVERED_WARM_UP);
      side.holds(load.go(LONGEST_WARM_UP).accepted());
      awaitDelivered(side, 2L * DELIVERED_WARM_UP);
    }
    var table =
        new BenchTable(
            "Delivered to database and Salesforce, %d responses at 64 connections, %d rounds"
                .formatted(RESPONSES, ROUNDS),
            new Column("accepted/s meanwhile", 0),
            new Column("responses/s end to end", 0),
            new Column("CPU s per 1,000", 3),
            new Column("that of load and stand-in", 3),
            new Column("flushes per 1,000", 0),
            new Column("RSS, MB", 0));
    inTurn(sides, side -> deliver(load, side, table), table);
    table.write("delivered");
    var batches =
        new BenchTable(
            "A SmartSurvey batch of %d responses, %d rounds".formatted(BATCH, ROUNDS),
            new Column("answer, ms", 0),
            new Column("all delivered, ms", 0));
    inTurn(sides, side -> deliverBatch(side, batches), batches);
    batches.write("batch");
  }

  private static void deliver(LoadProcess load, BenchSide side, BenchTable table) throws Exception {
    load.prepare(side.port, 64, RESPONSES);
    var before = side.delivered();
    var worked = side.processorTime();
    // The stand-in is in this process, and the gateways are its children.
    var generated = load.processorTime().plus(ProcessUsage.own(ProcessHandle.current()));
    var flushed = side.flushes();
    var start = System.nanoTime();
    var round = load.go(Duration.ofMinutes(5));
    assertThat(round.accepted().cardinality()).isEqualTo(RESPONSES);
    // Each to two destinations.
    awaitDelivered(side, before + 2L * RESPONSES);
    var took = Duration.ofNanos(System.nanoTime() - start);
    var thousands = RESPONSES / 1000.0;
    table.add(
        side.name,
        round.acceptedASecond(),
        RESPONSES / seconds(took),
        seconds(side.processorTime().minus(worked)) / thousands,
        seconds(
                load.processorTime()
                    .plus(ProcessUsage.own(ProcessHandle.current()))
                    .minus(generated))
            / thousands,
        (side.flushes() - flushed) / thousands,
        side.residentMegabytes());
    side.holds(round.accepted());
  }

  private void deliverBatch(BenchSide side, BenchTable table) throws Exception {
    var batch = response();
    for (var i = 1; i < BATCH; i++) {
      batch.and(response());
    }
    var request = batch.signedWith(Others.SECRETS.smartSurvey()).toRequest();
    // A client's first request makes more in its own process than the answer takes.
    var sender =
        senders.computeIfAbsent(side, other -> new Sender("http://127.0.0.1:" + other.port));
    var before = side.delivered();
    var start = System.nanoTime();
    assertThat(sender.send(request)).isEqualTo(200);
    var answered = Duration.ofNanos(System.nanoTime() - start);
    awaitDelivered(side, before + 2L * BATCH);
    table.add(side.name, millis(answered), millis(Duration.ofNanos(System.nanoTime() - start)));
  }

  private SignedSamples.SmartSurvey response() {
    responses++;
    return SignedSamples.smartSurvey()
        .responseId("" + (230_000_000 + responses))
        .email("s%d@example.org".formatted(responses));
  }

  private static void awaitDelivered(BenchSide side, long deliveries) {
    await()
        .atMost(Duration.ofMinutes(10))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> side.delivered() >= deliveries);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
