package io.surveygateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetriesTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
  private static final Duration YOUNG = Duration.ofMinutes(1);
  private static final Duration OLD = Duration.ofDays(7).plusMillis(1);
  private static final Failure DOWN = Failure.transientFailure("503");

  private final Retries retries = new Retries(PolicyForTests.withRate(null), new Random(20260302));

  private Work after(Failure failure, int attempts, Duration age) {
    return retries.after(failure, attempts, age, NOW, NOW);
  }

  @Test
  void triesAgainLaterEachTime() {
    assertThat(after(DOWN, 1, YOUNG).dueAt()).isBetween(NOW.plusSeconds(4), NOW.plusSeconds(6));
    assertThat(after(DOWN, 4, YOUNG).dueAt()).isBetween(NOW.plusSeconds(32), NOW.plusSeconds(48));
  }

  @Test
  void parksAfterTheLastAttempt() {
    assertThat(after(DOWN, 29, YOUNG).state()).isEqualTo(Work.State.RETRYING);
    assertThat(after(DOWN, 30, YOUNG).state()).isEqualTo(Work.State.PARKED);
    assertThat(retries.parksBecause(DOWN, 30, YOUNG)).isEqualTo("after 30 attempts");
  }

  @Test
  void parksWhatFailsAndIsTooOld() {
    assertThat(after(DOWN, 1, Duration.ofDays(7)).state()).isEqualTo(Work.State.RETRYING);
    assertThat(after(DOWN, 1, OLD).state()).isEqualTo(Work.State.PARKED);
    assertThat(after(Failure.rateLimited("429", null), 1, OLD).state())
        .isEqualTo(Work.State.PARKED);
    assertThat(retries.parksBecause(DOWN, 1, OLD)).isEqualTo("older than 168h");
  }

  @Test
  void parksAtOnceWhatCannotWork() {
    assertThat(after(Failure.permanent("no such field"), 1, YOUNG))
        .isEqualTo(new Work(Work.State.PARKED, NOW, Failure.permanent("no such field")));
  }

  @Test
  void parksNothingForCredentialsThatHaveToBeMended() {
    var work = after(Failure.auth("invalid_client"), 99, OLD);

    assertThat(work.state()).isEqualTo(Work.State.RETRYING);
    assertThat(work.dueAt()).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
  }

  /** So that it goes at once when a start, or another delivery, finds them mended. */
  @Test
  void letsOnlyTheGateHoldWhatWaitsForCredentials() {
    var opens = NOW.plus(Duration.ofMinutes(5));

    assertThat(retries.after(Failure.auth("invalid_client"), 1, YOUNG, NOW, opens).dueAt())
        .isEqualTo(NOW);
  }

  @Test
  void waitsForTheGateWhereItWouldOnlyWait() {
    var opens = NOW.plus(Duration.ofHours(2));
    var slowDown = Failure.rateLimited("429", Duration.ofSeconds(30));

    assertThat(retries.after(slowDown, 1, YOUNG, NOW, opens).dueAt()).isEqualTo(opens);
    assertThat(retries.after(DOWN, 1, YOUNG, NOW, opens).dueAt()).isBefore(NOW.plusSeconds(7));
  }

  @Test
  void waitsAtLeastAsLongAsItWasAskedTo() {
    for (var i = 0; i < 1000; i++) {
      assertThat(after(Failure.rateLimited("429", Duration.ofSeconds(30)), 1, YOUNG).dueAt())
          .isBetween(NOW.plusSeconds(30), NOW.plusSeconds(36));
    }
  }
}
