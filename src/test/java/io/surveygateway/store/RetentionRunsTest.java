package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** When old rows are removed, and what is said of it. */
@ExtendWith(OutputCaptureExtension.class)
class RetentionRunsTest {

  private static RetentionProperties properties(String... namesAndValues) {
    var source = new MapConfigurationPropertySource();
    for (var i = 0; i < namesAndValues.length; i += 2) {
      source.put("gateway.retention." + namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Binder(source)
        .bindOrCreate("gateway.retention", Bindable.of(RetentionProperties.class));
  }

  private static void refusal(StoreForTests store, long id) {
    store
        .get(Store.class)
        .write(
            jdbc ->
                jdbc.update(
                    "INSERT INTO refusal (id, refused_at, provider, path, status, cause) VALUES"
                        + " (?, ?, 'popsee', '', 401, 'forged')",
                    id,
                    store.clock.millis()));
  }

  private static void awaitRefusals(StoreForTests store, long count) {
    await()
        .untilAsserted(
            () -> assertThat(store.count("SELECT count(*) FROM refusal")).isEqualTo(count));
  }

  @Test
  void runsAgainAndAgainAndSaysInALineWhatItRemoved(CapturedOutput output) {
    try (var store = StoreForTests.open(Dialect.SQLITE)) {
      var properties = properties("first-after", "10ms", "interval", "10ms");
      refusal(store, 1);
      refusal(store, 2);
      try (var runs =
          new RetentionRuns(
              new Retention(store.get(Store.class), store.clock, properties), properties)) {
        store.clock.advance(Duration.ofDays(31));
        awaitRefusals(store, 0);
        refusal(store, 3);
        store.clock.advance(Duration.ofDays(31));
        awaitRefusals(store, 0);
      }
    }
    assertThat(output.getOut().lines().filter(line -> line.contains("RetentionRuns")))
        .satisfiesExactly(
            line ->
                assertThat(line).endsWith("Removed what was kept long enough, in 0 s: 2 refusal"),
            line ->
                assertThat(line).endsWith("Removed what was kept long enough, in 0 s: 1 refusal"));
  }

  @Test
  void goesOnWhenTheStoreIsBack(CapturedOutput output) {
    try (var store = StoreForTests.open(Dialect.SQLITE)) {
      var properties = properties("first-after", "10ms", "interval", "10ms");
      refusal(store, 1);
      store.clock.advance(Duration.ofDays(31));
      rename(store, "refusal", "away");
      try (var runs =
          new RetentionRuns(
              new Retention(store.get(Store.class), store.clock, properties), properties)) {
        await().until(() -> output.getOut().contains("Could not remove old rows, and tries again"));
        rename(store, "away", "refusal");
        awaitRefusals(store, 0);
      }
    }
  }

  private static void rename(StoreForTests store, String from, String to) {
    store.get(Store.class).write(jdbc -> jdbc.update("ALTER TABLE " + from + " RENAME TO " + to));
  }

  @Test
  void endsARunAfterTheStepUnderWayWhenTheGatewayStops() {
    try (var store = StoreForTests.open(Dialect.SQLITE)) {
      var properties = properties("step", "1", "pause", "1h");
      refusal(store, 1);
      refusal(store, 2);
      store.clock.advance(Duration.ofDays(31));
      var retention = new Retention(store.get(Store.class), store.clock, properties);
      var run = new Thread(retention::run);
      run.start();
      awaitRefusals(store, 1);

      retention.close();

      await().until(() -> !run.isAlive());
      assertThat(store.count("SELECT count(*) FROM refusal")).isEqualTo(1);
    }
  }

  @Test
  void keepsAMonthAndVersionsHalfAYear() {
    assertThat(properties())
        .isEqualTo(
            new RetentionProperties(
                Duration.ofDays(30),
                Duration.ofDays(30),
                Duration.ofDays(30),
                Duration.ofDays(30),
                Duration.ofDays(30),
                Duration.ofDays(30),
                Duration.ofDays(400),
                Duration.ofDays(180),
                new RetentionProperties.Kept(
                    Duration.ofDays(2), Duration.ofDays(60), Duration.ofDays(1100)),
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                500,
                Duration.ofMillis(100)));
  }

  @Test
  void refusesATimeWithoutItsUnit() {
    assertThatThrownBy(() -> properties("set-aside", "30"))
        .rootCause()
        .hasMessage("Expected gateway.retention.set-aside of 1h or more, got PT0.03S");
  }

  @Test
  void refusesToForgetVersionsBeforeEvents() {
    assertThatThrownBy(() -> properties("events", "365d"))
        .rootCause()
        .hasMessage(
            "Expected gateway.retention.destination-versions not to be shorter than"
                + " gateway.retention.events (PT8760H), got PT4320H");
  }
}
