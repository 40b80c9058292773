package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.Change.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that are mapped again, from the bytes that came: on both stores. */
class MappedAgainTest {

  private static final Instant THEN = Instant.parse("2026-03-02T08:00:00Z");

  private StoreForTests store;
  private StoredResponses responses;
  private RequestChanges requests;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    responses = new StoredResponses(store);
    requests = store.get(RequestChanges.class);
  }

  private Change mapAgain(long request) {
    return requests.mapAgain(request, provider -> null);
  }

  private long delivered(String... destinations) {
    var request = responses.request();
    responses.map("r-1|e", "{\"v\":1}", THEN, destinations);
    for (var destination : destinations) {
      responses.attempt(destination, Work.State.DELIVERED);
    }
    return request;
  }

  @ParameterizedTest
  @EnumSource
  void givesTheEventItsNewDocumentAndSendsItAgain(Dialect dialect) {
    open(dialect);
    var request = delivered("crm");
    var event = store.count("SELECT id FROM event");

    assertThat(mapAgain(request).verdict()).isEqualTo(Verdict.CHANGED);
    responses.map("r-1|e", "{\"v\":2}", THEN.plusSeconds(5), "crm");

    var claimed = responses.claim("crm").get(0);
    assertThat(claimed.document()).isEqualTo("{\"v\":2}");
    assertThat(claimed.eventTime()).isEqualTo(THEN.plusSeconds(5));
    assertThat(claimed.eventId()).isEqualTo(event);
    assertThat(claimed.attempts()).isEqualTo(1);
    assertThat(claimed.agesFrom()).isEqualTo(store.clock.instant());
    assertThat(store.count("SELECT count(*) FROM event")).isEqualTo(1);
    assertThat(store.text("SELECT state FROM inbox")).isEqualTo("done");
    assertThat(store.count("SELECT again FROM inbox")).isZero();
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void makesADeliveryWhereTheRouterSendsItNow(Dialect dialect) {
    open(dialect);
    mapAgain(delivered("crm"));

    responses.map("r-1|e", "{\"v\":2}", THEN, "crm", "slack");

    var claimed = responses.claim("slack").get(0);
    assertThat(claimed.document()).isEqualTo("{\"v\":2}");
    assertThat(claimed.origin().receivedAt()).as("a person's time counts as nobody's").isNull();
    assertThat(responses.claim("crm")).hasSize(1);
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void cancelsWhatTheRouterDoesNotSendThereAnyMore(Dialect dialect) {
    open(dialect);
    var request = responses.request();
    responses.map("r-1|e", "{\"v\":1}", THEN, "crm", "slack");
    responses.attempt("crm", Work.State.DELIVERED);
    responses.attempt("slack", Work.State.PARKED);

    mapAgain(request);
    responses.map("r-1|e", "{\"v\":2}", THEN);

    assertThat(responses.state(responses.delivery("r-1", "slack"))).isEqualTo("cancelled");
    assertThat(responses.state(responses.delivery("r-1", "crm"))).isEqualTo("delivered");
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void cancelsWhatIsOpenOfAnEventThatIsNotMadeAnyMore(Dialect dialect) {
    open(dialect);
    var request = responses.request();
    responses.map("r-1|e", "{\"v\":1}", THEN, "crm", "slack");
    responses.attempt("crm", Work.State.DELIVERED);
    responses.attempt("slack", Work.State.PARKED);
    responses.request();
    responses.map("r-9|e", "{\"v\":1}", THEN, "slack");

    mapAgain(request);
    responses.map("r-2|e", "{\"v\":2}", THEN, "crm");

    assertThat(responses.state(responses.delivery("r-1", "slack"))).isEqualTo("cancelled");
    assertThat(store.text("SELECT reason FROM delivery WHERE state = 'cancelled'"))
        .isEqualTo("Mapped again, and this event is not made any more");
    assertThat(responses.state(responses.delivery("r-1", "crm"))).isEqualTo("delivered");
    assertThat(responses.state(responses.delivery("r-2", "crm"))).isEqualTo("waiting");
    assertThat(responses.state(responses.delivery("r-9", "slack"))).isEqualTo("waiting");
    assertThat(store.count("SELECT count(*) FROM event")).isEqualTo(3);
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void letsGoWhatWaitedBehindAnEventThatIsNotMadeAnyMore(Dialect dialect) {
    open(dialect);
    var request = responses.request();
    responses.map("r-1|e", "{\"v\":1}", THEN, "crm");
    responses.attempt("crm", Work.State.RETRYING);
    responses.request();
    responses.map("r-1|f", "{\"v\":2}", THEN.plusSeconds(5), "crm");
    setBehind();

    mapAgain(request);
    responses.map("r-2|e", "{\"v\":3}", THEN, "slack");

    assertThat(responses.claim("crm").get(0).document()).isEqualTo("{\"v\":2}");
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void waitsWhileAnEventIsUnderWayThatIsNotMadeAnyMore(Dialect dialect) {
    open(dialect);
    var request = responses.request();
    responses.map("r-1|e", "{\"v\":1}", THEN, "crm");
    responses.claim("crm");

    mapAgain(request);
    responses.map("r-2|e", "{\"v\":2}", THEN, "crm");

    assertThat(store.text("SELECT state FROM inbox")).isEqualTo("retrying");
    assertThat(store.count("SELECT count(*) FROM event")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void sendsAnEventAgainThatIsOlderThanItWasTakenFor(Dialect dialect) {
    open(dialect);
    mapAgain(delivered("crm"));

    responses.map("r-1|e", "{\"v\":2}", THEN.minusSeconds(60), "crm");

    assertThat(responses.claim("crm").get(0).document()).isEqualTo("{\"v\":2}");
    assertThat(store.count("SELECT count(*) FROM delivery WHERE state = 'superseded'")).isZero();
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void doesNotSendItAgainWhereAnotherEventIsNewerThen(Dialect dialect) {
    open(dialect);
    responses.request();
    responses.map("r-1|a", "{\"v\":0}", THEN.minusSeconds(30), "crm");
    responses.attempt("crm", Work.State.DELIVERED);
    mapAgain(delivered("crm"));

    responses.map("r-1|e", "{\"v\":2}", THEN.minusSeconds(60), "crm");

    assertThat(responses.claim("crm")).isEmpty();
    assertThat(store.count("SELECT event_time FROM destination_version"))
        .isEqualTo(THEN.minusSeconds(30).toEpochMilli());
    assertThat(store.count("SELECT count(*) FROM delivery WHERE state = 'superseded'"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void addsWhatItDidNotMakeBefore(Dialect dialect) {
    open(dialect);
    var request = delivered("crm");

    mapAgain(request);
    responses.map("r-2|e", "{\"v\":2}", THEN, "crm");

    assertThat(responses.claim("crm").get(0).subject()).isEqualTo("popsee:r-2");
    assertThat(store.count("SELECT count(*) FROM event")).isEqualTo(2);
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void replacesWhatWasSetAside(Dialect dialect) {
    open(dialect);
    var request = responses.request();
    responses.map("r-1|e", "{}", THEN, List.of("no id", "no date"), "crm");

    responses.attempt("crm", Work.State.DELIVERED);
    mapAgain(request);
    responses.map("r-1|e", "{}", THEN, List.of("no date"), "crm");

    assertThat(store.text("SELECT reason FROM set_aside")).isEqualTo("no date");
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void letsGoWhatWaitedBehindIt(Dialect dialect) {
    open(dialect);
    var request = responses.request();
    responses.map("r-1|e", "{\"v\":1}", THEN, "crm");
    responses.attempt("crm", Work.State.RETRYING);
    responses.request();
    responses.map("r-1|f", "{\"v\":2}", THEN.plusSeconds(5), "crm");
    setBehind();

    mapAgain(request);
    responses.map("r-1|e", "{\"v\":3}", THEN.plusSeconds(9), "crm");

    assertThat(responses.claim("crm").get(0).document()).isEqualTo("{\"v\":2}");
  }

  private void setBehind() {
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "UPDATE delivery SET behind_until = ? WHERE state = 'waiting'",
                    store.clock.instant().plus(Duration.ofMinutes(9)).toEpochMilli()));
  }

  @ParameterizedTest
  @EnumSource
  void doesNothingForARepeatByTheSender(Dialect dialect) {
    open(dialect);
    delivered("crm");

    responses.request();
    responses.map("r-1|e", "{\"v\":2}", THEN.plusSeconds(5), "crm", "slack");

    assertThat(store.text("SELECT document FROM event")).isEqualTo("{\"v\":1}");
    assertThat(store.count("SELECT count(*) FROM delivery WHERE state = 'delivered'")).isEqualTo(1);
    assertThat(store.count("SELECT count(*) FROM delivery")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void stillTakesARepeatForOneWhenItIsMappedAgain(Dialect dialect) {
    open(dialect);
    delivered("crm");
    var repeat = responses.request();
    responses.map("r-1|e", "{\"v\":1}", THEN, "crm");

    mapAgain(repeat);
    responses.map("r-1|e", "{\"v\":2}", THEN, "crm");

    assertThat(store.text("SELECT document FROM event")).isEqualTo("{\"v\":1}");
    assertThat(responses.claim("crm")).isEmpty();
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void takesARepeatForTheEventsOwnRequestWhereThatIsGone(Dialect dialect) {
    open(dialect);
    var request = delivered("crm");
    var repeat = responses.request();
    responses.map("r-1|e", "{\"v\":1}", THEN, "crm");
    store.get(Store.class).write(jdbc -> jdbc.update("DELETE FROM request WHERE id = ?", request));

    mapAgain(repeat);
    responses.map("r-1|e", "{\"v\":2}", THEN, "crm");

    assertThat(store.text("SELECT document FROM event")).isEqualTo("{\"v\":2}");
    assertThat(store.count("SELECT request_id FROM event")).isEqualTo(repeat);
  }

  @ParameterizedTest
  @EnumSource
  void waitsWhileTheOldDocumentIsUnderWay(Dialect dialect) {
    open(dialect);
    var request = responses.request();
    responses.map("r-1|e", "{\"v\":1}", THEN, "crm");
    var underWay = responses.claim("crm").get(0);

    mapAgain(request);
    responses.map("r-1|e", "{\"v\":2}", THEN, "crm");

    assertThat(store.text("SELECT state FROM inbox")).isEqualTo("retrying");
    assertThat(store.count("SELECT attempts FROM inbox")).isZero();
    assertThat(store.text("SELECT document FROM event")).isEqualTo("{\"v\":1}");
    responses.record("crm", underWay, Work.State.DELIVERED);
    store.clock.advance(Duration.ofSeconds(5));
    responses.map("r-1|e", "{\"v\":2}", THEN, "crm");
    assertThat(responses.claim("crm").get(0).document()).isEqualTo("{\"v\":2}");
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void leavesItToWhomeverTookTheLeaseOver(Dialect dialect) {
    open(dialect);
    var request = delivered("crm");
    mapAgain(request);
    store.get(InboxStore.class).claim("popsee", 1);
    store.clock.advance(StoreForTests.LEASE);
    store.inboxOf("another").claim("popsee", 1);

    store
        .get(InboxStore.class)
        .finish(responses.step(request, true, "r-1|e", "{\"v\":2}", THEN, List.of(), "crm"))
        .join();

    assertThat(store.text("SELECT document FROM event")).isEqualTo("{\"v\":1}");
    assertThat(responses.claim("crm")).isEmpty();
    assertThat(store.text("SELECT lease_owner FROM inbox")).isEqualTo("another");
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void triesAParkedRequestAgainWithAllItsAttempts(Dialect dialect) {
    open(dialect);
    var request = responses.request();
    var inbox = store.get(InboxStore.class);
    inbox.claim("popsee", 1);
    inbox
        .finish(
            new StepResult(
                request,
                "popsee",
                new Work(
                    Work.State.PARKED, store.clock.instant(), Failure.auth("token was refused")),
                List.of(),
                List.of(),
                List.of()))
        .join();

    assertThat(mapAgain(request).isChanged()).isTrue();
    responses.checkCounts();

    assertThat(inbox.read(inbox.claim("popsee", 1)).get(0).attempts()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void mapsNothingAgainThatIsUnderWayOrWaitsOrIsGone(Dialect dialect) {
    open(dialect);
    var request = responses.request();

    assertThat(mapAgain(request).verdict()).isEqualTo(Verdict.WAITING);
    store.get(InboxStore.class).claim("popsee", 1);
    assertThat(mapAgain(request).verdict()).isEqualTo(Verdict.UNDER_WAY);
    assertThat(mapAgain(404).verdict()).isEqualTo(Verdict.GONE);
  }

  @ParameterizedTest
  @EnumSource
  void mapsNothingAgainThatNobodyMaps(Dialect dialect) {
    open(dialect);
    var request = delivered("crm");

    var change = requests.mapAgain(request, provider -> "No route maps " + provider);

    assertThat(change.verdict()).isEqualTo(Verdict.OFF);
    assertThat(change.note()).isEqualTo("No route maps popsee");
    assertThat(store.text("SELECT state FROM inbox")).isEqualTo("done");
  }

  @ParameterizedTest
  @EnumSource
  void keepsRetentionFromWhatIsToBeMappedAgain(Dialect dialect) {
    open(dialect);
    var request = delivered("crm");
    store.clock.advance(Duration.ofDays(30).plusMillis(1));

    mapAgain(request);
    store.get(Retention.class).run();

    assertThat(store.count("SELECT count(*) FROM request")).isEqualTo(1);
  }
}
