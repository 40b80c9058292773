package io.surveygateway.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in a line when the collector begins to take nothing, and when it takes again, where
 * OpenTelemetry's own exporter would write a stack trace for each try; that one is silenced in
 * application.yaml.
 */
final class SaidExporter implements SpanExporter {

  private static final Logger log = LoggerFactory.getLogger(SaidExporter.class);

  private final SpanExporter exporter;

  /** Steps that were not taken since it last took some. */
  private final AtomicLong dropped = new AtomicLong();

  SaidExporter(SpanExporter exporter) {
    this.exporter = exporter;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> steps) {
    var result = exporter.export(steps);
    var size = steps.size();
    return result.whenComplete(() -> heed(result, size));
  }

  private void heed(CompletableResultCode result, int size) {
    if (!result.isSuccess()) {
      if (dropped.getAndAdd(size) == 0) {
        var thrown = result.getFailureThrowable();
        log.warn(
            "Traces are dropped, the collector at OTEL_EXPORTER_OTLP_ENDPOINT does not take them: {}",
            thrown == null ? "it refused them" : thrown.getMessage());
      }
      return;
    }
    var missing = dropped.getAndSet(0);
    if (missing > 0) {
      log.info("Traces are taken again; {} steps were dropped", missing);
    }
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
