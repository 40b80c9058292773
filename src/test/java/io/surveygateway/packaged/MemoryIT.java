package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.packaged.BenchTable.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The memory of the packaged jar with a heap of 256 MB, while 2,000 webhooks a second fall due,
 * minute after minute, and are mapped and delivered to the database and to Salesforce.
 *
 * <p>Run by profile {@code bench}; system property {@code bench.minutes} makes it longer, {@code
 * bench.pace} sets how many a second, {@code bench.on} one store of {@code sqlite} and {@code
 * postgresql}, {@code gateway.options} further options of its Java. The table is kept in {@code
 * target/bench}.
 */
class MemoryIT {

  private static final int MINUTES = Integer.getInteger("bench.minutes", 3);
  private static final int PACE = Integer.getInteger("bench.pace", 2_000);
  private static final String ON = System.getProperty("bench.on", "");

  @Test
  void staysFlat() throws Exception {
    var table =
        new BenchTable(
            "Memory, %,d webhooks a second at -Xmx256m, minute by minute".formatted(PACE),
            new Column("accepted/s", 0),
            new Column("p99, ms", 1),
            new Column("RSS, MB: least", 0),
            new Column("most", 0),
            new Column("delivered so far", 0));
    for (var store : List.of("SQLite", "PostgreSQL")) {
      if (ON.isEmpty() || ON.equalsIgnoreCase(store)) {
        measure(store, table);
      }
    }
    table.write("memory");
  }

  private static void measure(String store, BenchTable table) throws Exception {
    try (var others = new Others();
        var load = new LoadProcess(Others.SECRETS.popsee())) {
      var environment = others.environment();
      environment.keySet().removeIf(variable -> variable.startsWith("SLACK_"));
      var postgres = store.equals("PostgreSQL") ? new DurablePostgres() : null;
      try (var side = BenchSide.gateway(environment, postgres, true, null)) {
        for (var minute = 1; minute <= MINUTES; minute++) {
          load.prepare(side.port, 64, 60 * PACE);
          var sending = CompletableFuture.supplyAsync(() -> go(load));
          var sizes = new ArrayList<Long>();
          while (!sending.isDone()) {
            sizes.add(side.residentMegabytes());
            TimeUnit.SECONDS.sleep(1);
          }
          var round = sending.join();
          sizes.sort(null);
          table.add(
              "%s, minute %d".formatted(store, minute),
              round.acceptedASecond(),
              round.p99().toNanos() / 1e6,
              sizes.get(0),
              sizes.get(sizes.size() - 1),
              side.delivered());
          assertThat(round.others()).as("answered otherwise than 200").isZero();
          side.holds(round.accepted());
        }
      }
    }
  }

  private static LoadProcess.Round go(LoadProcess load) {
    try {
      return load.go(Duration.ofMinutes(1), PACE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
