package io.surveygateway.trial;

import java.time.Clock;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/**
 * The parts of the gateway that a try in a terminal needs: what routes name, and neither ports nor
 * store. To be made lazily: each part as a route asks for it.
 *
 * <p>No {@code @Configuration} that the gateway's own scan would find.
 */
@EnableConfigurationProperties
@ConfigurationPropertiesScan("io.surveygateway")
@ComponentScan(
    basePackages = "io.surveygateway",
    excludeFilters = {
      @ComponentScan.Filter(
          type = FilterType.REGEX,
          pattern = "io\\.surveygateway\\.(alerts|console|operations|store|webhook|lint)\\..*"),
      // The gateway as a whole.
      @ComponentScan.Filter(EnableAutoConfiguration.class)
    })
final class TrialParts {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
