package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.surveygateway.store.DeliveryReads.Group;
import io.surveygateway.store.EventReads.Event;
import io.surveygateway.store.StepResult.Facts;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How events and deliveries are found, on both stores. */
class EventSearchTest {

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

  private static Filter of(
      String email, String survey, String type, String provider, String state) {
    return new Filter(
        provider,
        survey,
        null,
        state == null ? Set.of() : Set.of(state),
        null,
        type,
        null,
        null,
        null,
        null,
        email);
  }

  private void event(String response, String email, String survey, String type) {
    var request = responses.request();
    var inbox = store.get(InboxStore.class);
    inbox.read(inbox.claim("popsee", 1));
    var ids = store.get(Ids.class);
    var now = store.clock.instant();
    var event =
        new NewEvent(
            ids.next(),
            "popsee",
            response + "|e",
            request,
            type,
            "popsee:" + response,
            survey,
            now,
            now,
            "{\"of\":\"" + response + "\"}",
            email,
            Facts.NONE);
    inbox
        .finish(
            new StepResult(
                request,
                "popsee",
                new Work(Work.State.DONE, now, null),
                List.of(event),
                List.of(
                    new NewDelivery(ids.next(), event.id(), "crm", Work.State.WAITING, null, now)),
                List.of()))
        .join();
    store.clock.advance(Duration.ofSeconds(1));
  }

