package io.surveygateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.surveygateway.SettableClock;
import io.surveygateway.failure.Failure;
import io.surveygateway.store.Pauses.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** One gate, and two on one row, on a clock that stands still. */
class GateTest {

  private static final Failure DOWN = Failure.transientFailure("503");
  private static final Failure REFUSED = Failure.auth("invalid_client");
  private static final int EXCHANGE = 200;
  private static final int MOST = 1000;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:00:00Z"));
  private final Logger logger = (Logger) LoggerFactory.getLogger(Gate.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final SharedLane lane = new SharedLane(clock);
  private final Gate gate = gate(null);
  private final Gate other = gate(null);
  private long deliveries;

  /** What was claimed in one turn; the delivery that goes first names its lease. */
  private final class Sent {

    final Gate gate;
    final Gate.Turn turn;
    final long delivery = ++deliveries;

    Sent(Gate gate) {
      this.gate = gate;
      this.turn = turnOf(gate);
      assertThat(turn.most()).as("the gate lets one through").isPositive();
      lane.claimed(turn, delivery);
    }

    void arrived() {
      lane.release(delivery);
      gate.arrived(turn);
    }

    void failed(Failure failure) {
      gate.failed(turn, failure);
      lane.release(delivery);
    }

    void givenBack() {
      lane.release(delivery);
    }
  }

  private Gate gate(@Nullable Double rate) {
    return new Gate("crm", PolicyForTests.withRate(rate), lane, new Random(20260302));
  }

  @BeforeEach
  void listen() {
    said.start();
    logger.addAppender(said);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(said);
  }

  private Gate.Turn turnOf(Gate asked) {
    return asked.turn(lane.read(), EXCHANGE, MOST);
  }

  private int most(Gate asked) {
    return turnOf(asked).most();
  }

  private Sent send() {
    return new Sent(gate);
  }

  private void fail(Failure failure) {
    send().failed(failure);
  }

  private void failUntilOpen() {
    for (var i = 0; i < 5; i++) {
      fail(DOWN);
    }
  }

  private void advanceTo(Instant instant) {
    clock.advance(Duration.between(clock.instant(), instant));
  }

  @Test
  void letsAnythingGoWhileNothingIsWrong() {
    assertThat(most(gate)).isEqualTo(MOST);
    assertThat(send().turn.isForOneExchange()).isFalse();
    assertThat(most(gate)).isEqualTo(MOST);
    assertThat(gate.condition().words()).isEqualTo("on");
  }

  @Test
  void letsOneExchangeGoForEachIntervalOfARateOverAllGateways() {
    var slow = gate(1.0);
    var slowToo = gate(1.0);
    assertThat(most(slow)).isEqualTo(EXCHANGE);
    assertThat(most(slow)).as("asking takes nothing").isEqualTo(EXCHANGE);

    new Sent(slow).arrived();

    assertThat(most(slow)).isZero();
    assertThat(most(slowToo)).isZero();
    assertThat(slowToo.opensAt()).isEqualTo(clock.instant().plusSeconds(1));
    assertThat(slowToo.isShut(clock.instant())).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(slowToo.isShut(clock.instant())).isFalse();
    new Sent(slowToo).arrived();
    assertThat(most(slow)).isZero();
  }

  @Test
  void holdsAllBackOnAllGatewaysUntilTheDestinationWantsMore() {
    fail(Failure.rateLimited("429", Duration.ofSeconds(30)));

    assertThat(most(gate)).isZero();
    assertThat(most(other)).isZero();
    assertThat(other.opensAt())
        .isEqualTo(gate.opensAt())
        .isBetween(clock.instant().plusSeconds(30), clock.instant().plusSeconds(36));
    assertThat(other.condition().words())
        .isEqualTo("asked us to slow down, is tried again at " + gate.opensAt() + ": 429");
  }

  @Test
  void triesWithOneOverAllGatewaysAndAllGoOnWhenItArrived() {
    fail(Failure.rateLimited("429", Duration.ofSeconds(30)));
    advanceTo(gate.opensAt());

    var probe = send();
    assertThat(probe.turn.isProbe()).isTrue();
    assertThat(probe.turn.most()).isEqualTo(1);
    assertThat(most(gate)).isZero();
    assertThat(most(other)).isZero();
    assertThat(other.isShut(clock.instant())).isTrue();

    probe.arrived();
    assertThat(most(gate)).isEqualTo(MOST);
    assertThat(most(other)).isEqualTo(MOST);
  }

  @Test
  void waitsForAProbeThatIsSlowAsLongAsItsGatewayLives() {
    failUntilOpen();
    advanceTo(gate.opensAt());
    var slow = send();
    for (var i = 0; i < 20; i++) {
      clock.advance(Duration.ofSeconds(10));
      lane.renew(slow.delivery);
      assertThat(most(other)).isZero();
    }

    slow.arrived();

    assertThat(most(other)).isEqualTo(MOST);
  }

  @Test
  void letsAnotherTryWhenAGatewayDiedThatTried() {
    failUntilOpen();
    advanceTo(gate.opensAt());
    send();
    clock.advance(SharedLane.LEASE);

    var probe = new Sent(other);

    assertThat(probe.turn.isProbe()).isTrue();
    probe.arrived();
    assertThat(most(gate)).isEqualTo(MOST);
  }

  @Test
  void doesNotBelieveALateProbeWhoseSuccessorFailed() {
    failUntilOpen();
    advanceTo(gate.opensAt());
    var late = send();
    clock.advance(SharedLane.LEASE);
    new Sent(other).failed(DOWN);
    var opensAt = other.opensAt();

    late.arrived();
    assertThat(most(gate)).isZero();

    late.failed(DOWN);
    assertThat(gate.opensAt()).isEqualTo(opensAt).isEqualTo(clock.instant().plusSeconds(20));
  }

  @Test
  void doesNotLetALateProbeSpoilWhatItsSuccessorMended() {
    failUntilOpen();
    advanceTo(gate.opensAt());
    var late = send();
    clock.advance(SharedLane.LEASE);
    new Sent(other).arrived();

    late.failed(DOWN);

    assertThat(most(gate)).isEqualTo(MOST);
  }

  @Test
  void waitsLongerEachTimeThatADestinationSlowsUsDownWithoutSayingHowLong() {
    var waits = new long[4];
    for (var i = 0; i < waits.length; i++) {
      fail(Failure.rateLimited("429", null));
      waits[i] = Duration.between(clock.instant(), gate.opensAt()).toMillis();
      advanceTo(gate.opensAt());
    }

    assertThat(waits[0]).isBetween(4000L, 6000L);
    assertThat(waits[1]).isBetween(8000L, 12_000L);
    assertThat(waits[2]).isBetween(16_000L, 24_000L);
    assertThat(waits[3]).isBetween(32_000L, 48_000L);
  }

  @Test
  void takesSlowDownsThatComeTogetherForOne() {
    var first = send();
    var second = new Sent(other);
    var third = send();
    first.failed(Failure.rateLimited("429", null));
    second.failed(Failure.rateLimited("429", null));

    assertThat(gate.opensAt()).isBefore(clock.instant().plusMillis(6001));
    third.arrived();
    assertThat(most(gate)).as("what set out before proves nothing").isZero();
    assertThat(said.list).hasSize(1);
  }

  @Test
  void givesBackWhatHasNotSetOutWhenTroubleIsHeardOf() {
    var claimedBefore = turnOf(gate);
    assertThat(claimedBefore.mayGo()).isTrue();

    new Sent(other).failed(Failure.rateLimited("429", null));
    assertThat(claimedBefore.mayGo()).as("not heard of yet").isTrue();
    turnOf(gate);

    assertThat(claimedBefore.mayGo()).isFalse();
  }

  @Test
  void pausesWhereCredentialsAreRefusedAndSaysSoOnce() {
    assertThat(most(other)).isEqualTo(MOST);
    fail(REFUSED);
    for (var i = 0; i < 3; i++) {
      assertThat(most(gate)).isZero();
      assertThat(most(other)).isZero();
      clock.advance(Duration.ofMinutes(5));
      new Sent(i == 1 ? other : gate).failed(REFUSED);
    }

    assertThat(other.condition().state()).isEqualTo(Condition.State.CREDENTIALS_REFUSED);
    assertThat(said.list).hasSize(1);
    assertThat(said.list.get(0)).hasToString("[ERROR] " + said.list.get(0).getFormattedMessage());
    assertThat(said.list.get(0).getFormattedMessage())
        .isEqualTo(
            "crm is paused, its credentials were refused: invalid_client. Mend them there, or in the"
                + " settings and restart; its deliveries wait, and one tries every 300 s");
  }

  @Test
  void healsWhenCredentialsAreAcceptedAgain() {
    fail(REFUSED);
    clock.advance(Duration.ofMinutes(5));

    send().arrived();

    assertThat(most(gate)).isEqualTo(MOST);
    assertThat(gate.condition().state()).isEqualTo(Condition.State.WORKING);
    assertThat(said.list)
        .last()
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEqualTo("crm takes deliveries again");
  }

  @Test
  void triesRefusedCredentialsAtOnceAfterAStart() {
    fail(REFUSED);
    var restarted = gate(null);

    var probe = new Sent(restarted);
    assertThat(probe.turn.isProbe()).isTrue();
    assertThat(most(restarted)).isZero();
    probe.failed(REFUSED);

    assertThat(most(restarted)).as("once").isZero();
    assertThat(restarted.opensAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
  }

  @Test
  void leavesADeadDestinationAloneAfterAStart() {
    failUntilOpen();

    assertThat(most(gate(null))).isZero();
  }

  @Test
  void opensWhenHalfOfTheLatestCallsFailed() {
    for (var i = 0; i < 20; i++) {
      send().arrived();
    }
    for (var i = 0; i < 9; i++) {
      fail(DOWN);
    }
    assertThat(most(gate)).isEqualTo(MOST);

    fail(DOWN);

    assertThat(most(gate)).isZero();
    assertThat(most(other)).isZero();
    assertThat(other.condition().state()).isEqualTo(Condition.State.FAILING);
    assertThat(said.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEqualTo(
            "crm fails: its deliveries wait, and one tries at 2026-03-02T09:00:10Z, then every"
                + " 60 s at most: 503");
  }

  @Test
  void staysClosedForFailuresThatAreNotTheDestinations() {
    for (var i = 0; i < 100; i++) {
      fail(Failure.permanent("invalid_blocks"));
    }

    assertThat(most(gate)).isEqualTo(MOST);
  }

  @Test
  void triesADeadDestinationLessAndLessUpToOnceAMinuteWhoeverTries() {
    failUntilOpen();
    var waits = new long[5];
    for (var i = 0; i < waits.length; i++) {
      var next = i % 2 == 0 ? other : gate;
      assertThat(most(next)).isZero();
      waits[i] = Duration.between(clock.instant(), next.opensAt()).toMillis();
      clock.advance(Duration.ofMillis(waits[i] - 1));
      assertThat(most(next)).isZero();
      clock.advance(Duration.ofMillis(1));
      new Sent(next).failed(DOWN);
    }

    assertThat(waits).containsExactly(10_000, 20_000, 40_000, 60_000, 60_000);
    assertThat(said.list).hasSize(1);
  }

  @Test
  void beginsAnewWhenTheProbeArrives() {
    for (var i = 0; i < 4; i++) {
      new Sent(other).failed(DOWN);
    }
    failUntilOpen();
    most(other);
    advanceTo(gate.opensAt());

    send().arrived();

    assertThat(said.list).hasSize(2);
    fail(DOWN);
    new Sent(other).failed(DOWN);
    assertThat(most(gate)).isEqualTo(MOST);
    assertThat(most(other)).as("what failed before counts no more").isEqualTo(MOST);
  }

  @Test
  void doesNotCloseForWhatSetOutBeforeItOpened() {
    var early = send();
    failUntilOpen();
    early.arrived();
    assertThat(most(gate)).isZero();

    advanceTo(gate.opensAt());
    assertThat(turnOf(gate).isProbe()).isTrue();
  }

  @Test
  void letsAnotherTryWhereTheProbeSaidNothingAboutTheDestination() {
    failUntilOpen();
    advanceTo(gate.opensAt());
    send().givenBack();

    fail(Failure.permanent("no such field"));
    var probe = new Sent(other);
    assertThat(probe.turn.isProbe()).isTrue();
    probe.arrived();
    assertThat(most(gate)).isEqualTo(MOST);
  }

  @Test
  void keepsAProbeThatIsSlowedDownForLater() {
    failUntilOpen();
    advanceTo(gate.opensAt());

    fail(Failure.rateLimited("429", Duration.ofMinutes(2)));

    assertThat(most(other)).isZero();
    clock.advance(Duration.ofSeconds(119));
    assertThat(most(other)).isZero();
    clock.advance(Duration.ofSeconds(26));
    new Sent(other).arrived();
    assertThat(most(gate)).isEqualTo(MOST);
  }

  @Test
  void letsNothingGoWhilePausedAndForgetsNoTrouble() {
    var pause = new Pause("outbox:crm", clock.instant(), "ada", "new fields");
    fail(REFUSED);
    lane.pause(pause);
    clock.advance(Duration.ofDays(1));
    assertThat(most(gate)).isZero();
    assertThat(gate.condition().words())
        .isEqualTo(
            "paused by ada since 2026-03-02T09:00:00Z: new fields; it refused our credentials, is"
                + " being tried: invalid_client");

    lane.pause(null);
    assertThat(turnOf(gate).isProbe()).isTrue();
  }

  @Test
  void believesAProbeThatWasUnderWayAsThePauseBegan() {
    failUntilOpen();
    advanceTo(gate.opensAt());
    var probe = send();
    lane.pause(new Pause("outbox:crm", clock.instant(), "ada", null));

    probe.arrived();
    assertThat(most(gate)).isZero();
    assertThat(gate.condition().words()).isEqualTo("paused by ada since 2026-03-02T09:00:10Z");

    lane.pause(null);
    assertThat(most(gate)).isEqualTo(MOST);
  }
}
