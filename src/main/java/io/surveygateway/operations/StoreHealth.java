package io.surveygateway.operations;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/**
 * Shows whether the gateway's store answers, within a time limit.
 *
 * <p>A part of readiness: without its store the gateway can accept nothing. At most one question is
 * under way, however many ask; a store that hangs costs one thread.
 */
final class StoreHealth implements HealthIndicator, AutoCloseable {

  private final DataSource store;
  private final Duration limit;
  private final ExecutorService asker =
      Executors.newSingleThreadExecutor(
          task -> {
            var thread = new Thread(task, "store-health");
            thread.setDaemon(true);
            return thread;
          });

  private @Nullable Future<?> question;

  StoreHealth(DataSource store, Duration limit) {
    this.store = store;
    this.limit = limit;
  }

  @Override
  public Health health() {
    try {
      ask().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return Health.up().build();
    } catch (TimeoutException e) {
      return down("Expected an answer of the store within " + limit.toMillis() + " ms, got none");
    } catch (ExecutionException e) {
      var state = e.getCause() instanceof SQLException sql ? sql.getSQLState() : null;
      return down(
          "Expected an answer of the store, got "
              + e.getCause().getClass().getSimpleName()
              + (state == null ? "" : " " + state));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return down("Interrupted while waiting for the store");
    }
  }

  /** The question under way, or a new one. */
  private synchronized Future<?> ask() {
    if (question == null || question.isDone()) {
      question =
          asker.submit(
              () -> {
                try (var connection = store.getConnection();
                    var statement = connection.createStatement()) {
                  return statement.execute("SELECT 1");
                }
              });
    }
    return question;
  }

  private static Health down(String reason) {
    return Health.down().withDetail("reason", reason).build();
  }

  @Override
  public void close() {
    asker.shutdownNow();
  }
}
