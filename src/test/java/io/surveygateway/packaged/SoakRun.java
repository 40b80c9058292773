package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run of gateways under traffic: a store, the gateways on it, those who send, and the books
 * that are balanced at the end. For one thread.
 */
final class SoakRun implements AutoCloseable {

  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(3);

  final Others others = new Others();
  final Ledger ledger = new Ledger();
  final Traffic traffic;
  final List<PackagedGateway> gateways = new ArrayList<>();
  final String database;
  private final long seed;
  private final Map<String, Integer> messages = new HashMap<>();
  private final long start = System.nanoTime();
  private final Set<PackagedGateway> killed = new HashSet<>();
  private @Nullable Senders senders;
  private int kills;
  private int interruptions;

  /**
   * @param postgresql JDBC address of the store, or null for the embedded one of a single gateway
   */
  SoakRun(long seed, int howMany, @Nullable String postgresql, Map<String, String> more) {
    this.seed = seed;
    this.traffic =
        new Traffic(
            seed,
            others.surveyMonkey::prepare,
            key ->
                others.salesforce.refuse(
                    key, Integer.MAX_VALUE, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not this one"));
    var environment = environment();
    environment.putAll(more);
    if (postgresql != null) {
      environment.put("DATABASE_URL", postgresql);
    }
    for (var i = 0; i < howMany; i++) {
      gateways.add(new PackagedGateway(environment).unpacked());
    }
    database = postgresql == null ? gateways.get(0).database() : postgresql;
  }

  /** Waits are short, so that what failed comes again within the run. */
  private Map<String, String> environment() {
    var environment = new HashMap<>(others.environment());
    environment.put("GATEWAY_STORE_LEASE", "5s");
    environment.put("GATEWAY_INBOX_FIRSTDELAY", "200ms");
    environment.put("GATEWAY_INBOX_LONGESTDELAY", "2s");
    environment.put("GATEWAY_INBOX_ATTEMPTS", "100000");
    environment.put("GATEWAY_DELIVERY_FIRSTDELAY", "200ms");
    environment.put("GATEWAY_DELIVERY_LONGESTDELAY", "2s");
    environment.put("GATEWAY_DELIVERY_ATTEMPTS", "100000");
    environment.put("GATEWAY_DELIVERY_AUTHRETRY", "1s");
    environment.put("GATEWAY_DELIVERY_BREAKER_FIRSTWAIT", "500ms");
    environment.put("GATEWAY_DELIVERY_BREAKER_LONGESTWAIT", "2s");
    environment.put("GATEWAY_DELIVERY_DESTINATIONS_SLACK_RATE", "500");
    return environment;
  }

  /** All at once: whoever is first makes the tables. */
  void start() throws SQLException {
    Traffic.refuseAt(others.slack);
    gateways.forEach(PackagedGateway::launch);
    gateways.forEach(PackagedGateway::awaitReady);
    refuseOneSurvey();
  }

  private void refuseOneSurvey() throws SQLException {
    try (var connection = DriverManager.getConnection(database);
        var statement = connection.createStatement()) {
      statement.execute(
          database.startsWith("jdbc:postgresql:")
              ? "ALTER TABLE survey_response ADD CONSTRAINT not_this_one CHECK (survey_id <> '"
                  + Traffic.REFUSED_SURVEY
                  + "')"
              : "CREATE TRIGGER not_this_one BEFORE INSERT ON survey_response WHEN NEW.survey_id = '"
                  + Traffic.REFUSED_SURVEY
                  + "' BEGIN SELECT RAISE(ABORT, 'not this one'); END");
    }
  }

  void send(int eventsPerSecond) {
    say("sending");
    senders = new Senders(traffic, ledger, gateways, eventsPerSecond);
  }

  /** SIGKILL, whatever it is doing, its start included. */
  void kill(int gateway) throws InterruptedException {
    say("kills gateway " + gateway);
    killed.add(gateways.get(gateway));
    gateways.get(gateway).kill();
    kills++;
  }

  /** Starts one again that was killed, and waits for nothing. */
  void launch(int gateway) {
    gateways.get(gateway).launch();
    killed.remove(gateways.get(gateway));
  }

  /** Some others' trouble may have kept so many answers of Slack from a gateway, unseen. */
  void interrupted(int times) {
    interruptions += times;
  }

  /** To be called now and then: Slack's stand-in keeps a bounded number of messages. */
  void collect() {
    restart();
    for (var message : others.slack.takeMessages()) {
      var mark = Weather.MARK.matcher(message.sent().toString());
      messages.merge(mark.find() ? mark.group() : "without a mark", 1, Integer::sum);
    }
  }

  /** As whatever watches over processes does: a gateway does not start without its store. */
  private void restart() {
    for (var gateway : gateways) {
      if (!gateway.isRunning() && !killed.contains(gateway)) {
        say("a start failed, and is tried again");
        gateway.launch();
      }
    }
  }

  /**
   * Sends nothing new, and returns when everything has come to its end, or will never: then the
   * books tell what has not.
   */
  void finish() throws Exception {
    var sending = Objects.requireNonNull(senders, "Expected send() before finish()");
    sending.stop();
    await()
        .atMost(LONGEST_DRAIN)
        .until(
            () -> {
              collect();
              return sending.areDone();
            });
    // A refusal of the last moment before a kill need not be kept, but after the last kill each is.
    for (var forged : traffic.forgedOfEach()) {
      sending.send(forged);
    }
    say("all that was sent is answered");
    try {
      await()
          .atMost(LONGEST_DRAIN)
          .pollInterval(Duration.ofMillis(250))
          .until(
              () -> {
                collect();
                return open() == 0 && refusedProviders() >= ledger.forged().size();
              });
      say("all that was taken is done with");
    } catch (ConditionTimeoutException e) {
      say(open() + " requests and deliveries have not come to an end");
    }
    collect();
  }

  private long open() throws SQLException {
    return count(
        "SELECT (SELECT count(*) FROM inbox WHERE state IN ('waiting', 'retrying')) + (SELECT"
            + " count(*) FROM delivery WHERE state IN ('waiting', 'retrying'))");
  }

  private long refusedProviders() throws SQLException {
    return count("SELECT count(DISTINCT provider) FROM refusal WHERE provider <> ''");
  }

  private void say(String what) {
    System.out.printf(
        "%4d s, %5d events: %s%n",
        (System.nanoTime() - start) / 1_000_000_000L, ledger.size(), what);
  }

  long count(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** All that was answered 200 stands where it has to, and nothing else does. */
  void assertBalanced() throws SQLException {
    var holdings = Holdings.read(database, others, messages);
    print(holdings);
    var differences = Reconciliation.differences(ledger, holdings, kills + interruptions);
    assertThat(differences.stream().limit(40).toList())
        .as("%d differences, with seed %d and logs in %s", differences.size(), seed, folders())
        .isEmpty();
    assertThat(ledger.forged()).isNotEmpty();
    assertThat(holdings.setAside()).isNotEmpty();
  }

  private List<?> folders() {
    return gateways.stream().map(gateway -> gateway.folder).toList();
  }

  private void print(Holdings holdings) {
    var states = new TreeMap<String, Integer>();
    holdings
        .deliveries()
        .forEach(d -> states.merge(d.destination() + " " + d.state(), 1, Integer::sum));
    System.out.printf(
        "Seed %d: %d s, %d kills, answers %s (0: none came)%n"
            + "  %d requests, %d events of %d responses; %s; %d set aside%n"
            + "  %d attempts; Slack: %d messages more than events, %d of answers that were cut off%n",
        seed,
        (System.nanoTime() - start) / 1_000_000_000L,
        kills,
        ledger.answers(),
        holdings.requests().size(),
        holdings.events().size(),
        holdings.rows().size(),
        states,
        holdings.setAside().size(),
        holdings.attempts().size(),
        Reconciliation.extraMessages(holdings),
        ledger.doubts());
  }

  /** So many different numbers from the seed, for what is not traffic. */
  Random random(int purpose) {
    return new Random(seed * 31 + purpose);
  }

  @Override
  public void close() throws InterruptedException {
    if (senders != null) {
      senders.close();
    }
    for (var gateway : gateways) {
      gateway.close();
    }
    others.close();
  }
}
