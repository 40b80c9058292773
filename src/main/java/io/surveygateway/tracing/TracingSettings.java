package io.surveygateway.tracing;

import io.surveygateway.settings.WebAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * @param endpoint of an OpenTelemetry collector that takes OTLP, such as {@code
 *     http://localhost:4318}; null or empty: nothing is traced
 */
@ConfigurationProperties("gateway.tracing")
record TracingSettings(@Nullable String endpoint) {

  TracingSettings {
    endpoint = endpoint == null || endpoint.isBlank() ? null : endpoint.strip();
    if (endpoint != null && !WebAddress.isOne(endpoint)) {
      // Not quoted: it may hold a key.
      throw new IllegalArgumentException(
          "Expected gateway.tracing.endpoint (OTEL_EXPORTER_OTLP_ENDPOINT) to be the address of a"
              + " collector, such as http://localhost:4318, got something else");
    }
  }

  @Override
  public String toString() {
    return "TracingSettings[not shown]";
  }
}
