package io.surveygateway.alerts;

import io.surveygateway.outbox.Destinations;
import io.surveygateway.store.Counters;
import io.surveygateway.store.Ids;
import io.surveygateway.store.Pauses;
import io.surveygateway.store.Store;
import io.surveygateway.store.Troubles;
import io.surveygateway.upkeep.GapLooks;
import io.surveygateway.upkeep.SharedJobs;
import io.surveygateway.webhook.Providers;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the alerts together. */
@Configuration(proxyBeanMethods = false)
class AlertConfiguration {

  /** What alerts go by, beside the log. */
  record Channels(List<AlertChannel> all) {}

  @Bean
  AlertStore alertStore(Store store, Ids ids) {
    return new AlertStore(store, ids);
  }

  @Bean
  Channels alertChannels(AlertSettings settings, Clock clock) {
    var http = new AlertHttp(AlertHttp.LONGEST);
    return new Channels(
        List.of(new SlackAlerts(settings, http), new WebhookAlerts(settings, http, clock)));
  }

  @Bean
  AlertWatch alertWatch(
      AlertStore store,
      Channels channels,
      Destinations destinations,
      Providers providers,
      Counters counters,
      Pauses pauses,
      Store tables,
      GapLooks looks,
      SharedJobs jobs,
      AlertSettings settings,
      Clock clock) {
    var sides =
        List.<Findings>of(
            new DestinationFindings(
                () -> DestinationFindings.on(destinations),
                counters,
                new Troubles(tables),
                pauses,
                settings,
                clock),
            new ProviderFindings(
                () -> ProviderFindings.on(providers),
                counters,
                new Silence(counters, settings.silent(), clock),
                looks::last,
                settings,
                clock));
    var sender = new AlertSender(store, channels.all(), clock, RandomGenerator.getDefault());
    return new AlertWatch(store, sides, channels.all(), sender, jobs, settings, clock);
  }

  @Bean
  AlertsHealth alertsHealthIndicator(AlertStore store, Channels channels) {
    return new AlertsHealth(store, channels.all());
  }
}
