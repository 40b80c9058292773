package io.surveygateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * The end of tracing; what is told is tried with the whole gateway, by {@code TracedGatewayTest}.
 */
@ExtendWith(OutputCaptureExtension.class)
class OpenTelemetryTracingTest {

  @Test
  void stopsThoughTheCollectorNeverAnswers(CapturedOutput output) throws Exception {
    // Takes connections, as any port that listens, and reads nothing.
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var tracing =
          new OpenTelemetryTracing(
              "http://127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(1));
      tracing.accepting("popsee").end(null);

      tracing.close();

      assertThat(output)
          .contains(
              "The last traces may be lost, the collector at OTEL_EXPORTER_OTLP_ENDPOINT did not"
                  + " take them within 1 ms of the stop");
    }
  }

  @Test
  void stopsWithoutAWordWhereNothingIsLeftToBeSent(CapturedOutput output) throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      new OpenTelemetryTracing("http://127.0.0.1:" + silent.getLocalPort(), Duration.ofSeconds(30))
          .close();

      assertThat(output).doesNotContain("traces may be lost");
    }
  }

  @Test
  void saysOnceThatTracesAreDroppedAndOnceThatTheyAreTakenAgain(CapturedOutput output) {
    var answers =
        new ArrayDeque<>(
            List.of(
                CompletableResultCode.ofFailure(),
                CompletableResultCode.ofFailure(),
                CompletableResultCode.ofSuccess()));
    SpanExporter collector = mock();
    when(collector.export(any())).thenAnswer(call -> answers.remove());
    var exporter = new SaidExporter(collector);
    SpanData step = mock();

    while (!answers.isEmpty()) {
      exporter.export(List.of(step, step));
    }

    assertThat(output.toString().lines())
        .filteredOn(line -> line.contains("Traces are"))
        .satisfiesExactly(
            line -> assertThat(line).contains("Traces are dropped, the collector at "),
            line -> assertThat(line).contains("Traces are taken again; 4 steps were dropped"));
  }
}
