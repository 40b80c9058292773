package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surveygateway.PostgresForTests;
import io.surveygateway.store.InboxStore.Claim;
import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Two gateways on one PostgreSQL, one of which takes the time for another than it is. */
class DatabaseClockTest {

  private static final Duration MUCH = Duration.ofMinutes(10);

  private final String url = PostgresForTests.newDatabase();
  private final AtomicLong jump = new AtomicLong();
  private final StoreForTests right = StoreForTests.onDatabaseTime(url, System::nanoTime);
  private final StoreForTests wrong =
      StoreForTests.onDatabaseTime(url, () -> System.nanoTime() + jump.get());

  @AfterEach
  void close() {
    right.close();
    wrong.close();
  }

  private void jump(int minutes) {
    jump.set(Duration.ofMinutes(minutes).toNanos());
  }

  private static Instant timeOf(StoreForTests store) {
    return store.get(Clock.class).instant();
  }

  private long receive(StoreForTests store) {
    var id = store.get(Ids.class).next();
    store
        .get(InboxStore.class)
        .add(new NewRequest(id, "popsee", "", null, "secret", timeOf(store), new byte[] {1}))
        .join();
    return id;
  }

  /** Adds a delivery that is due then. */
  private long send(StoreForTests store, Instant due) {
    var ids = store.get(Ids.class);
    var id = ids.next();
    var event =
        new NewEvent(
            id, "popsee", "e-" + id, 1, "t", "popsee:" + id, null, due, timeOf(store), "{}");
    var delivery = new NewDelivery(id, id, "crm", Work.State.WAITING, null, due);
    store
        .get(InboxStore.class)
        .finish(
            new StepResult(
                1,
                "popsee",
                new Work(Work.State.DONE, due, null),
                List.of(event),
                List.of(delivery),
                List.of()))
        .join();
    return id;
  }

  private static List<Long> map(StoreForTests store) {
    return store.get(InboxStore.class).claim("popsee", 10).stream().map(Claim::id).toList();
  }

  private static List<Long> claim(StoreForTests store) {
    return store.get(OutboxStore.class).claim("crm", 10).stream().map(ClaimedDelivery::id).toList();
  }

  private Duration leaseOf(String table) {
    return Duration.ofMillis(
        right.count(
            "SELECT lease_until - CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) FROM "
                + table));
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, 10})
  void takesNoLeaseOverEarlyHoweverWrongItsTimeIs(int minutes) {
    receive(right);
    send(right, timeOf(right));
    assertThat(map(right)).hasSize(1);
    assertThat(claim(right)).hasSize(1);

    jump(minutes);

    assertThat(map(wrong)).isEmpty();
    assertThat(claim(wrong)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, 10})
  void holdsALeaseForAsLongAsOthersDo(int minutes) {
    var request = receive(right);
    var delivery = send(right, timeOf(right));
    jump(minutes);

    assertThat(map(wrong)).containsExactly(request);
    assertThat(claim(wrong)).containsExactly(delivery);
    assertThat(map(right)).isEmpty();
    assertThat(claim(right)).isEmpty();
    assertThat(leaseOf("inbox")).isBetween(Duration.ofSeconds(1), StoreForTests.LEASE);
    assertThat(leaseOf("delivery")).isBetween(Duration.ofSeconds(1), StoreForTests.LEASE);

    wrong.get(InboxStore.class).renew(List.of(request));
    wrong.get(OutboxStore.class).renew(List.of(delivery));
    assertThat(leaseOf("inbox")).isBetween(Duration.ofSeconds(1), StoreForTests.LEASE);
    assertThat(leaseOf("delivery")).isBetween(Duration.ofSeconds(1), StoreForTests.LEASE);
  }

  @Test
  void sendsNothingBeforeItsDate() {
    send(right, timeOf(right).plus(Duration.ofMinutes(5)));
    jump(10);

    assertThat(claim(wrong)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, 10})
  void goesByTheDatabasesTimeAgainWhenItHasReadIt(int minutes) {
    jump(minutes);
    assertThat(timeOf(wrong))
        .isCloseTo(timeOf(right).plus(MUCH.multipliedBy(minutes / 10)), near());

    ((DatabaseClock) wrong.get(Clock.class)).read();

    assertThat(timeOf(wrong)).isCloseTo(timeOf(right), near());
  }

  private static org.assertj.core.data.TemporalUnitOffset near() {
    return within(1, ChronoUnit.MINUTES);
  }

  @Test
  void isTheClockOfAGatewayOnPostgresqlAndNotOnSqlite() throws Exception {
    assertThat(clockOf(url)).isInstanceOf(DatabaseClock.class);
    assertThat(clockOf("")).isEqualTo(Clock.systemUTC());
  }

  private static Clock clockOf(String url) throws Exception {
    var folder = Files.createTempDirectory(Path.of("target"), "clock");
    try (var context = new AnnotationConfigApplicationContext()) {
      context.registerBean(StoreProperties.class, () -> StoreForTests.properties(folder, url));
      context.registerBean(RetentionProperties.class, () -> StoreForTests.RETENTION);
      context.register(StoreConfiguration.class);
      context.refresh();
      return context.getBean(Clock.class);
    }
  }
}
