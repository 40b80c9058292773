package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.store.DeliveryReads.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists, page by page: on both stores. */
class ListsTest {

  private StoreForTests store;
  private StoredResponses responses;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    responses = new StoredResponses(store);
  }

  private static Filter filter(
      String provider, String destination, Set<String> states, Instant from, Instant to) {
    return new Filter(provider, null, destination, states, null, null, null, from, to);
  }

  private List<Long> allPages(Filter filter, int limit) {
    var reads = store.get(DeliveryReads.class);
    var ids = new ArrayList<Long>();
    Position after = null;
    for (var i = 0; i < 50; i++) {
      var page = reads.page(filter, after, limit);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      page.items().stream().map(Delivery::id).forEach(ids::add);
      after = page.next();
      if (after == null) {
        return ids;
      }
    }
    throw new AssertionError("Expected the list to end");
  }

  @ParameterizedTest
  @EnumSource
  void showsEachOnceAndTheNewestFirst(Dialect dialect) {
    open(dialect);
    var ids = new ArrayList<Long>();
    for (var i = 0; i < 7; i++) {
      ids.add(0, responses.delivery("r-" + i));
      if (i % 3 == 0) {
        // Several of one moment.
        store.clock.advance(Duration.ofSeconds(1));
      }
    }

    for (var limit : List.of(1, 2, 3, 7, 100)) {
      assertThat(allPages(Filter.ALL, limit)).containsExactlyElementsOf(ids);
    }
  }

  @ParameterizedTest
  @EnumSource
  void showsWhatMatches(Dialect dialect) {
    open(dialect);
    var start = store.clock.instant();
    var parked = responses.delivery("parked");
    responses.attempt("crm", Work.State.PARKED);
    store.clock.advance(Duration.ofSeconds(10));
    var waiting = responses.delivery("waiting");

    assertThat(allPages(filter(null, null, Set.of("parked"), null, null), 1))
        .containsExactly(parked);
    assertThat(allPages(filter(null, "crm", Set.of("waiting"), null, null), 1))
        .containsExactly(waiting);
    assertThat(allPages(filter(null, "slack", Set.of(), null, null), 1)).isEmpty();
    assertThat(allPages(filter("popsee", null, Set.of(), start.plusSeconds(10), null), 1))
        .containsExactly(waiting);
    assertThat(allPages(filter("popsee", null, Set.of(), start, start.plusSeconds(10)), 1))
        .containsExactly(parked);
    assertThat(allPages(filter("popsee", null, Set.of("parked"), start.plusSeconds(1), null), 1))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void saysWhereToGoOnWhenALookTakesLong(Dialect dialect) {
    open(dialect);
    var rows = LongStream.rangeClosed(1, 2_001).boxed().toList();
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.batchUpdate(
                    "INSERT INTO refusal (id, refused_at, provider, path, status, cause) VALUES (?,"
                        + " ?, ?, '', 401, 'forged')",
                    rows,
                    rows.size(),
                    (row, id) -> {
                      row.setLong(1, id);
                      row.setLong(2, id);
                      row.setString(3, id == 1 ? "rare" : "popsee");
                    }));

    // Four times as many as a page has, at first.
    var begun = look("rare", null, 0);
    assertThat(begun.items()).isEmpty();
    assertThat(begun.next()).isEqualTo(new Position(1_966, 1_966));
    var last = new Position(2, 2);
    assertThat(look("rare", last, 0).items()).containsExactly(1L);
    assertThat(look("rare", null, Duration.ofMillis(1).toNanos()).items()).containsExactly(1L);
    // What takes long is looked at in stretches that are hardly wider: 36 rows, then 50.
    assertThat(look("rare", null, Duration.ofMillis(49).toNanos()).next())
        .isEqualTo(new Position(1_916, 1_916));
  }

  /**
   * @param each how long each step takes, in nanoseconds; 0: longer than a page may
   */
  private Page<Long> look(String provider, Position after, long each) {
    var time = new AtomicLong();
    return Lists.page(
        store.get(Store.class),
        Walk.Of.REFUSALS,
        filter(provider, null, Set.of(), null, null),
        after,
        9,
        "SELECT id FROM refusal WHERE id IN (",
        (row, n) -> row.getLong(1),
        () -> time.getAndAdd(each == 0 ? Duration.ofMinutes(1).toNanos() : each));
  }

  @ParameterizedTest
  @EnumSource
  void showsRequestsAndEvents(Dialect dialect) {
    open(dialect);
    var event = responses.event("r-1", "crm");
    responses.event("r-2", "crm");
    var waiting = responses.request();
    var requests = store.get(RequestReads.class);
    var events = store.get(EventReads.class);

    assertThat(
            requests.page(filter("popsee", null, Set.of("waiting"), null, null), null, 9).items())
        .extracting(RequestReads.Request::id)
        .containsExactly(waiting);
    assertThat(requests.page(filter("popsee", null, Set.of("parked"), null, null), null, 9).items())
        .isEmpty();
    assertThat(requests.page(filter("other", null, Set.of(), null, null), null, 9).items())
        .isEmpty();
    assertThat(
            events
                .page(
                    new Filter(null, "s-1", null, Set.of(), null, null, "popsee:r-1", null, null),
                    null,
                    9)
                .items())
        .extracting(EventReads.Event::id)
        .containsExactly(event);
    assertThat(events.document(event)).contains("{\"of\":\"r-1\"}");
    assertThat(events.ofRequest(events.find(event).orElseThrow().requestId())).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void listsAnEventOnceForAllItsDeliveriesInARareState(Dialect dialect) {
    open(dialect);
    var both = responses.event("r-1", "crm", "slack");
    var one = responses.event("r-2", "crm");
    var kept = store.clock.instant();
    responses.attempt("crm", Work.State.SUPERSEDED);
    responses.attempt("slack", Work.State.SUPERSEDED);
    store.clock.advance(Duration.ofSeconds(1));
    responses.event("r-3", "crm");
    responses.attempt("crm", Work.State.DELIVERED);

    assertThat(events(inState("superseded"), 1)).containsExactly(one, both);
    assertThat(events(inState("superseded"), 9)).containsExactly(one, both);
    assertThat(events(inState("cancelled"), 9)).isEmpty();
    assertThat(events(inState("superseded").before(kept), 9)).isEmpty();
    assertThat(events(filter("tally", null, Set.of("superseded"), null, null), 9)).isEmpty();
    assertThat(events(filter("popsee", null, Set.of("superseded"), kept, null), 9)).hasSize(2);
    assertThat(events(filter(null, null, Set.of("superseded"), kept.plusSeconds(1), null), 9))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void listsFewThatWaitHoweverOldTheyAre(Dialect dialect) {
    open(dialect);
    var old = responses.delivery("old");
    var event = store.count("SELECT event_id FROM delivery WHERE id = ?", old);
    store.clock.advance(Duration.ofSeconds(1));
    var second = responses.delivery("second");
    responses.event("elsewhere", "slack");
    responses.attempt("slack", Work.State.DELIVERED);
    var from = store.clock.instant();
    var open = filter(null, null, Set.of("waiting", "retrying"), null, null);

    assertThat(fewAtATime(Walk.Of.DELIVERIES, open, 1)).containsExactly(second, old);
    assertThat(fewAtATime(Walk.Of.DELIVERIES, open, 2)).containsExactly(second, old);
    assertThat(fewAtATime(Walk.Of.EVENTS, open, 9)).hasSize(2).endsWith(event);
    assertThat(allPages(open, 1)).containsExactly(second, old);
    assertThat(
            fewAtATime(
                Walk.Of.DELIVERIES, filter("popsee", "crm", Set.of("waiting"), from, null), 9))
        .containsExactly(second);
    assertThat(fewAtATime(Walk.Of.EVENTS, open.before(from), 9)).containsExactly(event);
    assertThat(fewAtATime(Walk.Of.DELIVERIES, inState("retrying"), 9)).isEmpty();
    assertThat(
            fewAtATime(Walk.Of.DELIVERIES, filter(null, "slack", Set.of("waiting"), null, null), 9))
        .isEmpty();

    responses.attempt("crm", Work.State.RETRYING);
    assertThat(fewAtATime(Walk.Of.DELIVERIES, inState("retrying"), 9)).containsExactly(second, old);
  }

  @ParameterizedTest
  @EnumSource
  void listsFewRequestsThatWaitAsTheyCame(Dialect dialect) {
    open(dialect);
    var first = responses.request();
    store.clock.advance(Duration.ofSeconds(1));
    var from = store.clock.instant();
    var second = responses.request();

    assertThat(fewAtATime(Walk.Of.REQUESTS, inState("waiting"), 1)).containsExactly(second, first);
    assertThat(
            fewAtATime(Walk.Of.REQUESTS, filter("popsee", null, Set.of("waiting"), from, null), 9))
        .containsExactly(second);
    assertThat(
            fewAtATime(Walk.Of.REQUESTS, filter("tally", null, Set.of("waiting"), null, null), 9))
        .isEmpty();
  }

  /** Page after page, in one look each. */
  private List<Long> fewAtATime(Walk.Of what, Filter filter, int limit) {
    var ids = new ArrayList<Long>();
    Position after = null;
    do {
      var few = Walk.ofOpen(what, filter).few(store.get(Store.class), after, limit);
      ids.addAll(few.matches());
      assertThat(ids).doesNotHaveDuplicates();
      after = few.reached();
    } while (after != null);
    return ids;
  }

  @ParameterizedTest
  @EnumSource
  void walksAlongTimeWhereManyWait(Dialect dialect) {
    open(dialect);
    var tables = store.get(Store.class);
    var ids = LongStream.rangeClosed(1, Walk.FEW + 1).boxed().toList();
    tables.write(
        jdbc ->
            jdbc.batchUpdate(
                "INSERT INTO delivery (id, event_id, destination, subject, event_time, state,"
                    + " due_at, created_at) VALUES (?, ?, 'crm', 's', 1, 'waiting', 1, ?)",
                ids,
                ids.size(),
                (row, id) -> {
                  row.setLong(1, id);
                  row.setLong(2, id);
                  row.setLong(3, id);
                }));

    assertThat(Walk.ofOpen(Walk.Of.DELIVERIES, inState("waiting")).few(tables, null, 9)).isNull();
    assertThat(allPages(inState("waiting"), 100))
        .hasSize(Walk.FEW + 1)
        .startsWith(Walk.FEW + 1L)
        .endsWith(1L);
  }

  private static Filter inState(String state) {
    return filter(null, null, Set.of(state), null, null);
  }

  private List<Long> events(Filter filter, int limit) {
    var reads = store.get(EventReads.class);
    var ids = new ArrayList<Long>();
    Position after = null;
    do {
      var page = reads.page(filter, after, limit);
      page.items().stream().map(EventReads.Event::id).forEach(ids::add);
      assertThat(ids).doesNotHaveDuplicates();
      after = page.next();
    } while (after != null);
    return ids;
  }

  @ParameterizedTest
  @EnumSource
  void looksAtNothingElseForWhatIsRare(Dialect dialect) {
    open(dialect);

    for (var state : List.of("cancelled", "parked", "skipped", "superseded")) {
      assertThat(plan(Walk.of(Walk.Of.DELIVERIES, inState(state), true)))
          .anyMatch(line -> line.contains("delivery_rare"));
      assertThat(plan(Walk.of(Walk.Of.DELIVERIES, inState(state), false)))
          .anyMatch(line -> line.contains("delivery_rare"));
      assertThat(plan(Walk.of(Walk.Of.EVENTS, inState(state), true)))
          .anyMatch(line -> line.contains("delivery_rare"));
    }
    for (var state : List.of("cancelled", "parked")) {
      assertThat(plan(Walk.of(Walk.Of.REQUESTS, inState(state), true)))
          .anyMatch(line -> line.contains("inbox_rare"));
    }
    assertThat(
            plan(
                Walk.of(
                    Walk.Of.REQUESTS, filter("popsee", null, Set.of("done"), null, null), true)))
        .anyMatch(line -> line.contains("request_provider"));
    for (var what : List.of(Walk.Of.DELIVERIES, Walk.Of.EVENTS, Walk.Of.REQUESTS)) {
      var open = Walk.ofOpen(what, inState("waiting"));
      assertThat(store.plan(open.sql(null), open.parameters(null, 9).toArray()))
          .as("%s", what)
          .anyMatch(line -> line.matches(".* (inbox_due|delivery_order)( .*)?"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void walksAlongAnIndexWhateverTheFilter(Dialect dialect) {
    open(dialect);
    var from = store.clock.instant();
    for (var what : Walk.Of.values()) {
      for (var filter :
          List.of(
              Filter.ALL,
              filter("popsee", "crm", Set.of("parked"), from, null),
              filter("popsee", "crm", Set.of("waiting", "parked"), from, from.plusSeconds(9)),
              new Filter(null, "s-1", null, Set.of(), "auth", "t", "popsee:r-1", null, null))) {
        for (var newestFirst : List.of(true, false)) {
          var plan = plan(Walk.of(what, filter, newestFirst));
          assertThat(plan)
              .as("%s %s", what, filter)
              // A read of a whole table; of an index it goes by its order, and stops.
              .noneMatch(line -> line.matches("SCAN t") || line.contains("Seq Scan"));
        }
      }
    }
  }

  private List<String> plan(Walk walk) {
    var after = new Position(5, 5);
    return store.plan(walk.sql(after), walk.parameters(after, 10).toArray());
  }
}
