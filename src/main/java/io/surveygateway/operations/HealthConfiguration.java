package io.surveygateway.operations;

import io.surveygateway.lint.LastFindings;
import io.surveygateway.outbox.Destinations;
import io.surveygateway.store.Pauses;
import io.surveygateway.webhook.Providers;
import java.time.Duration;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What readiness is made of; the group itself stands in {@code application.yaml}. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

  @Bean
  StoreHealth storeHealthIndicator(@Qualifier("store") DataSource store) {
    return new StoreHealth(store, Duration.ofSeconds(2));
  }

  @Bean
  RoutesHealth routesHealthIndicator(CamelContext camel, LastFindings lint) {
    return new RoutesHealth(camel, lint);
  }

  @Bean
  ProvidersHealth providersHealthIndicator(Providers providers, Pauses pauses) {
    return new ProvidersHealth(providers, pauses::all);
  }

  @Bean
  DestinationsHealth destinationsHealthIndicator(Destinations destinations) {
    return new DestinationsHealth(destinations);
  }
}
