package io.surveygateway.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surveygateway.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class RecentTimesTest {

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:16:55Z"));
  private final RecentTimes times = new RecentTimes(clock);

  private void record(int count, Duration took) {
    for (var i = 0; i < count; i++) {
      times.record(took.toNanos());
    }
  }

  private static void assertAbout(Duration limit, Duration expected) {
    assertThat(limit).isGreaterThanOrEqualTo(expected.minusNanos(1000));
    assertThat((double) limit.toNanos())
        .isCloseTo(expected.toNanos(), Percentage.withPercentage(15.1));
  }

  @Test
  void saysWhatHalfAndNearlyAllTookAtMost() {
    record(60, Duration.ofMillis(2));
    record(38, Duration.ofMillis(40));
    record(2, Duration.ofSeconds(3));

    var shares = times.shares();

    assertThat(shares.count()).isEqualTo(100);
    assertAbout(shares.half(), Duration.ofMillis(2));
    assertAbout(shares.most(), Duration.ofSeconds(3));
  }

  @Test
  void leavesOneOfAHundredOut() {
    record(99, Duration.ofMillis(2));
    record(1, Duration.ofSeconds(3));

    assertAbout(times.shares().most(), Duration.ofMillis(2));
  }

  @Test
  void forgetsWhatIsLongerAgo() {
    record(1, Duration.ofHours(1));
    clock.advance(Duration.ofMinutes(14));
    record(1, Duration.ofMillis(5));
    assertThat(times.shares().count()).isEqualTo(2);

    clock.advance(Duration.ofMinutes(1));

    assertThat(times.shares().count()).isEqualTo(1);
    assertAbout(times.shares().most(), Duration.ofMillis(5));
    clock.advance(Duration.ofDays(1));
    assertThat(times.shares()).isEqualTo(new RecentTimes.Shares(0, Duration.ZERO, Duration.ZERO));
  }

  @Test
  void takesTheSmallestAndTheLargest() {
    record(1, Duration.ZERO);
    assertThat(times.shares().half().toNanos()).isCloseTo(100_000, within(1L));

    record(9, Duration.ofDays(100));
    assertThat(times.shares().most()).isGreaterThan(Duration.ofDays(6));
  }
}
