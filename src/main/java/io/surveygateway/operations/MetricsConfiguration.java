package io.surveygateway.operations;

import io.micrometer.core.instrument.MeterRegistry;
import io.surveygateway.operations.LastCounts.Seen;
import io.surveygateway.outbox.Destinations;
import io.surveygateway.store.Counters;
import io.surveygateway.webhook.Providers;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Metrics of the gateway's own; they stand beside those of the JVM, Camel and the pools. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

  @Bean
  LastCounts lastCounts(Counters counters, Destinations destinations, Clock clock) {
    return new LastCounts(
        () ->
            new Seen(
                counters.totals(), counters.oldestWaiting(names(destinations)), clock.instant()),
        clock,
        Duration.ofSeconds(1));
  }

  @Bean
  Latencies latencies(Clock clock) {
    return new Latencies(clock);
  }

  @Bean
  LatencyMetrics latencyMetrics(MeterRegistry registry, Latencies recent) {
    return new LatencyMetrics(registry, recent);
  }

  @Bean
  CounterMetrics counterMetrics(
      MeterRegistry registry,
      LastCounts counts,
      Providers providers,
      Destinations destinations,
      Clock clock) {
    return new CounterMetrics(
        registry,
        counts,
        () -> providers.all().stream().map(Providers.Provider::name).toList(),
        () -> names(destinations),
        clock);
  }

  private static Collection<String> names(Destinations destinations) {
    return destinations.all().stream().map(Destinations.Destination::name).toList();
  }
}
