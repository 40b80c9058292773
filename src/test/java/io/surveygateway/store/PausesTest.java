package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.Pauses.Pause;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pauses on SQLite and on PostgreSQL: what waits, what goes on, and what is said. */
class PausesTest {

  private static final String CRM = OutboxStore.lane("crm");
  private static final String POPSEE = InboxStore.lane("popsee");

  private StoreForTests store;
  private Pauses pauses;
  private int keys;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    pauses = store.get(Pauses.class);
  }

  private long receive(String provider) {
    var id = store.get(Ids.class).next();
    store
        .get(InboxStore.class)
        .add(
            new NewRequest(
                id, provider, "", null, "current secret", store.clock.instant(), new byte[] {1}))
        .join();
    return id;
  }

  private long send(String destination) {
    var ids = store.get(Ids.class);
    var now = store.clock.instant();
    var event =
        new NewEvent(
            ids.next(),
            "popsee",
            "e-" + ++keys,
            1,
            "survey.response.completed",
            "popsee:r-" + keys,
            null,
            now,
            now,
            "{}");
    var delivery =
        new NewDelivery(ids.next(), event.id(), destination, Work.State.WAITING, null, now);
    store
        .get(InboxStore.class)
        .finish(
            new StepResult(
                1,
                "popsee",
                new Work(Work.State.DONE, now, null),
                List.of(event),
                List.of(delivery),
                List.of()))
        .join();
    return delivery.id();
  }

  private List<Long> claimed(OutboxStore outbox, String destination) {
    return outbox.claim(destination, 10).stream().map(ClaimedDelivery::id).toList();
  }

  private List<Long> mapped(InboxStore inbox, String provider) {
    return inbox.claim(provider, 10).stream().map(InboxStore.Claim::id).toList();
  }

  @ParameterizedTest
  @EnumSource
  void holdsDeliveriesUntilTheyAreResumedForAllGateways(Dialect dialect) {
    open(dialect);
    var id = send("crm");

    pauses.pause(CRM, "ada", null);
    assertThat(claimed(store.get(OutboxStore.class), "crm")).isEmpty();
    assertThat(claimed(store.outboxOf("another"), "crm")).isEmpty();
    assertThat(store.text("SELECT state FROM delivery WHERE id = ?", id)).isEqualTo("waiting");
    assertThat(store.count("SELECT attempts FROM delivery WHERE id = ?", id)).isZero();

    pauses.resume(CRM, "ada");
    assertThat(claimed(store.outboxOf("another"), "crm")).containsExactly(id);
  }

  @ParameterizedTest
  @EnumSource
  void takesRequestsOfAPausedProviderAndMapsThemLater(Dialect dialect) {
    open(dialect);

    pauses.pause(POPSEE, "ada", null);
    var id = receive("popsee");
    assertThat(mapped(store.get(InboxStore.class), "popsee")).isEmpty();
    assertThat(mapped(store.inboxOf("another"), "popsee")).isEmpty();

    pauses.resume(POPSEE, "ada");
    assertThat(mapped(store.get(InboxStore.class), "popsee")).containsExactly(id);
  }

  @ParameterizedTest
  @EnumSource
  void holdsUpNobodyElse(Dialect dialect) {
    open(dialect);
    pauses.pause(CRM, "ada", null);
    pauses.pause(POPSEE, "ada", null);
    pauses.pause(OutboxStore.lane("smartsurvey"), "ada", null);

    var delivery = send("slack");
    var request = receive("smartsurvey");

    assertThat(claimed(store.get(OutboxStore.class), "slack")).containsExactly(delivery);
    assertThat(mapped(store.get(InboxStore.class), "smartsurvey")).containsExactly(request);
  }

  @ParameterizedTest
  @EnumSource
  void letsWhatWasUnderWayComeToItsEnd(Dialect dialect) {
    open(dialect);
    var id = send("crm");
    var outbox = store.get(OutboxStore.class);
    var underWay = outbox.claim("crm", 1).get(0);

    pauses.pause(CRM, "ada", null);
    store.clock.advance(Duration.ofSeconds(20));
    outbox.renew(List.of(id));
    outbox
        .record(
            new OutboxStore.Outcome(
                store.get(Ids.class).next(),
                underWay,
                "crm",
                new Work(Work.State.DELIVERED, store.clock.instant(), null),
                null,
                store.clock.instant(),
                Duration.ZERO,
                true))
        .join();

    assertThat(store.text("SELECT state FROM delivery WHERE id = ?", id)).isEqualTo("delivered");
  }

  @ParameterizedTest
  @EnumSource
  void letsTheAgeOfWhatWaitedBeginAnew(Dialect dialect) {
    open(dialect);
    send("crm");
    pauses.pause(CRM, "ada", null);
    store.clock.advance(Duration.ofDays(10));
    pauses.resume(CRM, "ada");
    var resumed = store.clock.instant();
    store.clock.advance(Duration.ofHours(1));
    send("crm");

    assertThat(store.get(OutboxStore.class).claim("crm", 10))
        .extracting(ClaimedDelivery::agesFrom)
        .containsExactly(resumed, store.clock.instant());
  }

  @ParameterizedTest
  @EnumSource
  void triesADestinationInTroubleBeforeItsTime(Dialect dialect) {
    open(dialect);
    var outbox = store.get(OutboxStore.class);
    assertThat(pauses.tryNow(CRM, "ada")).isFalse();

    var nextDay = store.clock.instant().plus(Duration.ofDays(1));
    outbox.change(
        "crm",
        lane ->
            lane.in(
                new LaneState.Trouble(Failure.Kind.RATE_LIMITED, "come tomorrow", 1, nextDay),
                false));
    assertThat(pauses.tryNow(OutboxStore.lane("slack"), "ada")).isFalse();

    assertThat(pauses.tryNow(CRM, "ada")).isTrue();
    var trouble = outbox.change("crm", lane -> lane).trouble();
    assertThat(trouble.triesAt()).isEqualTo(store.clock.instant());
    assertThat(trouble.reason()).isEqualTo("come tomorrow");
    assertThat(pauses.tryNow(CRM, "ada")).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhoPausedWhatSinceWhenAndWhy(Dialect dialect) {
    open(dialect);
    var since = store.clock.instant();
    pauses.pause(POPSEE, "grace", null);
    pauses.pause(CRM, "ada", "new\nfields\0");

    var crm = new Pause(CRM, since, "ada", "new fields");
    assertThat(pauses.all()).containsExactly(new Pause(POPSEE, since, "grace", null), crm);
    assertThat(pauses.find(CRM)).contains(crm);
    assertThat(pauses.find(OutboxStore.lane("slack"))).isEmpty();
    assertThat(crm.words()).isEqualTo("paused by ada since 2026-03-02T09:00:00Z: new fields");
  }

  @ParameterizedTest
  @EnumSource
  void staysPausedSinceTheFirstTimeForTheLatestReason(Dialect dialect) {
    open(dialect);
    var since = store.clock.instant();
    pauses.pause(CRM, "ada", "new fields");
    store.clock.advance(Duration.ofHours(1));

    pauses.pause(CRM, "grace", "a move");

    assertThat(pauses.all()).containsExactly(new Pause(CRM, since, "grace", "a move"));
  }

  @ParameterizedTest
  @EnumSource
  void resumesOnce(Dialect dialect) {
    open(dialect);
    pauses.pause(CRM, "ada", "new fields");

    assertThat(pauses.resume(CRM, "ada")).isTrue();
    assertThat(pauses.resume(CRM, "ada")).isFalse();
    assertThat(pauses.resume(OutboxStore.lane("slack"), "ada")).isFalse();
    assertThat(pauses.all()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void wakesTheLaneAtOnce(Dialect dialect) throws Exception {
    open(dialect);
    var signals = store.get(Signals.class);
    pauses.pause(CRM, "ada", null);
    signals.await(CRM, Duration.ZERO);
    var asked = Instant.now();

    pauses.resume(CRM, "ada");
    signals.await(CRM, Duration.ofMinutes(1));

    assertThat(Instant.now()).isBefore(asked.plus(Duration.ofSeconds(50)));
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsNoLaneAndWhoeverHasNoName(Dialect dialect) {
    open(dialect);

    assertThatThrownBy(() -> pauses.pause("crm", "ada", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expected a lane such as inbox:popsee or outbox:slack, got crm");
    assertThatThrownBy(() -> pauses.resume(CRM, " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expected the name of who asks for it, got none");
  }
}
