package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.surveygateway.store.Run.Action;
import io.surveygateway.store.RunSteps.Takers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same done to many, in steps: on both stores. */
class RunStepsTest {

  private static final Takers ALL = new Takers(destination -> null, provider -> null);
  private static final Filter PARKED_AT_CRM = filter("crm", Set.of("parked"));

  private StoreForTests store;
  private StoredResponses responses;
  private RunStore runs;
  private RunSteps steps;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    responses = new StoredResponses(store);
    runs = store.get(RunStore.class);
    steps = store.get(RunSteps.class);
  }

  private static Filter filter(String destination, Set<String> states) {
    return new Filter(null, null, destination, states, null, null, null, null, null);
  }

  private static Filter provider(String provider, Set<String> states) {
    return new Filter(provider, null, null, states, null, null, null, null, null);
  }

  private void parked(int count) {
    for (var i = 0; i < count; i++) {
      responses.event("r-" + i, "crm", "slack");
    }
    responses.attempt("crm", Work.State.PARKED);
  }

  private Run prepare(Action action, Filter filter, String... destinations) {
    return runs.prepare(action, filter, List.of(destinations), "ada");
  }

  private Run toItsEnd(Run run) {
    runs.start(run.id());
    var now = run;
    for (var i = 0; i < 100 && now.state() != Run.State.DONE; i++) {
      now = steps.step(run.id(), ALL, 3);
    }
    assertThat(now.state()).isEqualTo(Run.State.DONE);
    return now;
  }

  private long count(String state) {
    return store.count(
        "SELECT count(*) FROM delivery WHERE destination = 'crm' AND state = ?", state);
  }

  @ParameterizedTest
  @EnumSource
  void countsFirstAndChangesNothingBeforeItIsStarted(Dialect dialect) {
    open(dialect);
    parked(7);

    var run = prepare(Action.RETRY, PARKED_AT_CRM);

    assertThat(run.matches()).isEqualTo(7);
    assertThat(run.isMore()).isFalse();
    assertThat(run.state()).isEqualTo(Run.State.PREPARED);
    assertThat(run.askedBy()).isEqualTo("ada");
    assertThat(steps.step(run.id(), ALL, 3)).isNull();
    assertThat(count("parked")).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource
  void retriesAllThatMatchAndNothingElse(Dialect dialect) {
    open(dialect);
    parked(7);

    var run = toItsEnd(prepare(Action.RETRY, PARKED_AT_CRM));

    assertThat(run.done()).isEqualTo(7);
    assertThat(run.changed()).isEqualTo(7);
    assertThat(run.notPossible()).isEmpty();
    assertThat(run.finishedAt()).isEqualTo(store.clock.instant());
    assertThat(responses.claim("crm")).hasSize(7);
    assertThat(
            store.count(
                "SELECT count(*) FROM delivery WHERE restarted_at IS NOT NULL AND"
                    + " destination = 'slack'"))
        .isZero();
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void stopsHalfWayAndGoesOnFromThere(Dialect dialect) {
    open(dialect);
    parked(7);
    var run = prepare(Action.RETRY, PARKED_AT_CRM);
    runs.start(run.id());
    steps.step(run.id(), ALL, 3);

    assertThat(runs.stop(run.id(), null)).isTrue();
    assertThat(runs.stop(run.id(), null)).isFalse();
    assertThat(steps.step(run.id(), ALL, 3)).isNull();
    assertThat(count("waiting")).isEqualTo(3);
    var stopped = runs.find(run.id()).orElseThrow();
    assertThat(stopped.state()).isEqualTo(Run.State.STOPPED);
    assertThat(stopped.changed()).isEqualTo(3);

    assertThat(toItsEnd(stopped).changed()).isEqualTo(7);
    assertThat(runs.start(run.id())).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void sendsNothingTwiceThoughItsOnesParkAgainMeanwhile(Dialect dialect) {
    open(dialect);
    parked(4);
    var run = prepare(Action.RETRY, PARKED_AT_CRM);
    runs.start(run.id());
    Run now = run;
    for (var i = 0; i < 20 && now.state() != Run.State.DONE; i++) {
      store.clock.advance(Duration.ofSeconds(1));
      now = steps.step(run.id(), ALL, 2);
      responses.attempt("crm", Work.State.PARKED);
    }

    assertThat(now.state()).isEqualTo(Run.State.DONE);
    assertThat(now.changed()).isEqualTo(4);
    assertThat(store.count("SELECT count(*) FROM attempt")).isEqualTo(8);
  }

  @ParameterizedTest
  @EnumSource
  void changesEachOnceThoughSeveralGatewaysDoIt(Dialect dialect) {
    open(dialect);
    parked(60);
    var run = prepare(Action.RETRY, PARKED_AT_CRM);
    runs.start(run.id());

    var gateways =
        List.of(1, 2, 3).stream()
            .map(
                n ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (var i = 0; i < 200; i++) {
                            if (steps.step(run.id(), ALL, 2) == null) {
                              return;
                            }
                          }
                        }))
            .toList();
    gateways.forEach(CompletableFuture::join);

    var done = runs.find(run.id()).orElseThrow();
    assertThat(done.state()).isEqualTo(Run.State.DONE);
    assertThat(done.done()).isEqualTo(60);
    assertThat(done.changed()).isEqualTo(60);
    assertThat(done.notPossible()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void countsByReasonWhatCouldNotBeChanged(Dialect dialect) {
    open(dialect);
    parked(3);
    var run = prepare(Action.RETRY, filter("crm", Set.of("parked", "cancelled")));
    store
        .get(DeliveryChanges.class)
        .sendAgain(
            responses.delivery("r-0", "crm"),
            new DeliveryChanges.SendAgain(false, Set.of(), name -> null));
    responses.claim("crm");
    store.get(DeliveryChanges.class).cancel(responses.delivery("r-1", "crm"), "x");
    runs.start(run.id());

    var done = steps.step(run.id(), new Takers(name -> "off", provider -> null), 100);

    assertThat(done.state()).isEqualTo(Run.State.DONE);
    // What is under way waits or is retried, and so does not match any more.
    assertThat(done.done()).isEqualTo(2);
    assertThat(done.notPossible()).containsOnly(entry("off", 2L));
  }

  @ParameterizedTest
  @EnumSource
  void leavesAloneWhatHasAnotherStateByTheTimeOfTheChange(Dialect dialect) {
    open(dialect);
    parked(1);
    var id = responses.delivery("r-0", "crm");
    var changes =
        store
            .get(Store.class)
            .write(
                jdbc ->
                    store
                        .get(DeliveryChanges.class)
                        .cancel(jdbc, List.of(id), Set.of("waiting"), "x", new Counts()));

    assertThat(changes).extracting(Change::verdict).containsExactly(Change.Verdict.OTHERWISE);
    assertThat(count("parked")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void cancelsAndSaysWhoAskedForIt(Dialect dialect) {
    open(dialect);
    parked(4);

    var run = toItsEnd(prepare(Action.CANCEL, PARKED_AT_CRM));

    assertThat(count("cancelled")).isEqualTo(4);
    assertThat(store.text("SELECT min(reason) FROM delivery WHERE state = 'cancelled'"))
        .isEqualTo("Cancelled by ada in run " + run.id());
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void replaysEventsToAnotherDestination(Dialect dialect) {
    open(dialect);
    responses.event("r-1");
    responses.event("r-2");

    var run = toItsEnd(prepare(Action.REPLAY, provider("popsee", Set.of()), "crm"));

    assertThat(run.done()).isEqualTo(2);
    assertThat(run.changed()).isEqualTo(2);
    assertThat(responses.claim("crm")).hasSize(2);
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void mapsRequestsAgain(Dialect dialect) {
    open(dialect);
    responses.event("r-1", "crm");
    responses.event("r-2", "crm");
    var waiting = responses.request();

    var run = toItsEnd(prepare(Action.MAP_AGAIN, provider("popsee", Set.of("done", "parked"))));

    assertThat(run.changed()).isEqualTo(2);
    assertThat(store.count("SELECT count(*) FROM inbox WHERE again = 1")).isEqualTo(2);
    assertThat(store.count("SELECT again FROM inbox WHERE request_id = ?", waiting)).isZero();
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void leavesOutWhatCameAfterItWasPrepared(Dialect dialect) {
    open(dialect);
    parked(2);
    var run = prepare(Action.RETRY, PARKED_AT_CRM);
    store.clock.advance(Duration.ofSeconds(1));
    responses.event("later", "crm");
    responses.attempt("crm", Work.State.PARKED);

    assertThat(toItsEnd(run).done()).isEqualTo(2);
    assertThat(count("parked")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void leaveOnceTheyAreOverAndOld(Dialect dialect) {
    open(dialect);
    var running = prepare(Action.RETRY, PARKED_AT_CRM);
    runs.start(running.id());
    prepare(Action.RETRY, PARKED_AT_CRM);
    store.clock.advance(Duration.ofDays(30).plusMillis(1));

    store.get(Retention.class).run();

    assertThat(runs.page(null, 10).items()).extracting(Run::id).containsExactly(running.id());
  }
}
