package io.surveygateway.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends traces to a collector by OTLP. What the collector does not take in time is dropped, and
 * said in the log; no request and no delivery waits for it.
 */
final class OpenTelemetryTracing implements Tracing, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OpenTelemetryTracing.class);

  private static final String TRACEPARENT = "traceparent";
  private static final String PREFIX = "survey_gateway.";

  /** The stored value, as the one header there is. */
  private static final TextMapGetter<String> STORED =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String stored) {
          return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String stored, String key) {
          return TRACEPARENT.equals(key) ? stored : null;
        }
      };

  /** How long a stop waits for the collector; OpenTelemetry's own close would wait ten seconds. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

  private final Duration longestStop;
  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;

  /**
   * @param endpoint of the collector; what else there is to be set comes from the variables that
   *     OpenTelemetry has for it, such as {@code OTEL_EXPORTER_OTLP_HEADERS}, {@code
   *     OTEL_TRACES_SAMPLER} and {@code OTEL_RESOURCE_ATTRIBUTES}
   */
  OpenTelemetryTracing(String endpoint) {
    this(endpoint, LONGEST_STOP);
  }

  OpenTelemetryTracing(String endpoint, Duration longestStop) {
    this.longestStop = longestStop;
    this.sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook()
            .addPropertiesSupplier(OpenTelemetryTracing::defaults)
            .addPropertiesCustomizer(settings -> Map.of("otel.exporter.otlp.endpoint", endpoint))
            .addSpanExporterCustomizer((exporter, settings) -> new SaidExporter(exporter))
            .build()
            .getOpenTelemetrySdk();
    this.tracer = sdk.getTracer("io.surveygateway");
  }

  private static Map<String, String> defaults() {
    return Map.of(
        "otel.service.name",
        "survey-gateway",
        "otel.exporter.otlp.protocol",
        "http/protobuf",
        // Metrics are fetched from the private port, logs from the standard output.
        "otel.metrics.exporter",
        "none",
        "otel.logs.exporter",
        "none");
  }

  @Override
  public Step accepting(String provider) {
    return begin("accept " + provider, SpanKind.SERVER, Context.root()).with("provider", provider);
  }

  @Override
  public Step mapping(String provider, @Nullable String traceparent) {
    return traceparent == null
        ? Step.NONE
        : begin("map " + provider, SpanKind.CONSUMER, parent(traceparent))
            .with("provider", provider);
  }

  @Override
  public Step delivering(String destination, @Nullable String traceparent) {
    return traceparent == null
        ? Step.NONE
        : begin("deliver " + destination, SpanKind.CLIENT, parent(traceparent))
            .with("destination", destination);
  }

  private static Context parent(String traceparent) {
    return W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, STORED);
  }

  private Step begin(String name, SpanKind kind, Context parent) {
    var span = tracer.spanBuilder(name).setSpanKind(kind).setParent(parent).startSpan();
    return span.getSpanContext().isSampled() ? new Sampled(span) : Step.NONE;
  }

  /** Sends what is still to be sent; a collector that does not take it holds up no stop. */
  @Override
  public void close() {
    if (!sdk.shutdown().join(longestStop.toMillis(), TimeUnit.MILLISECONDS).isDone()) {
      log.warn(
          "The last traces may be lost, the collector at OTEL_EXPORTER_OTLP_ENDPOINT did not take"
              + " them within {} ms of the stop",
          longestStop.toMillis());
    }
  }

  private record Sampled(Span span) implements Step {

    @Override
    public String traceparent() {
      return traceparent(span.getSpanContext());
    }

    private static String traceparent(SpanContext context) {
      return "00-"
          + context.getTraceId()
          + "-"
          + context.getSpanId()
          + "-"
          + context.getTraceFlags().asHex();
    }

    @Override
    public Step with(String name, String value) {
      span.setAttribute(PREFIX + name, value);
      return this;
    }

    @Override
    public Step with(String name, long value) {
      span.setAttribute(PREFIX + name, value);
      return this;
    }

    @Override
    public void end(@Nullable String failure) {
      if (failure != null) {
        span.setStatus(StatusCode.ERROR, failure);
      }
      span.end();
    }
  }
}
