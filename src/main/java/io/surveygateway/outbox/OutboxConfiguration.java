package io.surveygateway.outbox;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OutboxConfiguration {

  /**
   * Ends the start where a route or a setting names a destination that nobody delivers: nothing is
   * known before the routes are built, and Camel only logs what is thrown after.
   */
  @Bean
  ApplicationListener<ApplicationStartedEvent> destinationsCheck(
      Destinations destinations, DeliverySettings settings) {
    // No lambda: Spring could not tell which event it is for.
    return new ApplicationListener<>() {
      @Override
      public void onApplicationEvent(ApplicationStartedEvent event) {
        destinations.checkWanted();
        destinations.checkSet(settings.destinations().keySet());
      }
    };
  }
}
