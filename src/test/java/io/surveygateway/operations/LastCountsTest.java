package io.surveygateway.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.SettableClock;
import io.surveygateway.operations.LastCounts.Seen;
import io.surveygateway.store.Counters;
import io.surveygateway.store.Dialect;
import io.surveygateway.store.StoreForTests;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LastCountsTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:00:00Z"));
  private final AtomicInteger read = new AtomicInteger();
  private StoreForTests store;

  @BeforeEach
  void open() {
    store = StoreForTests.open(Dialect.SQLITE);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Seen seen() {
    read.incrementAndGet();
    return new Seen(store.get(Counters.class).totals(), Map.of(), clock.instant());
  }

  private LastCounts counts(Supplier<Seen> reading, Duration longestWait) {
    return new LastCounts(reading, clock, longestWait);
  }

  @Test
  void readsTheStoreOnceInFiveSecondsHoweverManyAsk() {
    try (var counts = counts(this::seen, LONG)) {
      for (var i = 0; i < 100; i++) {
        assertThat(counts.get()).isPresent();
      }
      assertThat(read).hasValue(1);

      clock.advance(Duration.ofMillis(4999));
      counts.get();
      assertThat(read).hasValue(1);

      clock.advance(Duration.ofMillis(1));
      assertThat(counts.get().orElseThrow().at()).isEqualTo(clock.instant());
      assertThat(read).hasValue(2);
    }
  }

  @Test
  void keepsWhatItKnewWhileTheStoreIsAway() {
    var tries = new AtomicInteger();
    try (var counts =
        counts(
            () -> {
              if (tries.incrementAndGet() == 2) {
                throw new IllegalStateException("away");
              }
              return seen();
            },
            LONG)) {
      var first = counts.get();

      clock.advance(Duration.ofMinutes(1));
      assertThat(counts.get()).isEqualTo(first);
      assertThat(counts.get()).isEqualTo(first);
      assertThat(tries).hasValue(2);

      clock.advance(Duration.ofMinutes(1));
      assertThat(counts.get()).isNotEqualTo(first);
    }
  }

  @Test
  void asksAStoreThatHangsOnlyOnceAndTakesItsAnswerWhenItComes() {
    var answer = new CountDownLatch(1);
    try (var counts =
        counts(
            () -> {
              try {
                answer.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return seen();
            },
            Duration.ofMillis(1))) {
      assertThat(counts.get()).isEmpty();
      clock.advance(Duration.ofMinutes(1));
      assertThat(counts.get()).isEmpty();

      answer.countDown();

      await().until(() -> counts.get().isPresent());
      assertThat(read).hasValue(1);
    }
  }
}
