package io.surveygateway.operations;

import io.surveygateway.store.CounterTotals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store's counts as they were last read: {@value #SECONDS} seconds ago at most, or longer while
 * the store is away.
 *
 * <p>Read when someone asks, and not more often than that, however many ask. Who asks is kept
 * waiting for a bounded time; a store that hangs costs one thread. Safe for use by many threads.
 */
final class LastCounts implements AutoCloseable {

  private static final int SECONDS = 5;
  private static final Duration LARGEST_AGE = Duration.ofSeconds(SECONDS);

  /**
   * @param oldestWaiting of each destination that has something waiting
   * @param at when this was read
   */
  record Seen(CounterTotals totals, Map<String, Instant> oldestWaiting, Instant at) {}

  private final Supplier<Seen> reading;
  private final Clock clock;
  private final Duration longestWait;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          task -> {
            var thread = new Thread(task, "counts");
            thread.setDaemon(true);
            return thread;
          });

  private @Nullable Future<Seen> underWay;
  private @Nullable Instant askedAt;
  private @Nullable Seen last;

  /**
   * @param reading reads the store, and throws while that is away
   * @param longestWait of one who asks
   */
  LastCounts(Supplier<Seen> reading, Clock clock, Duration longestWait) {
    this.reading = reading;
    this.clock = clock;
    this.longestWait = longestWait;
  }

  /** Empty until the store has answered once. */
  synchronized Optional<Seen> get() {
    if (underWay == null && isDue()) {
      askedAt = clock.instant();
      underWay = reader.submit(reading::get);
      take(underWay, longestWait);
    } else if (underWay != null && underWay.isDone()) {
      take(underWay, Duration.ZERO);
    }
    return Optional.ofNullable(last);
  }

  /** After a jump of the clock too, in either direction. */
  private boolean isDue() {
    return askedAt == null
        || Duration.between(askedAt, clock.instant()).abs().compareTo(LARGEST_AGE) >= 0;
  }

  private void take(Future<Seen> answer, Duration wait) {
    try {
      last = answer.get(wait.toMillis(), TimeUnit.MILLISECONDS);
      underWay = null;
    } catch (ExecutionException e) {
      // The store is away, which is said elsewhere: what was last known holds.
      underWay = null;
    } catch (TimeoutException e) {
      // Taken by a later call.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
