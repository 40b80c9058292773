package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.surveygateway.TraceCollectorStandIn.Traced;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.operations.LaneOperations;
import io.surveygateway.store.Store;
import io.surveygateway.tracing.Tracing;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** What a collector of traces is told of a request's way, and what is not its business. */
class TracedGatewayTest {

  /** Of a sender who would like to say what is traced, and under which number. */
  private static final String OF_THE_SENDER =
      "00-11111111111111111111111111111111-2222222222222222-01";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void tellsOneTraceFromTheProofToTheDestinationOverARestart() throws Exception {
    try (var collector = new TraceCollectorStandIn()) {
      try (var gateway = start("--gateway.tracing.endpoint=" + collector.url())) {
        gateway.getBean(LaneOperations.class).pauseDestination("database", "test", null);
        post(gateway, true);
        await().atMost(PATIENCE).until(() -> count(gateway, "delivery", "waiting") == 1);
      }
      try (var gateway = start("--gateway.tracing.endpoint=" + collector.url())) {
        gateway.getBean(LaneOperations.class).resumeDestination("database", "test");
        await().atMost(PATIENCE).until(() -> count(gateway, "delivery", "delivered") == 1);
      }

      var accepted = only(collector.steps("accept popsee"));
      assertThat(accepted.parent()).isEmpty();
      assertThat(accepted.service()).isEqualTo("survey-gateway");
      assertThat(accepted.trace()).isNotEqualTo(OF_THE_SENDER.split("-")[1]);

      var mapped = only(collector.steps("map popsee"));
      assertThat(mapped.trace()).isEqualTo(accepted.trace());
      assertThat(mapped.parent()).isEqualTo(accepted.id());
      assertThat(mapped.attribute("state")).isEqualTo("done");
      assertThat(mapped.attribute("events")).isEqualTo("1");

      var delivered = only(collector.steps("deliver database"));
      assertThat(delivered.trace()).isEqualTo(accepted.trace());
      assertThat(delivered.parent()).isEqualTo(accepted.id());
      assertThat(delivered.attribute("state")).isEqualTo("delivered");
      assertThat(delivered.attribute("attempt")).isEqualTo("1");
      assertThat(delivered.attribute("request_id")).isEqualTo(mapped.attribute("request_id"));
      assertThat(delivered.attribute("response")).startsWith("popsee:");
      assertThat(collector.steps())
          .noneMatch(Traced::isFailed)
          .allMatch(step -> step.attributes().values().stream().noneMatch(v -> v.contains("@")));
    }
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void waitsForNoCollectorAndSaysInALineThatThereIsNone(CapturedOutput output) throws Exception {
    try (var gateway = start("--gateway.tracing.endpoint=http://127.0.0.1:1")) {
      post(gateway, false);
      await().atMost(PATIENCE).until(() -> count(gateway, "delivery", "delivered") == 1);
    }
    // While it runs, or where the stop comes sooner: that does not wait for OpenTelemetry's
    // retries.
    assertThat(output.toString().lines())
        .filteredOn(
            line -> line.contains("Traces are dropped") || line.contains("traces may be lost"))
        .hasSizeBetween(1, 2);
    assertThat(output.toString()).doesNotContain("okhttp3.internal");
  }

  @Test
  void storesAndTellsNothingWithoutOne() throws Exception {
    try (var gateway = start()) {
      assertThat(gateway.getBean(Tracing.class)).isSameAs(Tracing.OFF);
      post(gateway, true);
      assertThat(
              gateway
                  .getBean(Store.class)
                  .<Integer>read(
                      jdbc ->
                          jdbc.queryForObject(
                              "SELECT COUNT(*) FROM request WHERE traceparent IS NULL",
                              Integer.class)))
          .isEqualTo(1);
    }
  }

  @Test
  void doesNotStartWithWhatIsNoAddressAndDoesNotQuoteIt() {
    assertThatThrownBy(() -> start("--gateway.tracing.endpoint=collector?key=s3cret").close())
        .hasStackTraceContaining(
            "Expected gateway.tracing.endpoint (OTEL_EXPORTER_OTLP_ENDPOINT) to be the address of a"
                + " collector, such as http://localhost:4318");
  }

  private ConfigurableApplicationContext start(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--gateway.webhook.port=0",
                "--gateway.webhook.address=127.0.0.1",
                "--gateway.console.admin-password=secret",
                "--gateway.store.folder=" + folder.resolve("data"),
                "--gateway.providers.popsee.secret=popsee-secret"));
    arguments.addAll(List.of(more));
    return new SpringApplicationBuilder(Gateway.class).run(arguments.toArray(String[]::new));
  }

  private static void post(ConfigurableApplicationContext gateway, boolean isTracedBySender)
      throws Exception {
    var sample = SignedSamples.popsee().score(9).signedWith("popsee-secret").toRequest();
    var request =
        HttpRequest.newBuilder(URI.create(PublicAddress.of(gateway) + sample.path()))
            .POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    if (isTracedBySender) {
      request.header("traceparent", OF_THE_SENDER);
    }
    var answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map()).doesNotContainKey("traceparent");
  }

  private static long count(ConfigurableApplicationContext gateway, String table, String state) {
    return gateway
        .getBean(Store.class)
        .<Long>read(
            jdbc ->
                jdbc.queryForObject(
                    "SELECT COUNT(*) FROM " + table + " WHERE state = ?", Long.class, state));
  }

  private static Traced only(List<Traced> steps) {
    assertThat(steps).hasSize(1);
    return steps.get(0);
  }
}
