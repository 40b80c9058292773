package io.surveygateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CallsTest {

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:16:55Z"));
  private final Calls calls = new Calls(clock, 0.5);

  @Test
  void countsThoseOfTheLastMinute() {
    calls.made();
    calls.made();
    clock.advance(Duration.ofSeconds(30));
    calls.made();
    assertThat(calls.usage().callsInLastMinute()).isEqualTo(3);

    clock.advance(Duration.ofSeconds(30));
    assertThat(calls.usage().callsInLastMinute()).isEqualTo(1);

    clock.advance(Duration.ofSeconds(30));
    assertThat(calls.usage().callsInLastMinute()).isZero();
    calls.made();
    assertThat(calls.usage().callsInLastMinute()).isEqualTo(1);
  }

  @Test
  void remembersTheLastOfEachKind() {
    assertThat(calls.usage()).isEqualTo(new Usage(0, 0.5, null, null, null));
    calls.arrived("a0B1");
    var then = clock.instant();
    clock.advance(Duration.ofSeconds(5));
    calls.failed();

    assertThat(calls.usage()).isEqualTo(new Usage(0, 0.5, then, "a0B1", clock.instant()));
  }
}
