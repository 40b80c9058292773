package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A store that was in use before there were counters. */
class CounterMigrationTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void countsWhatIsThereAlready(Dialect dialect) {
    var store = OlderStore.open(dialect, folder, "2");
    var jdbc = new JdbcTemplate(store.source());
    for (var state : new String[] {"waiting", "done", "done", "parked"}) {
      insert(jdbc, "inbox (request_id, provider, state, size, due_at)", "'popsee', ?, 1, 1", state);
    }
    insert(
        jdbc,
        "event (id, provider, event_key, request_id, type, subject, event_time, created_at,"
            + " document)",
        "'popsee', 'k', 1, 't', ?, 1, 1, '{}'",
        "popsee:r-1");
    for (var state : new String[] {"retrying", "delivered", "parked", "skipped", "superseded"}) {
      insert(
          jdbc,
          "delivery (id, event_id, destination, subject, event_time, state, due_at, created_at)",
          "(SELECT count(*) FROM delivery), 'crm', 's', 1, ?, 1, 1",
          state);
    }
    for (var outcome : new String[] {"delivered", "retrying", "retrying"}) {
      insert(
          jdbc,
          "attempt (id, delivery_id, number, started_at, duration_ms, outcome, failure_kind)",
          "1, 1, 1, 1, ?, " + (outcome.equals("delivered") ? "NULL" : "'transient'"),
          outcome);
    }
    insert(
        jdbc,
        "set_aside (id, request_id, provider, reason, created_at)",
        "1, 'popsee', ?, 1",
        "no id");
    insert(
        jdbc,
        "refusal (id, refused_at, provider, path, status, cause)",
        "1, 'popsee', '', 401, ?",
        "no proof");

    store.migrateToLatest();

    var totals =
        new Counters(
                new Store(dialect, store.source(), store.source(), store.source()),
                new SettableClock(Instant.parse("2026-03-02T09:00:00Z")))
            .totals();
    assertThat(totals.total(Counter.REQUESTS_ACCEPTED, "popsee")).isEqualTo(4);
    assertThat(totals.total(Counter.REQUESTS_DONE, "popsee")).isEqualTo(2);
    assertThat(totals.total(Counter.REQUESTS_PARKED, "popsee")).isEqualTo(1);
    assertThat(totals.openRequests("popsee")).isEqualTo(1);
    assertThat(totals.total(Counter.REQUESTS_REFUSED, "popsee", "401")).isEqualTo(1);
    assertThat(totals.total(Counter.EVENTS_STORED, "popsee")).isEqualTo(1);
    assertThat(totals.total(Counter.ITEMS_SET_ASIDE, "popsee")).isEqualTo(1);
    assertThat(totals.total(Counter.ITEMS_BROUGHT, "popsee")).isEqualTo(2);
    assertThat(totals.total(Counter.DELIVERIES_MADE, "crm")).isEqualTo(5);
    assertThat(totals.total(Counter.DELIVERIES_DELIVERED, "crm")).isEqualTo(1);
    assertThat(totals.openDeliveries("crm")).isEqualTo(1);
    assertThat(totals.total(Counter.ATTEMPTS_MADE, "crm", "delivered")).isEqualTo(1);
    assertThat(totals.total(Counter.ATTEMPTS_MADE, "crm", "transient")).isEqualTo(2);
  }

  /** A row whose id is the next of its table. */
  private static void insert(JdbcTemplate jdbc, String into, String values, String value) {
    var table = into.substring(0, into.indexOf(' '));
    jdbc.update(
        "INSERT INTO " + into + " SELECT (SELECT count(*) + 1 FROM " + table + "), " + values,
        value);
  }
}