  private List<String> found(Filter filter) {
    return store.get(EventReads.class).page(filter, null, 10).items().stream()
        .map(Event::subject)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void findsByEachAndByAllTogether(Dialect dialect) {
    open(dialect);
    event("r-1", "Ada@Example.org", "s-1", "survey.response.completed");
    event("r-2", "ada@example.org", "s-2", "survey.response.updated");
    event("r-3", null, "s-1", "survey.response.updated");

    assertThat(found(of("ADA@example.ORG", null, null, null, null)))
        .containsExactly("popsee:r-2", "popsee:r-1");
    assertThat(found(of(null, "s-1", null, null, null)))
        .containsExactly("popsee:r-3", "popsee:r-1");
    assertThat(found(of(null, null, "survey.response.updated", null, null)))
        .containsExactly("popsee:r-3", "popsee:r-2");
    assertThat(found(of(null, null, null, "popsee", null))).hasSize(3);
    assertThat(found(of(null, null, null, "tally", null))).isEmpty();
    assertThat(found(of("ada@example.org", "s-1", null, null, null))).containsExactly("popsee:r-1");
    assertThat(found(of(null, "s-1", "survey.response.updated", "popsee", "waiting")))
        .containsExactly("popsee:r-3");
    assertThat(found(of("ada@example.org", null, null, "tally", null))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void losesNoEventForAnAddressThatIsNone(Dialect dialect) {
    open(dialect);
    var hostile = List.of("a\u0000@example.org", "\ud800", "x".repeat(400) + "@example.org");
    for (var i = 0; i < hostile.size(); i++) {
      event("r-" + i, hostile.get(i), null, "t");
    }

    assertThat(found(Filter.ALL)).hasSize(hostile.size());
    assertThat(found(of("a\u0000@example.org", null, null, null, null))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void findsByWhatBecameOfADelivery(Dialect dialect) {
    open(dialect);
    event("r-1", null, null, "t");
    responses.attempt("crm", Work.State.PARKED);
    event("r-2", null, null, "t");

    assertThat(found(of(null, null, null, null, "parked"))).containsExactly("popsee:r-1");
    assertThat(found(of(null, null, null, null, "waiting"))).containsExactly("popsee:r-2");
    assertThat(found(of(null, null, null, null, "delivered"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void knowsWhichResponsesThereAreAndWhoGaveThem(Dialect dialect) {
    open(dialect);
    event("r-1", "ada@example.org", null, "t");
    event("r-2", null, null, "t");
    var reads = store.get(EventReads.class);
    var ids = reads.page(Filter.ALL, null, 10).items().stream().map(Event::id).toList();

    assertThat(reads.subjects(List.of("r-1", "popsee:r-1", "tally:r-1")))
        .containsExactly("popsee:r-1");
    assertThat(reads.addresses(ids)).hasSize(1).containsEntry(ids.get(1), "ada@example.org");
    assertThat(reads.documents(ids)).hasSize(2).containsEntry(ids.get(0), "{\"of\":\"r-2\"}");
    assertThat(reads.ofSubject("popsee:r-2")).extracting(Event::id).containsExactly(ids.get(0));
    assertThat(store.get(DeliveryReads.class).ofEvents(ids)).containsOnlyKeys(ids);
  }

  @ParameterizedTest
  @EnumSource
  void takesTheAddressAlongWhenARequestIsMappedAgain(Dialect dialect) {
    open(dialect);
    var request = responses.request();
    responses.map("r-1|e", "{}", store.clock.instant(), "crm");
    store.get(RequestChanges.class).mapAgain(request, provider -> null);
    var inbox = store.get(InboxStore.class);
    var again = inbox.read(inbox.claim("popsee", 1)).get(0);
    var now = store.clock.instant();
    inbox
        .finish(
            new StepResult(
                again.id(),
                "popsee",
                new Work(Work.State.DONE, now, null),
                List.of(
                    new NewEvent(
                        store.get(Ids.class).next(),
                        "popsee",
                        "r-1|e",
                        again.id(),
                        "t",
                        "popsee:r-1",
                        null,
                        now,
                        now,
                        "{}",
                        "ada@example.org",
                        Facts.NONE)),
                List.of(),
                List.of(),
                true))
        .join();

    assertThat(found(of("ada@example.org", null, null, null, null))).containsExactly("popsee:r-1");
  }

  @ParameterizedTest
  @EnumSource
  void groupsDeliveriesByWhyTheyDoNotArrive(Dialect dialect) {
    open(dialect);
    var start = store.clock.instant();
    event("r-1", null, null, "t");
    responses.attempt("crm", Work.State.PARKED);
    store.clock.advance(Duration.ofSeconds(9));
    event("r-2", null, null, "t");
    responses.attempt("crm", Work.State.PARKED);
    event("r-3", null, null, "t");

    assertThat(store.get(DeliveryReads.class).groups(List.of("crm", "slack")))
        .containsExactly(
            new Group(
                "crm",
                "parked",
                "permanent",
                "no such field",
                2,
                start.plusSeconds(1),
                start.plusSeconds(11)),
            new Group(
                "crm", "waiting", null, null, 1, start.plusSeconds(11), start.plusSeconds(11)));
  }

  @ParameterizedTest
  @EnumSource
  void findsDeliveriesByTheirReason(Dialect dialect) {
    open(dialect);
    event("r-1", null, null, "t");
    responses.attempt("crm", Work.State.PARKED);

    var reads = store.get(DeliveryReads.class);
    assertThat(reads.page(because("no such field"), null, 10).items()).hasSize(1);
    assertThat(reads.page(because("no such"), null, 10).items()).isEmpty();
  }

  private static Filter because(String reason) {
    return new Filter(
        null, null, null, Set.of("parked"), null, null, null, null, null, reason, null);
  }

  @ParameterizedTest
  @EnumSource
  void listsWhatWasSetAside(Dialect dialect) {
    open(dialect);
    responses.request();
    responses.map("r-1|e", "{}", store.clock.instant(), List.of("Expected an id"), "crm");

    var page =
        store
            .get(RequestReads.class)
            .apart(of(null, null, null, "popsee", null), (Position) null, 10);

    assertThat(page.items())
        .singleElement()
        .satisfies(apart -> assertThat(apart.reason()).isEqualTo("Expected an id"));
    assertThat(
            store
                .get(RequestReads.class)
                .apart(of(null, null, null, "tally", null), null, 10)
                .items())
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void countsTheSeriesOfSomeLanesAndKnowsWhenEachLastCounted(Dialect dialect) {
    open(dialect);
    var start = store.clock.instant();
    event("r-1", null, null, "t");
    store.clock.advance(Duration.ofMinutes(3));
    event("r-2", null, null, "t");
    var counters = store.get(Counters.class);

    assertThat(
            counters.seriesOf(
                Counter.EVENTS_STORED,
                Set.of("popsee", "tally"),
                CounterSpan.MINUTE,
                start,
                store.clock.instant()))
        .extracting(Counters.Point::start, Counters.Point::added)
        .containsExactly(tuple(start, 1L), tuple(start.plus(Duration.ofMinutes(3)), 1L));
    assertThat(
            counters.seriesOf(
                Counter.EVENTS_STORED,
                Set.of("tally"),
                CounterSpan.MINUTE,
                start,
                store.clock.instant()))
        .isEmpty();
    assertThat(counters.last(Counter.EVENTS_STORED, List.of("popsee", "tally")))
        .hasSize(1)
        .containsEntry("popsee", Instant.parse("2026-03-02T09:03:00Z"));
  }

  @ParameterizedTest
  @EnumSource
  void readsAlongIndexes(Dialect dialect) {
    open(dialect);
    for (var filter :
        List.of(
            of("ada@example.org", null, null, null, null),
            of(null, "s-1", "t", "popsee", "parked"),
            of(null, null, "t", "popsee", null),
            of(null, null, null, "popsee", null))) {
      var walk = Walk.of(Walk.Of.EVENTS, filter, true);
      checkPlan(walk.sql(null), walk.parameters(null, 2000));
    }
    checkPlan(DeliveryReads.PARKED_GROUPS, List.of("crm"));
    checkPlan(DeliveryReads.OPEN_GROUPS, List.of("crm"));
    checkPlan(DeliveryReads.ENDED_SINCE, List.of(0L));
    checkPlan(DeliveryReads.OPEN_SINCE, List.of("crm", 0L));
    checkPlan(DeliveryReads.LAST_PARKED, List.of("crm"));
    checkPlan(Counters.LAST, List.of("minute", "events_stored", "popsee"));
  }

  private void checkPlan(String sql, List<Object> parameters) {
    var plan = store.plan(sql, parameters.toArray());
    assertThat(plan)
        .as(sql)
        .noneMatch(line -> line.matches("SCAN (event|delivery|counter|t)( .*)?"))
        .noneMatch(line -> line.contains("Seq Scan"));
  }
}
