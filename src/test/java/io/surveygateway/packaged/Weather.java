package io.surveygateway.packaged;

import io.surveygateway.standin.Answer;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.StandIn;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong on the other sides, in spells of a few seconds, each side for itself: the same
 * for the same seed. For one thread.
 */
final class Weather implements AutoCloseable {

  /** As {@link Traffic} makes them. */
  static final Pattern MARK = Pattern.compile("MARK\\d+Z(S\\dZ)?");

  private static final Duration SHORTEST_SPELL = Duration.ofMillis(500);
  private static final int SPREAD_MS = 3_000;

  private interface Spell {
    void begin() throws SQLException;
  }

  /** One of the other sides: what it is told in turn, and until when the present spell lasts. */
  private static final class Place {

    private final String name;
    private final Spell clear;
    private final Map<String, Spell> spells;
    private Instant until = Instant.MIN;
    private boolean isClear = true;

    Place(String name, Spell clear, Map<String, Spell> spells) {
      this.name = name;
      this.clear = clear;
      this.spells = spells;
    }
  }

  private final Random random;
  private final Others others;
  private final Ledger ledger;
  private final Traffic traffic;
  private final String database;
  private final int gateways;
  private final List<Place> places;
  private final Map<String, Integer> had = new TreeMap<>();
  private @Nullable Connection locks;
  private int interruptions;

  /**
   * @param database JDBC address of the business database
   * @param gateways how many there are; each sends Slack one message at a time
   */
  Weather(long seed, Others others, Ledger ledger, Traffic traffic, String database, int gateways) {
    this.gateways = gateways;
    this.random = new Random(seed);
    this.others = others;
    this.ledger = ledger;
    this.traffic = traffic;
    this.database = database;
    this.places =
        List.of(
            new Place("slack", this::clearSlack, slack()),
            new Place("salesforce", () -> clear(others.salesforce), salesforce()),
            new Place("surveymonkey", () -> clear(others.surveyMonkey), surveyMonkey()),
            new Place("database", this::unlock, database()));
  }

  /** Begins the spells that are due. */
  void turn() throws SQLException {
    var now = Instant.now();
    for (var place : places) {
      if (now.isBefore(place.until)) {
        continue;
      }
      place.until = now.plus(SHORTEST_SPELL).plusMillis(random.nextInt(SPREAD_MS));
      place.clear.begin();
      place.isClear = !place.isClear;
      if (!place.isClear) {
        var names = List.copyOf(place.spells.keySet());
        var name = names.get(random.nextInt(names.size()));
        had.merge(place.name + ": " + name, 1, Integer::sum);
        place.spells.get(name).begin();
      }
    }
  }

  /** Nothing goes wrong any more. */
  void clearUp() throws SQLException {
    for (var place : places) {
      place.clear.begin();
    }
  }

  /**
   * How often an answer of Slack may have been kept from a gateway unseen: once a spell for each.
   */
  int interruptions() {
    return interruptions;
  }

  /** How often each spell came. */
  Map<String, Integer> had() {
    return had;
  }

  /** Faults that any HTTP server in trouble has. */
  private Map<String, Spell> any(StandIn other) {
    var spells = new TreeMap<String, Spell>();
    spells.put("drops", () -> sometimes(other, Fault.drop()));
    spells.put("is slow", () -> sometimes(other, Fault.slow(Duration.ofMillis(300))));
    spells.put("is down", other::goDown);
    spells.put("limits", () -> sometimes(other, Fault.status(429).withHeader("Retry-After", "1")));
    spells.put("fails", () -> sometimes(other, Fault.status(500)));
    spells.put("has a proxy that fails", () -> sometimes(other, Fault.html(503)));
    spells.put("refuses connections", other::stopListening);
    return spells;
  }

  private Map<String, Spell> slack() {
    var slack = others.slack;
    var spells = any(slack);
    spells.put("cuts answers", () -> doubtful(Fault.cut()));
    spells.put("loses answers", () -> doubtful(Fault.lose()));
    spells.put(
        "refuses the token",
        () ->
            sometimes(
                slack,
                Fault.answer(Answer.json(200, "{\"ok\":false,\"error\":\"invalid_auth\"}"))));
    spells.put(
        "refuses connections",
        () -> {
          interruptions += gateways;
          slack.stopListening();
        });
    return spells;
  }

