package io.surveygateway.store;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets {@link Retention} run again and again, on a thread of its own, and says what it removed. */
final class RetentionRuns implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RetentionRuns.class);

  private final Retention retention;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var daemon = new Thread(work, "retention");
            daemon.setDaemon(true);
            return daemon;
          });

  RetentionRuns(Retention retention, RetentionProperties properties) {
    this.retention = retention;
    thread.scheduleWithFixedDelay(
        this::run,
        properties.firstAfter().toMillis(),
        properties.interval().toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private void run() {
    var start = System.nanoTime();
    try {
      say(retention.run(), start);
    } catch (RuntimeException e) {
      // Nothing is lost by a run that failed: the next one does it.
      say(retention.removedSoFar(), start);
      log.warn("Could not remove old rows, and tries again later: {}", e.getMessage());
    }
  }

  private static void say(Map<String, Long> removed, long start) {
    if (!removed.isEmpty()) {
      log.info(
          "Removed what was kept long enough, in {} s: {}",
          Duration.ofNanos(System.nanoTime() - start).toSeconds(),
          removed.entrySet().stream()
              .map(table -> table.getValue() + " " + table.getKey())
              .collect(Collectors.joining(", ")));
    }
  }

  /** Waits at most ten seconds for the step under way. */
  @Override
  public void close() {
    retention.close();
    thread.shutdown();
    try {
      thread.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
