package io.surveygateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");

  @Test
  void spacesExchangesEvenly() {
    var rate = new Rate(4.0);
    assertThat(rate.next(NOW)).isBeforeOrEqualTo(NOW);

    rate.take(NOW);

    assertThat(rate.next(NOW)).isEqualTo(NOW.plusMillis(250));
    assertThat(rate.next(NOW.plusMillis(249))).isEqualTo(NOW.plusMillis(250));
  }

  @Test
  void savesNothingUpWhileNothingGoes() {
    var rate = new Rate(1.0);
    rate.take(NOW);
    var later = NOW.plus(Duration.ofDays(1));

    rate.take(later);

    assertThat(rate.next(later)).isEqualTo(later.plusSeconds(1));
  }

  @Test
  void takesLessThanOneASecond() {
    var rate = new Rate(0.1);
    rate.take(NOW);

    assertThat(rate.next(NOW)).isEqualTo(NOW.plusSeconds(10));
  }

  @Test
  void keepsNobodyWaitingForAClockThatWasSetBack() {
    var rate = new Rate(1.0);
    rate.take(NOW);
    var back = NOW.minus(Duration.ofHours(1));

    assertThat(rate.next(back)).isEqualTo(back);
  }

  @Test
  void knowsNoLimitWhereNoneIsSet() {
    var rate = new Rate(null);
    rate.take(NOW);

    assertThat(rate.isLimited()).isFalse();
    assertThat(rate.next(NOW)).isEqualTo(NOW);
  }

  @Test
  void refusesARateThatLetsNothingGo() {
    assertThatThrownBy(() -> new Rate(0.0))
        .hasMessage("Expected a rate of deliveries a second such as 1 or 0.5, got 0.0");
    assertThatThrownBy(() -> new Rate(Double.NaN)).hasMessageContaining("got NaN");
  }
}
