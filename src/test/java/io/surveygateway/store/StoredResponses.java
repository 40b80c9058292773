package io.surveygateway.store;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.OutboxStore.Outcome;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import io.surveygateway.store.StepResult.SetAside;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Puts requests, events and deliveries into a store, as the gateway does. */
final class StoredResponses {

  private final StoreForTests store;

  StoredResponses(StoreForTests store) {
    this.store = store;
  }

  private long nextId() {
    return store.get(Ids.class).next();
  }

  private Instant now() {
    return store.clock.instant();
  }

  /** A request of Popsee's that waits to be mapped. */
  long request() {
    var id = nextId();
    store
        .get(InboxStore.class)
        .add(new NewRequest(id, "popsee", "", "application/json", "secret", now(), new byte[] {1}))
        .join();
    return id;
  }

  /** Maps what waits, which is one request, to an event that goes to some destinations. */
  void map(String key, String document, Instant time, String... destinations) {
    map(key, document, time, List.of(), destinations);
  }

  void map(
      String key, String document, Instant time, List<String> setAside, String... destinations) {
    var inbox = store.get(InboxStore.class);
    var request = inbox.read(inbox.claim("popsee", 1)).get(0);
    inbox
        .finish(step(request.id(), request.isAgain(), key, document, time, setAside, destinations))
        .join();
  }

  StepResult step(
      long request,
      boolean isAgain,
      String key,
      String document,
      Instant time,
      List<String> setAside,
      String... destinations) {
    var event =
        new NewEvent(
            nextId(),
            "popsee",
            key,
            request,
            "survey.response.completed",
            "popsee:" + key.substring(0, key.indexOf('|')),
            "s-1",
            time,
            now(),
            document);
    return new StepResult(
        request,
        "popsee",
        new Work(Work.State.DONE, now(), null),
        List.of(event),
        Arrays.stream(destinations)
            .map(
                name ->
                    new NewDelivery(nextId(), event.id(), name, Work.State.WAITING, null, now()))
            .toList(),
        setAside.stream()
            .map(reason -> new SetAside(nextId(), request, "popsee", null, reason, now()))
            .toList(),
        isAgain);
  }

  /** An event of response {@code r}, from a request of its own. */
  long event(String r, String... destinations) {
    request();
    map(r + "|e", "{\"of\":\"" + r + "\"}", now(), destinations);
    return store.count("SELECT id FROM event WHERE event_key = ?", r + "|e");
  }

  /** A delivery to "crm" of an event of its own. */
  long delivery(String r) {
    event(r, "crm");
    return delivery(r, "crm");
  }

  long delivery(String r, String destination) {
    return store.count(
        "SELECT d.id FROM delivery d JOIN event e ON e.id = d.event_id WHERE e.event_key LIKE ? AND"
            + " d.destination = ?",
        r + "|%",
        destination);
  }

  List<ClaimedDelivery> claim(String destination) {
    return store.get(OutboxStore.class).claim(destination, 100);
  }

  /** Tries all that is due at a destination; each becomes {@code state}. */
  void attempt(String destination, Work.State state) {
    claim(destination).forEach(claimed -> record(destination, claimed, state));
  }

  void record(String destination, ClaimedDelivery claimed, Work.State state) {
    var failure = state == Work.State.DELIVERED ? null : Failure.permanent("no such field");
    store
        .get(OutboxStore.class)
        .record(
            new Outcome(
                nextId(),
                claimed,
                destination,
                new Work(state, now().plus(state.isOpen() ? hour() : Duration.ZERO), failure),
                null,
                now(),
                Duration.ZERO,
                true))
        .join();
  }

  private static Duration hour() {
    return Duration.ofHours(1);
  }

  String state(long delivery) {
    return store.text("SELECT state FROM delivery WHERE id = ?", delivery);
  }

  /** What is counted of requests and deliveries is what is there. */
  void checkCounts() {
    var totals = store.get(Counters.class).totals();
    Stream.of("crm", "slack")
        .forEach(
            destination ->
                compare(
                    Map.of(
                        "open", totals.openDeliveries(destination),
                        "delivered", totals.level(Counter.DELIVERIES_DELIVERED, destination),
                        "parked", totals.level(Counter.DELIVERIES_PARKED, destination),
                        "skipped", totals.level(Counter.DELIVERIES_SKIPPED, destination),
                        "superseded", totals.level(Counter.DELIVERIES_SUPERSEDED, destination),
                        "cancelled", totals.level(Counter.DELIVERIES_CANCELLED, destination)),
                    "delivery",
                    "destination = '" + destination + "'"));
    compare(
        Map.of(
            "open", totals.openRequests("popsee"),
            "done", totals.level(Counter.REQUESTS_DONE, "popsee"),
            "parked", totals.level(Counter.REQUESTS_PARKED, "popsee")),
        "inbox",
        "provider = 'popsee'");
    var setAside = totals.level(Counter.ITEMS_SET_ASIDE, "popsee");
    if (setAside != store.count("SELECT count(*) FROM set_aside")) {
      throw new AssertionError("Counted " + setAside + " items that are set aside");
    }
  }

  private void compare(Map<String, Long> counted, String table, String condition) {
    counted.forEach(
        (state, count) -> {
          var states = state.equals("open") ? "'waiting', 'retrying'" : "'" + state + "'";
          var there =
              store.count(
                  "SELECT count(*) FROM %s WHERE %s AND state IN (%s)"
                      .formatted(table, condition, states));
          if (there != count) {
            throw new AssertionError(
                "Counted %d %s of %s where %s, and there are %d"
                    .formatted(count, state, table, condition, there));
          }
        });
  }
}
