package io.surveygateway.packaged;

import static org.awaitility.Awaitility.await;

import io.surveygateway.PostgresForTests;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Minutes of mixed traffic while all other sides fail in turn and gateways are killed, and then the
 * books: what was answered 200 is where it has to be, once, and nothing else is anywhere.
 *
 * <p>System properties: {@code soak.minutes} of traffic at {@code soak.rate} events a second, more
 * while gateways are down; {@code soak.seed}, which is printed, and gives the same traffic, spells
 * and kills again, though not the same interleaving; {@code soak.store}, {@code sqlite} or {@code
 * postgresql}, the latter with two gateways; {@code soak.kills}.
 */
class SoakIT {

  private static final double MINUTES = Double.parseDouble(property("soak.minutes", "0.5"));
  private static final int RATE = Integer.parseInt(property("soak.rate", "30"));
  private static final int KILLS =
      Integer.parseInt(property("soak.kills", "" + Math.max(2, Math.round(2 * MINUTES))));

  private static String property(String name, String otherwise) {
    var value = System.getProperty(name, "");
    return value.isBlank() ? otherwise : value;
  }

  @Test
  void endsWithBalancedBooks() throws Exception {
    var seed =
        Long.parseLong(
            property("soak.seed", "" + ThreadLocalRandom.current().nextInt(1_000_000_000)));
    var isShared = property("soak.store", "sqlite").equals("postgresql");
    System.out.printf(
        "Soak for %s minutes: -Dsoak.seed=%d -Dsoak.store=%s%n",
        MINUTES, seed, isShared ? "postgresql" : "sqlite");
    var postgresql = isShared ? PostgresForTests.newDatabase() : null;
    var gateways = isShared ? 2 : 1;
    try (var run = new SoakRun(seed, gateways, postgresql, Map.of())) {
      run.start();
      try (var weather =
          new Weather(seed + 1, run.others, run.ledger, run.traffic, run.database, gateways)) {
        run.send(RATE);
        storm(run, weather, gateways);
        weather.clearUp();
        System.out.println("Weather: " + weather.had());
        run.interrupted(weather.interruptions());
        run.finish();
      }
      run.assertBalanced();
    }
  }

  /** Kills one at a time, each at some moment of its share of the traffic. */
  private static void storm(SoakRun run, Weather weather, int gateways) throws Exception {
    var chance = run.random(2);
    var share = (int) Math.round(MINUTES * 60 * RATE / KILLS);
    for (var kill = 0; kill < KILLS; kill++) {
      var moment = (int) Math.round(share * (kill + 0.2 + 0.6 * chance.nextDouble()));
      weather(run, weather, moment);
      run.kill(kill % gateways);
      run.launch(kill % gateways);
      weather(run, weather, share * (kill + 1));
    }
  }

  /** Until so many events are taken. */
  private static void weather(SoakRun run, Weather weather, int events) {
    await()
        .atMost(Duration.ofMinutes(5).plusSeconds(Math.round(MINUTES * 60)))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              weather.turn();
              run.collect();
              return run.ledger.size() >= events;
            });
  }
}
