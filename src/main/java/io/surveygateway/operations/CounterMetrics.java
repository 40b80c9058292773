package io.surveygateway.operations;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.surveygateway.operations.LastCounts.Seen;
import io.surveygateway.store.Counter;
import io.surveygateway.store.CounterTotals;
import io.surveygateway.store.Work.State;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Shows the store's counts as metrics; {@link Counter} says how they relate.
 *
 * <p>They are the store's: gateways that share one show the same numbers. A scrape reads what
 * {@link LastCounts} has. While the store is away it shows what was last known, with its age, and
 * nothing before the first answer. Tags are providers and destinations that there are routes for,
 * and what Java enumerates.
 */
final class CounterMetrics {

  private static final String PREFIX = "survey.gateway.";

  private final MeterRegistry registry;
  private final LastCounts counts;
  private final Supplier<Collection<String>> providers;
  private final Supplier<Collection<String>> destinations;
  private final Clock clock;

  /** By name and tags: what is registered twice is warned of. */
  private final Set<String> registered = ConcurrentHashMap.newKeySet();

  CounterMetrics(
      MeterRegistry registry,
      LastCounts counts,
      Supplier<Collection<String>> providers,
      Supplier<Collection<String>> destinations,
      Clock clock) {
    this.registry = registry;
    this.counts = counts;
    this.providers = providers;
    this.destinations = destinations;
    this.clock = clock;
  }

  /** When all routes are there, and with them all providers and destinations. */
  @EventListener(ApplicationReadyEvent.class)
  void start() {
    TimeGauge.builder(PREFIX + "counts.age", this, TimeUnit.SECONDS, CounterMetrics::age)
        .description("Since the counts were read; grows while the store is away")
        .register(registry);
    age();
  }

  /** Every scrape asks this; what came to be known meanwhile is shown from the next one on. */
  private double age() {
    var seen = counts.get();
    seen.map(Seen::totals).ifPresent(this::register);
    return seen.map(s -> seconds(Duration.between(s.at(), clock.instant()))).orElse(Double.NaN);
  }

  private void register(CounterTotals totals) {
    providers.get().forEach(provider -> registerProvider(provider, totals));
    registerRefused("", "none", totals);
    destinations.get().forEach(destination -> registerDestination(destination, totals));
  }

  private void registerProvider(String provider, CounterTotals totals) {
    var tags = Tags.of("provider", provider);
    counter("requests.accepted", tags, t -> t.total(Counter.REQUESTS_ACCEPTED, provider));
    counter("items", tags, t -> t.total(Counter.ITEMS_BROUGHT, provider));
    counter("events.stored", tags, t -> t.total(Counter.EVENTS_STORED, provider));
    counter("events.repeated", tags, t -> t.total(Counter.EVENTS_REPEATED, provider));
    counter("items.set.aside", tags, t -> t.total(Counter.ITEMS_SET_ASIDE, provider));
    registerRefused(provider, provider, totals);
    gauge("requests", tags.and("state", "open"), t -> t.openRequests(provider));
    for (var state : List.of(State.DONE, State.PARKED, State.CANCELLED)) {
      var counter = Counter.ofRequests(state).orElseThrow();
      var tagged = tags.and("state", state.text());
      gauge("requests", tagged, t -> t.level(counter, provider));
      counter("requests.ended", tagged, t -> t.total(counter, provider));
    }
  }

  private void registerRefused(String provider, String shown, CounterTotals totals) {
    for (var status : totals.details(Counter.REQUESTS_REFUSED, provider)) {
      counter(
          "requests.refused",
          Tags.of("provider", shown, "status", status),
          t -> t.total(Counter.REQUESTS_REFUSED, provider, status));
    }
  }

  private void registerDestination(String destination, CounterTotals totals) {
    var tags = Tags.of("destination", destination);
    counter("deliveries.made", tags, t -> t.total(Counter.DELIVERIES_MADE, destination));
    gauge("deliveries", tags.and("state", "open"), t -> t.openDeliveries(destination));
    for (var state :
        List.of(State.DELIVERED, State.PARKED, State.SKIPPED, State.SUPERSEDED, State.CANCELLED)) {
      var counter = Counter.ofDeliveries(state).orElseThrow();
      var tagged = tags.and("state", state.text());
      gauge("deliveries", tagged, t -> t.level(counter, destination));
      counter("deliveries.ended", tagged, t -> t.total(counter, destination));
    }
    for (var outcome : totals.details(Counter.ATTEMPTS_MADE, destination)) {
      counter(
          "attempts",
          tags.and("outcome", outcome),
          t -> t.total(Counter.ATTEMPTS_MADE, destination, outcome));
    }
    if (isNew("oldest.waiting", tags)) {
      TimeGauge.builder(
              PREFIX + "oldest.waiting",
              this,
              TimeUnit.SECONDS,
              metrics -> metrics.oldestWaiting(destination))
          .description("Since the delivery was made that has waited for longest; 0 if none waits")
          .tags(tags)
          .register(registry);
    }
  }

  private double oldestWaiting(String destination) {
    return counts
        .get()
        .map(
            seen -> {
              var oldest = seen.oldestWaiting().get(destination);
              return oldest == null ? 0 : seconds(Duration.between(oldest, clock.instant()));
            })
        .orElse(Double.NaN);
  }

  private void counter(String name, Tags tags, ToDoubleFunction<CounterTotals> value) {
    if (isNew(name, tags)) {
      FunctionCounter.builder(PREFIX + name, this, metrics -> metrics.of(value))
          .tags(tags)
          .register(registry);
    }
  }

  private void gauge(String name, Tags tags, ToDoubleFunction<CounterTotals> value) {
    if (isNew(name, tags)) {
      Gauge.builder(PREFIX + name, this, metrics -> metrics.of(value))
          .tags(tags)
          .register(registry);
    }
  }

  private boolean isNew(String name, Tags tags) {
    return registered.add(name + tags);
  }

  private double of(ToDoubleFunction<CounterTotals> value) {
    return counts.get().map(seen -> value.applyAsDouble(seen.totals())).orElse(Double.NaN);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
