package io.surveygateway.outbox;

import static io.surveygateway.outbox.Gate.Passage.ANYTHING;
import static io.surveygateway.outbox.Gate.Passage.NOTHING;
import static io.surveygateway.outbox.Gate.Passage.ONE_DELIVERY;
import static io.surveygateway.outbox.Gate.Passage.ONE_EXCHANGE;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.surveygateway.SettableClock;
import io.surveygateway.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class GateTest {

  private static final Failure DOWN = Failure.transientFailure("503");
  private static final Failure REFUSED = Failure.auth("invalid_client");

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:00:00Z"));
  private final Logger logger = (Logger) LoggerFactory.getLogger(Gate.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Gate gate = gate(null);

  private Gate gate(@Nullable Double rate) {
    return new Gate("crm", PolicyForTests.withRate(rate), clock, new Random(20260302));
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

  private static Gate.Pass enter(Gate gate) {
    var pass = gate.enter(1);
    assertThat(pass).as("the gate lets one through").isNotNull();
    return pass;
  }

  private void arrive() {
    enter(gate).arrived();
  }

  private void fail(Failure failure) {
    enter(gate).failed(failure);
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
    assertThat(gate.passage()).isEqualTo(ANYTHING);
    assertThat(gate.enter(200)).isNotNull();
    assertThat(gate.enter(200)).isNotNull();
    assertThat(gate.condition().words()).isEqualTo("on");
  }

  @Test
  void letsOneExchangeGoForEachIntervalOfARate() {
    var slow = gate(1.0);
    assertThat(slow.passage()).isEqualTo(ONE_EXCHANGE);

    enter(slow).arrived();

    assertThat(slow.passage()).isEqualTo(NOTHING);
    assertThat(slow.enter(1)).isNull();
    assertThat(slow.opensAt()).isEqualTo(clock.instant().plusSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(slow.passage()).isEqualTo(ONE_EXCHANGE);
  }

  @Test
  void holdsAllBackUntilTheDestinationWantsMore() {
    fail(Failure.rateLimited("429", Duration.ofSeconds(30)));

    assertThat(gate.passage()).isEqualTo(NOTHING);
    assertThat(gate.enter(1)).isNull();
    assertThat(gate.opensAt())
        .isBetween(clock.instant().plusSeconds(30), clock.instant().plusSeconds(36));
    assertThat(gate.condition().words())
        .isEqualTo("asked us to slow down, is tried again at " + gate.opensAt() + ": 429");
  }

  @Test
  void triesWithOneAfterASlowDownAndGoesOnWhenItArrived() {
    fail(Failure.rateLimited("429", Duration.ofSeconds(30)));
    advanceTo(gate.opensAt());

    assertThat(gate.passage()).isEqualTo(ONE_DELIVERY);
    assertThat(gate.enter(200)).isNull();
    var probe = enter(gate);
    assertThat(probe.isProbe()).isTrue();
    assertThat(gate.passage()).isEqualTo(NOTHING);
    assertThat(gate.enter(1)).isNull();

    probe.arrived();
    assertThat(gate.passage()).isEqualTo(ANYTHING);
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
    var first = enter(gate);
    var second = enter(gate);
    var third = enter(gate);
    first.failed(Failure.rateLimited("429", null));
    second.failed(Failure.rateLimited("429", null));

    assertThat(gate.opensAt()).isBefore(clock.instant().plusMillis(6001));
    third.arrived();
    assertThat(gate.passage()).as("what set out before proves nothing").isEqualTo(NOTHING);
    assertThat(said.list).hasSize(1);
  }

  @Test
  void pausesWhereCredentialsAreRefusedAndSaysSoOnce() {
    fail(REFUSED);
    for (var i = 0; i < 3; i++) {
      assertThat(gate.passage()).isEqualTo(NOTHING);
      clock.advance(Duration.ofMinutes(5));
      assertThat(gate.passage()).isEqualTo(ONE_DELIVERY);
      fail(REFUSED);
    }

    assertThat(gate.condition().state()).isEqualTo(Condition.State.CREDENTIALS_REFUSED);
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

    arrive();

    assertThat(gate.passage()).isEqualTo(ANYTHING);
    assertThat(gate.condition().state()).isEqualTo(Condition.State.WORKING);
    assertThat(said.list)
        .last()
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEqualTo("crm takes deliveries again");
  }

  @Test
  void opensWhenHalfOfTheLatestCallsFailed() {
    for (var i = 0; i < 20; i++) {
      arrive();
    }
    for (var i = 0; i < 9; i++) {
      fail(DOWN);
    }
    assertThat(gate.passage()).isEqualTo(ANYTHING);

    fail(DOWN);

    assertThat(gate.passage()).isEqualTo(NOTHING);
    assertThat(gate.condition().state()).isEqualTo(Condition.State.FAILING);
    assertThat(said.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEqualTo(
            "crm fails: its deliveries wait, and one tries at 2026-03-02T09:00:10.001Z, then every"
                + " 60 s at most: 503");
  }

  @Test
  void staysClosedForFailuresThatAreNotTheDestinations() {
    for (var i = 0; i < 100; i++) {
      fail(Failure.permanent("invalid_blocks"));
    }

    assertThat(gate.passage()).isEqualTo(ANYTHING);
  }

  @Test
  void triesADeadDestinationLessAndLessUpToOnceAMinute() {
    failUntilOpen();
    var waits = new long[5];
    for (var i = 0; i < waits.length; i++) {
      waits[i] = Duration.between(clock.instant(), gate.opensAt()).toMillis();
      clock.advance(Duration.ofMillis(waits[i] - 1));
      assertThat(gate.passage()).isEqualTo(NOTHING);
      clock.advance(Duration.ofMillis(1));
      assertThat(gate.passage()).isEqualTo(ONE_DELIVERY);
      fail(DOWN);
    }

    assertThat(waits).containsExactly(10_001, 20_001, 40_001, 60_001, 60_001);
    assertThat(said.list).hasSize(1);
  }

  @Test
  void closesWhenTheProbeArrives() {
    failUntilOpen();
    advanceTo(gate.opensAt());

    arrive();

    assertThat(gate.passage()).isEqualTo(ANYTHING);
    assertThat(said.list).hasSize(2);
    fail(DOWN);
    assertThat(gate.passage()).as("it starts anew").isEqualTo(ANYTHING);
  }

  @Test
  void doesNotCloseForWhatSetOutBeforeItOpened() {
    var early = enter(gate);
    failUntilOpen();
    early.arrived();
    assertThat(gate.passage()).isEqualTo(NOTHING);

    advanceTo(gate.opensAt());
    assertThat(gate.passage()).isEqualTo(ONE_DELIVERY);
  }

  @Test
  void letsAnotherTryWhereTheProbeSaidNothingAboutTheDestination() {
    failUntilOpen();
    advanceTo(gate.opensAt());
    try (var stopped = gate.enter(1)) {
      assertThat(stopped).isNotNull();
      assertThat(gate.passage()).isEqualTo(NOTHING);
    }

    assertThat(gate.passage()).isEqualTo(ONE_DELIVERY);
    fail(Failure.permanent("no such field"));
    assertThat(gate.passage()).isEqualTo(ONE_DELIVERY);
    arrive();
    assertThat(gate.passage()).isEqualTo(ANYTHING);
  }

  @Test
  void keepsAProbeThatIsSlowedDownForLater() {
    failUntilOpen();
    advanceTo(gate.opensAt());

    fail(Failure.rateLimited("429", Duration.ofMinutes(2)));

    assertThat(gate.passage()).isEqualTo(NOTHING);
    clock.advance(Duration.ofSeconds(119));
    assertThat(gate.passage()).isEqualTo(NOTHING);
    clock.advance(Duration.ofSeconds(26));
    arrive();
    assertThat(gate.passage()).isEqualTo(ANYTHING);
  }
}
