package io.surveygateway.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.surveygateway.operations.LastCounts.Seen;
import io.surveygateway.store.Counter;
import io.surveygateway.store.Counters;
import io.surveygateway.store.Counts;
import io.surveygateway.store.Dialect;
import io.surveygateway.store.Store;
import io.surveygateway.store.StoreForTests;
import io.surveygateway.store.Work.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a scrape of {@code /actuator/prometheus} shows of the store's counts. */
class CounterMetricsTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicBoolean storeIsAway = new AtomicBoolean();
  private StoreForTests store;
  private LastCounts counts;
  private CounterMetrics metrics;

  @BeforeEach
  void open() {
    store = StoreForTests.open(Dialect.SQLITE);
    var since = store.clock.instant().minusSeconds(90);
    counts =
        new LastCounts(
            () -> {
              if (storeIsAway.get()) {
                throw new IllegalStateException("away");
              }
              return new Seen(
                  store.get(Counters.class).totals(),
                  Map.<String, Instant>of("crm", since),
                  store.clock.instant());
            },
            store.clock,
            LONG);
    metrics =
        new CounterMetrics(
            registry, counts, () -> List.of("popsee"), () -> List.of("crm"), store.clock);
  }

  @AfterEach
  void close() {
    counts.close();
    store.close();
  }

  private void count(Counts some) {
    store
        .get(Store.class)
        .write(
            jdbc -> {
              store.get(Counters.class).add(jdbc, some);
              return null;
            });
  }

  private List<String> scrape() {
    return registry.scrape().lines().filter(line -> line.startsWith("survey_gateway_")).toList();
  }

  @Test
  void showsRequestsAndEventsByProvider() {
    count(
        new Counts()
            .add(Counter.REQUESTS_ACCEPTED, "popsee", 9)
            .add(Counter.EVENTS_STORED, "popsee", 5)
            .add(Counter.EVENTS_REPEATED, "popsee", 4)
            .add(Counter.ITEMS_SET_ASIDE, "popsee", 1)
            .add(Counter.REQUESTS_REFUSED, "popsee", "401", 3)
            .add(Counter.REQUESTS_REFUSED, "", "404", 2)
            .requestsMoved("popsee", State.WAITING, State.DONE, 6)
            .requestsMoved("popsee", State.WAITING, State.PARKED, 2)
            .requestsMoved("popsee", State.PARKED, State.WAITING, 1));

    metrics.start();

    assertThat(scrape())
        .contains(
            "survey_gateway_requests_accepted_total{provider=\"popsee\"} 9.0",
            "survey_gateway_events_stored_total{provider=\"popsee\"} 5.0",
            "survey_gateway_events_repeated_total{provider=\"popsee\"} 4.0",
            "survey_gateway_items_set_aside_total{provider=\"popsee\"} 1.0",
            "survey_gateway_requests_refused_total{provider=\"popsee\",status=\"401\"} 3.0",
            "survey_gateway_requests_refused_total{provider=\"none\",status=\"404\"} 2.0",
            "survey_gateway_requests{provider=\"popsee\",state=\"open\"} 2.0",
            "survey_gateway_requests{provider=\"popsee\",state=\"done\"} 6.0",
            "survey_gateway_requests{provider=\"popsee\",state=\"parked\"} 1.0",
            "survey_gateway_requests_ended_total{provider=\"popsee\",state=\"parked\"} 2.0");
  }

  @Test
  void showsDeliveriesAndAttemptsByDestination() {
    count(
        new Counts()
            .add(Counter.DELIVERIES_MADE, "crm", 10)
            .deliveriesMoved("crm", State.WAITING, State.DELIVERED, 4)
            .deliveriesMoved("crm", State.WAITING, State.PARKED, 3)
            .deliveriesMoved("crm", State.PARKED, State.RETRYING, 2)
            .add(Counter.ATTEMPTS_MADE, "crm", "transient", 7));

    metrics.start();

    assertThat(scrape())
        .contains(
            "survey_gateway_deliveries_made_total{destination=\"crm\"} 10.0",
            "survey_gateway_deliveries{destination=\"crm\",state=\"open\"} 5.0",
            "survey_gateway_deliveries{destination=\"crm\",state=\"delivered\"} 4.0",
            "survey_gateway_deliveries{destination=\"crm\",state=\"parked\"} 1.0",
            "survey_gateway_deliveries_ended_total{destination=\"crm\",state=\"parked\"} 3.0",
            "survey_gateway_attempts_total{destination=\"crm\",outcome=\"transient\"} 7.0",
            "survey_gateway_oldest_waiting_seconds{destination=\"crm\"} 90.0",
            "survey_gateway_counts_age_seconds 0.0");
  }

  @Test
  void showsNoProviderAndDestinationWithoutARoute() {
    count(
        new Counts()
            .add(Counter.REQUESTS_ACCEPTED, "removed", 1)
            .add(Counter.DELIVERIES_MADE, "removed", 1));

    metrics.start();

    assertThat(scrape()).isNotEmpty().noneMatch(line -> line.contains("removed"));
  }

  @Test
  void showsWhatWasLastKnownWhileTheStoreIsAway() {
    count(new Counts().add(Counter.REQUESTS_ACCEPTED, "popsee", 1));
    metrics.start();
    storeIsAway.set(true);
    store.clock.advance(Duration.ofMinutes(1));

    assertThat(scrape())
        .contains(
            "survey_gateway_requests_accepted_total{provider=\"popsee\"} 1.0",
            "survey_gateway_counts_age_seconds 60.0");
  }

  @Test
  void showsNothingUntilTheStoreHasAnsweredAndThenAll() {
    storeIsAway.set(true);
    metrics.start();
    assertThat(scrape()).containsExactly("survey_gateway_counts_age_seconds NaN");

    storeIsAway.set(false);
    store.clock.advance(Duration.ofSeconds(5));
    scrape();

    assertThat(scrape())
        .contains("survey_gateway_requests_accepted_total{provider=\"popsee\"} 0.0");
  }
}
