package io.surveygateway.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(5), 2, Duration.ofHours(1), 4);
  private static final RandomGenerator MIDDLE = new Fixed(0.5);

  private record Fixed(double value) implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new UnsupportedOperationException();
    }

    @Override
    public double nextDouble() {
      return value;
    }
  }

  @Test
  void growsByTheFactorUpToTheLongest() {
    assertThat(BACKOFF.after(1, MIDDLE)).isEqualTo(Duration.ofSeconds(5));
    assertThat(BACKOFF.after(2, MIDDLE)).isEqualTo(Duration.ofSeconds(10));
    assertThat(BACKOFF.after(5, MIDDLE)).isEqualTo(Duration.ofSeconds(80));
    assertThat(BACKOFF.after(11, MIDDLE)).isEqualTo(Duration.ofHours(1));
    assertThat(BACKOFF.after(Integer.MAX_VALUE, MIDDLE)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void spreadsByAFifthBothWays() {
    assertThat(BACKOFF.after(1, new Fixed(0))).isEqualTo(Duration.ofSeconds(4));
    assertThat(BACKOFF.after(1, new Fixed(0.9999999))).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void staysWithinItsBoundsForAnyAttemptAndAnyLuck() {
    var random = new Random(20260302);
    for (var i = 0; i < 10_000; i++) {
      var attempt = 1 + random.nextInt(200);
      assertThat(BACKOFF.after(attempt, random))
          .isBetween(Duration.ofSeconds(4), Duration.ofMinutes(72));
    }
  }

  @Test
  void waitsAtLeastAsLongAsTheOtherSideAsks() {
    var asked = Failure.rateLimited("429", Duration.ofSeconds(30));

    assertThat(BACKOFF.after(1, asked, new Fixed(0))).isEqualTo(Duration.ofSeconds(30));
    assertThat(BACKOFF.after(1, asked, new Fixed(0.9999999))).isEqualTo(Duration.ofSeconds(36));
  }

  @Test
  void waitsNoLessThanItsOwnAndTakesNoMoreThanADayForAnAnswer() {
    var short1 = Failure.rateLimited("429", Duration.ofMillis(1));
    var absurd = Failure.rateLimited("429", Duration.ofDays(3650));

    assertThat(BACKOFF.after(1, short1, MIDDLE)).isEqualTo(Duration.ofSeconds(5));
    assertThat(BACKOFF.after(1, absurd, new Fixed(0))).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void knowsTheLastAttempt() {
    assertThat(BACKOFF.isLast(3)).isFalse();
    assertThat(BACKOFF.isLast(4)).isTrue();
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, 2, Duration.ofHours(1), 4))
        .hasMessageContaining("Expected a first wait over zero");
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(1), 2, Duration.ofHours(1), 0))
        .hasMessage("Expected 1 attempt or more, got 0");
  }
}
