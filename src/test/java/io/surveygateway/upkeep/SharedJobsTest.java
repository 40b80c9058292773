package io.surveygateway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.store.Dialect;
import io.surveygateway.store.Store;
import io.surveygateway.store.StoreForTests;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SharedJobsTest {

  private static final Duration RETRY = Duration.ofMinutes(15);

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void letsOneGatewayAtATimeDoWhatIsDue(Dialect dialect) {
    try (var store = StoreForTests.open(dialect)) {
      var one = new SharedJobs(store.get(Store.class), store.clock);
      var other = new SharedJobs(store.get(Store.class), store.clock);
      var next = store.clock.instant().plus(Duration.ofHours(6));

      var done =
          one.run(
              "check",
              false,
              RETRY,
              deadline -> {
                assertThat(other.run("check", true, RETRY, d -> next)).isFalse();
                assertThat(other.run("another", false, RETRY, d -> next)).isTrue();
                assertThat(deadline).isAfter(store.clock.instant());
                return next;
              });

      assertThat(done).isTrue();
      assertThat(other.run("check", false, RETRY, d -> next)).isFalse();
      assertThat(other.run("check", true, RETRY, d -> next)).isTrue();
      store.clock.advance(Duration.ofHours(6));
      assertThat(other.run("check", false, RETRY, d -> next)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void comesAgainAfterAFailure(Dialect dialect) {
    try (var store = StoreForTests.open(dialect)) {
      var jobs = new SharedJobs(store.get(Store.class), store.clock);

      assertThatThrownBy(
              () ->
                  jobs.run(
                      "check",
                      false,
                      RETRY,
                      deadline -> {
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");

      assertThat(jobs.run("check", false, RETRY, deadline -> deadline)).isFalse();
      store.clock.advance(RETRY);
      assertThat(jobs.run("check", false, RETRY, deadline -> deadline)).isTrue();
    }
  }
}
