package io.surveygateway.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class StoreHealthTest {

  @Test
  void isUpWhenTheStoreAnswers() {
    try (var store = new SingleConnectionDataSource("jdbc:sqlite::memory:", true);
        var health = new StoreHealth(store, Duration.ofSeconds(10))) {
      assertThat(health.health()).isEqualTo(Health.up().build());
    }
  }

  @Test
  void isDownWithoutTheDatabasesWordsWhenItRefuses() {
    var store =
        new OnlyConnecting() {
          @Override
          public Connection getConnection() throws SQLException {
            throw new SQLException("FATAL: secret", "57P03");
          }
        };
    try (var health = new StoreHealth(store, Duration.ofSeconds(10))) {
      assertThat(health.health())
          .isEqualTo(
              Health.down()
                  .withDetail("reason", "Expected an answer of the store, got SQLException 57P03")
                  .build());
    }
  }

  @Test
  void isDownInTimeWhenTheStoreHangsAndAsksItOnlyOnce() {
    var asked = new AtomicInteger();
    var answer = new CountDownLatch(1);
    var store =
        new OnlyConnecting() {
          @Override
          public Connection getConnection() throws SQLException {
            asked.incrementAndGet();
            try {
              answer.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new SQLException("late", "08001");
          }
        };
    try (var health = new StoreHealth(store, Duration.ofMillis(50))) {
      for (var i = 0; i < 3; i++) {
        assertThat(health.health())
            .isEqualTo(
                Health.down()
                    .withDetail("reason", "Expected an answer of the store within 50 ms, got none")
                    .build());
      }
      assertThat(asked).hasValue(1);

      answer.countDown();

      await()
          .untilAsserted(
              () ->
                  assertThat(health.health().getDetails().get("reason"))
                      .asString()
                      .endsWith("08001"));
      assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    }
  }

  private abstract static class OnlyConnecting extends AbstractDataSource {

    @Override
    public Connection getConnection(String username, String password) {
      throw new UnsupportedOperationException();
    }
  }
}
