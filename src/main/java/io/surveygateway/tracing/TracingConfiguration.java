package io.surveygateway.tracing;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

  /** Nothing of OpenTelemetry is loaded where no collector is set. */
  @Bean
  Tracing tracing(TracingSettings settings) {
    var endpoint = settings.endpoint();
    return endpoint == null ? Tracing.OFF : new OpenTelemetryTracing(endpoint);
  }
}
