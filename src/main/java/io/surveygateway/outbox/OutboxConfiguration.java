package io.surveygateway.outbox;

import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OutboxConfiguration {

  /** Stops the start where a route or a setting names a destination that nobody delivers. */
  @Bean
  CamelContextConfiguration destinationsCheck(
      Destinations destinations, DeliverySettings settings) {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext camel) {
        // Nothing is known before the routes are built.
      }

      @Override
      public void afterApplicationStart(CamelContext camel) {
        destinations.checkWanted();
        destinations.checkSet(settings.destinations().keySet());
      }
    };
  }
}
