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
    var next = rate.after(NOW);

    assertThat(next).isEqualTo(NOW.plusMillis(250));
    assertThat(rate.letsGo(next, NOW.plusMillis(249))).isFalse();
    assertThat(rate.letsGo(next, NOW.plusMillis(250))).isTrue();
  }

  @Test
  void isNotExceededByWhatIsLessThanAMillisecond() {
    assertThat(new Rate(3.0).after(NOW)).isEqualTo(NOW.plusMillis(334));
    assertThat(new Rate(1e6).after(NOW)).isEqualTo(NOW.plusMillis(1));
  }

  @Test
  void takesLessThanOneASecond() {
    assertThat(new Rate(0.1).after(NOW)).isEqualTo(NOW.plusSeconds(10));
  }

  @Test
  void keepsNobodyWaitingForAClockThatWasSetBack() {
    var rate = new Rate(1.0);

    assertThat(rate.letsGo(rate.after(NOW), NOW.minus(Duration.ofHours(1)))).isTrue();
  }

  @Test
  void knowsNoLimitWhereNoneIsSet() {
    var rate = new Rate(null);

    assertThat(rate.isLimited()).isFalse();
    assertThat(rate.after(NOW)).isNull();
    assertThat(rate.letsGo(Instant.EPOCH, NOW)).isTrue();
  }

  @Test
  void refusesARateThatLetsNothingGo() {
    assertThatThrownBy(() -> new Rate(0.0))
        .hasMessage("Expected a rate of deliveries a second such as 1 or 0.5, got 0.0");
    assertThatThrownBy(() -> new Rate(Double.NaN)).hasMessageContaining("got NaN");
  }
}
