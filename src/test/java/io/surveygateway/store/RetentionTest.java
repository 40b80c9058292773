package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.OutboxStore.Outcome;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import io.surveygateway.store.StepResult.SetAside;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;

/** Old rows leave by time, and nothing that is still needed does; on both stores. */
class RetentionTest {

  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration TICK = Duration.ofMillis(1);

  private StoreForTests store;
  private int keys;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
  }

  private long nextId() {
    return store.get(Ids.class).next();
  }

  private Instant now() {
    return store.clock.instant();
  }

  private long request() {
    var request =
        new NewRequest(nextId(), "popsee", "", "application/json", "secret", now(), new byte[100]);
    store.get(InboxStore.class).add(request).join();
    store.get(InboxStore.class).claim("popsee", 10);
    return request.id();
  }

  private Work work(Work.State state) {
    var failed = state == Work.State.PARKED || state == Work.State.RETRYING;
    return new Work(state, now(), failed ? Failure.permanent("no such field") : null);
  }

  private void finish(long request, Work.State state) {
    finish(request, state, List.of(), List.of(), List.of());
  }

  private void finish(
      long request,
      Work.State state,
      List<NewEvent> events,
      List<NewDelivery> deliveries,
      List<SetAside> setAside) {
    store
        .get(InboxStore.class)
        .finish(new StepResult(request, "popsee", work(state), events, deliveries, setAside))
        .join();
  }

  private NewEvent event(long request, String key, String subject) {
    return new NewEvent(
        nextId(),
        "popsee",
        key,
        request,
        "survey.response.completed",
        subject,
        "s-1",
        now(),
        now(),
        "{}");
  }

  private NewDelivery delivery(NewEvent event, String destination) {
    return new NewDelivery(nextId(), event.id(), destination, Work.State.WAITING, null, now());
  }

  /** A request that is mapped to one event with one delivery to "crm". */
  private void mapped(String subject) {
    var request = request();
    var event = event(request, "e-" + ++keys, subject);
    finish(request, Work.State.DONE, List.of(event), List.of(delivery(event, "crm")), List.of());
  }

  private void attempt(String destination, Work.State state) {
    var outbox = store.get(OutboxStore.class);
    for (var claimed : outbox.claim(destination, 100)) {
      outbox
          .record(
              new Outcome(
                  nextId(), claimed, destination, work(state), "ref", now(), Duration.ZERO, true))
          .join();
    }
  }

  private void delivered(String subject) {
    mapped(subject);
    attempt("crm", Work.State.DELIVERED);
  }

  private Map<String, Long> run() {
    return store.get(Retention.class).run();
  }

  private long rows(String table) {
    return store.count("SELECT count(*) FROM " + table);
  }

  @ParameterizedTest
  @EnumSource
  void removesAResponseWithAllThatBecameOfItAfterItsTime(Dialect dialect) {
    open(dialect);
    var request = request();
    var event = event(request, "e-1", "popsee:r-1");
    finish(
        request,
        Work.State.DONE,
        List.of(event),
        List.of(delivery(event, "crm"), delivery(event, "slack")),
        List.of(new SetAside(nextId(), request, "popsee", 1, "no id", now())));
    attempt("crm", Work.State.RETRYING);
    attempt("crm", Work.State.DELIVERED);
    attempt("slack", Work.State.DELIVERED);

    store.clock.advance(MONTH);
    assertThat(run()).isEmpty();

    store.clock.advance(TICK);
    assertThat(run())
        .containsOnly(
            entry("event", 1L),
            entry("delivery", 2L),
            entry("attempt", 3L),
            entry("request", 1L),
            entry("set_aside", 1L));
    for (var table : List.of("request", "inbox", "set_aside", "event", "delivery", "attempt")) {
      assertThat(rows(table)).as(table).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void removesRefusalsAfterTheirTime(Dialect dialect) {
    open(dialect);
    refusal();
    store.clock.advance(MONTH);
    refusal();

    store.clock.advance(TICK);
    assertThat(run()).containsOnly(entry("refusal", 1L));
    assertThat(rows("refusal")).isEqualTo(1);
  }

  private void refusal() {
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "INSERT INTO refusal (id, refused_at, provider, path, status, cause) VALUES"
                        + " (?, ?, 'popsee', '', 401, 'forged')",
                    store.clock.millis(),
                    store.clock.millis()));
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhatIsStillToBeDeliveredWithItsEventAndRequest(Dialect dialect) {
    open(dialect);
    mapped("popsee:parked");
    attempt("crm", Work.State.PARKED);
    mapped("popsee:retrying");
    attempt("crm", Work.State.RETRYING);
    mapped("popsee:waiting");
    delivered("popsee:delivered");
    // Claimed with the one above, and delivered too.
    assertThat(store.count("SELECT count(*) FROM delivery WHERE state = 'delivered'")).isEqualTo(3);
    mapped("popsee:retrying");
    attempt("crm", Work.State.RETRYING);
    mapped("popsee:waiting");

    store.clock.advance(MONTH.multipliedBy(12));
    run();

    assertThat(
            store.count(
                "SELECT count(*) FROM request r JOIN inbox i ON i.request_id = r.id JOIN event e ON"
                    + " e.request_id = r.id JOIN delivery d ON d.event_id = e.id WHERE d.state IN"
                    + " ('waiting', 'retrying', 'parked')"))
        .isEqualTo(3);
    assertThat(rows("request")).isEqualTo(3);
    assertThat(rows("event")).isEqualTo(3);
    assertThat(rows("delivery")).isEqualTo(3);
    assertThat(rows("attempt")).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void keepsAllOfAnEventOfWhichOneDeliveryIsParked(Dialect dialect) {
    open(dialect);
    var request = request();
    var event = event(request, "e-1", "popsee:r-1");
    finish(
        request,
        Work.State.DONE,
        List.of(event),
        List.of(delivery(event, "crm"), delivery(event, "slack")),
        List.of());
    attempt("crm", Work.State.PARKED);
    attempt("slack", Work.State.DELIVERED);

    store.clock.advance(MONTH.plus(TICK));

    // The one that ended leaves by its own time.
    assertThat(run()).containsOnly(entry("delivery", 1L), entry("attempt", 1L));
    assertThat(rows("request")).isEqualTo(1);
    assertThat(store.text("SELECT destination FROM delivery")).isEqualTo("crm");
  }

  @ParameterizedTest
  @EnumSource
  void keepsARequestThatIsNotMappedYet(Dialect dialect) {
    open(dialect);
    request();
    finish(request(), Work.State.RETRYING);
    var parked = request();
    finish(
        parked,
        Work.State.PARKED,
        List.of(),
        List.of(),
        List.of(new SetAside(nextId(), parked, "popsee", null, "no JSON", now())));

    store.clock.advance(MONTH.multipliedBy(12));

    assertThat(run()).isEmpty();
    assertThat(rows("request")).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void keepsAnEventThatWasDeliveredLately(Dialect dialect) {
    open(dialect);
    mapped("popsee:r-1");
    store.clock.advance(MONTH);
    attempt("crm", Work.State.DELIVERED);

    store.clock.advance(TICK);
    assertThat(run()).containsOnly(entry("request", 1L));

    store.clock.advance(MONTH);
    assertThat(run()).containsOnly(entry("event", 1L), entry("delivery", 1L), entry("attempt", 1L));
  }

  @ParameterizedTest
  @EnumSource
  void tellsALateOlderEventForLongerThanItKeepsEvents(Dialect dialect) {
    open(dialect);
    delivered("popsee:r-1");

    store.clock.advance(Duration.ofDays(180));
    run();
    assertThat(rows("event")).isZero();
    assertThat(rows("destination_version")).isEqualTo(1);

    store.clock.advance(TICK);
    assertThat(run()).containsOnly(entry("destination_version", 1L));
  }

  @ParameterizedTest
  @EnumSource
  void countsTheAgeOfAVersionFromWhenItWasLastRaised(Dialect dialect) {
    open(dialect);
    delivered("popsee:r-1");
    store.clock.advance(Duration.ofDays(180));
    delivered("popsee:r-1");

    store.clock.advance(TICK);
    run();

    assertThat(rows("destination_version")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void tellsALateOlderEventForAsLongAsOneMayStillBeSent(Dialect dialect) {
    open(dialect);
    mapped("popsee:r-1");
    attempt("crm", Work.State.PARKED);
    store.clock.advance(TICK);
    delivered("popsee:r-1");

    store.clock.advance(Duration.ofDays(181));
    run();

    assertThat(rows("destination_version")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void takesARepeatForNewOnceItsEventIsGone(Dialect dialect) {
    open(dialect);
    delivered("popsee:r-1");
    keys--;
    delivered("popsee:r-1");
    assertThat(rows("event")).isEqualTo(1);

    store.clock.advance(MONTH.plus(TICK));
    run();
    keys--;
    delivered("popsee:r-1");

    assertThat(store.count("SELECT count(*) FROM delivery WHERE state = 'delivered'")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void findsWhatMayGoBehindWhatStays(Dialect dialect) {
    open(dialect);
    for (var i = 0; i < 5; i++) {
      mapped("popsee:parked-" + i);
      store.clock.advance(TICK);
    }
    attempt("crm", Work.State.PARKED);
    for (var i = 0; i < 5; i++) {
      delivered("popsee:delivered-" + i);
    }

    store.clock.advance(MONTH.plus(TICK));

    assertThat(run()).contains(entry("event", 5L), entry("request", 5L));
    assertThat(rows("event")).isEqualTo(5);
    assertThat(run()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void removesEachOnceThoughSeveralGatewaysDoItAtOnce(Dialect dialect) {
    open(dialect);
    for (var i = 0; i < 60; i++) {
      delivered("popsee:r-" + i);
    }
    store.clock.advance(Duration.ofDays(181));

    var runs =
        List.of(1, 2, 3).stream()
            .map(n -> new Retention(store.get(Store.class), store.clock, properties(3)))
            .map(gateway -> CompletableFuture.supplyAsync(gateway::run))
            .toList();
    var removed = new HashMap<String, Long>();
    runs.forEach(one -> one.join().forEach((table, rows) -> removed.merge(table, rows, Long::sum)));
    // What one passed over because another held it.
    run().forEach((table, rows) -> removed.merge(table, rows, Long::sum));

    assertThat(removed)
        .containsOnly(
            entry("event", 60L),
            entry("delivery", 60L),
            entry("attempt", 60L),
            entry("request", 60L),
            entry("destination_version", 60L));
  }

  private static RetentionProperties properties(int step) {
    return new RetentionProperties(
        MONTH,
        MONTH,
        MONTH,
        MONTH,
        MONTH,
        Duration.ofDays(30),
        Duration.ofDays(30),
        Duration.ofDays(180),
        new RetentionProperties.Kept(
            Duration.ofDays(2), Duration.ofDays(60), Duration.ofDays(1100)),
        Duration.ofHours(1),
        Duration.ofHours(1),
        step,
        Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delivery", "event", "inbox", "request"})
  void passesOverWhatAnotherGatewayHolds(String table) throws Exception {
    open(Dialect.POSTGRESQL);
    delivered("popsee:r-1");
    store.clock.advance(MONTH.plus(TICK));

    try (var another = store.writes().getConnection();
        var statement = another.createStatement()) {
      another.setAutoCommit(false);
      statement.execute("SELECT * FROM " + table + " FOR UPDATE");

      run();

      assertThat(rows(table)).isEqualTo(1);
      assertThat(rows("inbox")).isEqualTo(rows("request"));
      another.rollback();
    }
    run();
    assertThat(rows(table)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void searchesAlongAnIndex(Dialect dialect) {
    open(dialect);
    for (var table :
        List.of(
            Retention.EVENTS,
            Retention.DELIVERIES,
            Retention.REQUESTS,
            Retention.SET_ASIDE,
            Retention.REFUSALS,
            Retention.RUNS,
            Retention.AUDIT,
            Retention.VERSIONS)) {
      for (var sql :
          List.<Function<Retention.Table, String>>of(Retention.Table::find, t -> t.take(dialect))) {
        assertThat(plan(table, sql.apply(table)))
            .as(table.name())
            // As the two databases call a read of the whole table, or of a whole index.
            .noneMatch(line -> line.startsWith("SCAN ") || line.contains("Seq Scan"))
            .noneMatch(line -> line.contains("TEMP B-TREE"))
            .anyMatch(line -> line.contains(table.age()));
      }
    }
  }

  private List<String> plan(Retention.Table table, String sql) {
    var parameters = new HashMap<String, Object>(Map.of("cutoff", 5L, "rows", 2));
    for (var position : List.of("from", "to")) {
      parameters.put(position + 0, 1L);
      parameters.put(position + 1, table.key().size() == 1 ? (Object) 1L : "crm");
      parameters.put(position + 2, "popsee:r-1");
    }
    return store.plan(
        NamedParameterUtils.substituteNamedParameters(sql, new MapSqlParameterSource(parameters)),
        NamedParameterUtils.buildValueArray(sql, parameters));
  }

  @Test
  void countsVersionsThatWereThereBeforeAsRaisedWhenTheNewestRequestCame() throws Exception {
    open(Dialect.SQLITE);
    request();
    var jdbc = new JdbcTemplate(store.writes());
    jdbc.update(
        "INSERT INTO destination_version (destination, subject, event_time) VALUES ('crm',"
            + " 'popsee:r-1', 1)");

    jdbc.update(updateOfTheMigration());

    assertThat(store.count("SELECT raised_at FROM destination_version"))
        .isEqualTo(store.clock.millis());
  }

  private static String updateOfTheMigration() throws Exception {
    try (var file = RetentionTest.class.getResourceAsStream("/db/store/V2__retention.sql")) {
      return new String(file.readAllBytes())
          .lines()
          .filter(line -> line.startsWith("UPDATE "))
          .findFirst()
          .orElseThrow()
          .replace(";", "");
    }
  }
}