  /** What is done though nobody hears of it is counted, message by message. */
  private void doubtful(Fault fault) {
    others
        .slack
        .faults()
        .always(
            fault.when(
                request -> {
                  var mark = MARK.matcher(request.text());
                  var isHit = mark.find() && happens();
                  if (isHit) {
                    ledger.doubt(mark.group());
                  }
                  return isHit;
                }));
  }

  private void clearSlack() {
    clear(others.slack);
    // In all weathers.
    Traffic.refuseAt(others.slack);
  }

  private Map<String, Spell> salesforce() {
    var salesforce = others.salesforce;
    var spells = any(salesforce);
    spells.put("cuts answers", () -> sometimes(salesforce, Fault.cut()));
    spells.put("loses answers", () -> sometimes(salesforce, Fault.lose()));
    spells.put("ends sessions", salesforce::expireSessions);
    spells.put(
        "refuses the login",
        () -> {
          salesforce
              .faults()
              .always(
                  Fault.answer(
                          Answer.json(
                              400,
                              "{\"error\":\"invalid_client\",\"error_description\":\"invalid client"
                                  + " credentials\"}"))
                      .at("/oauth2/token"));
          salesforce.expireSessions();
        });
    spells.put(
        "locks records",
        () ->
            traffic.youngest().stream()
                .filter(key -> random.nextInt(3) == 0)
                .forEach(
                    key ->
                        salesforce.refuse(
                            key,
                            1 + random.nextInt(2),
                            "UNABLE_TO_LOCK_ROW",
                            "unable to obtain exclusive access to this record")));
    return spells;
  }

  private Map<String, Spell> surveyMonkey() {
    var other = others.surveyMonkey;
    var spells = any(other);
    spells.put("cuts answers", () -> sometimes(other, Fault.cut()));
    spells.put(
        "limits",
        () ->
            sometimes(
                other,
                Fault.answer(
                    SurveyMonkeyStandIn.error(
                            429, "1040", "Rate limit reached", "Too many requests were made")
                        .withHeader("X-Ratelimit-App-Global-Minute-Limit", "120")
                        .withHeader("X-Ratelimit-App-Global-Minute-Remaining", "0")
                        .withHeader("X-Ratelimit-App-Global-Minute-Reset", "1"))));
    return spells;
  }

  private Map<String, Spell> database() {
    var spells = new TreeMap<String, Spell>();
    if (!database.startsWith("jdbc:postgresql:")) {
      // Another process writes: here everything is one row.
      spells.put("is locked", () -> lock("BEGIN IMMEDIATE"));
      return spells;
    }
    spells.put(
        "has locked rows",
        () -> lock("SELECT 1 FROM survey_response ORDER BY updated_at DESC LIMIT 50 FOR UPDATE"));
    spells.put(
        "has a locked table", () -> lock("LOCK TABLE survey_response IN SHARE ROW EXCLUSIVE MODE"));
    spells.put(
        "ends connections",
        () -> {
          try (var connection = DriverManager.getConnection(database);
              var statement = connection.createStatement()) {
            statement.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                    + " current_database() AND pid <> pg_backend_pid()");
          }
        });
    return spells;
  }

  private void lock(String sql) throws SQLException {
    locks = DriverManager.getConnection(database);
    if (database.startsWith("jdbc:postgresql:")) {
      locks.setAutoCommit(false);
    }
    try (var statement = locks.createStatement()) {
      statement.setQueryTimeout(5);
      statement.execute(sql);
    } catch (SQLException busy) {
      // The gateway holds it itself; the next spell may do better.
      unlock();
    }
  }

  private void unlock() throws SQLException {
    if (locks != null) {
      locks.close();
      locks = null;
    }
  }

  private void sometimes(StandIn other, Fault fault) {
    other.faults().always(fault.when(request -> happens()));
  }

  /** By chance alone: requests come in no order that a seed could give. */
  private static boolean happens() {
    return ThreadLocalRandom.current().nextInt(10) < 7;
  }

  private void clear(StandIn other) {
    other.faults().clear();
    other.comeBack();
    if (!other.isListening()) {
      other.listenAgain();
    }
  }

  @Override
  public void close() throws SQLException {
    unlock();
  }
}
