package io.surveygateway.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a scrape shows of how long senders and responses waited. */
class LatencyMetricsTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LatencyMetrics metrics =
      new LatencyMetrics(registry, new Latencies(java.time.Clock.systemUTC()));

  private List<String> scrape() {
    return registry.scrape().lines().filter(line -> line.startsWith("survey_gateway_")).toList();
  }

  private void answered(int status, int millis) {
    metrics.answered("popsee", status, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void putsEachAnswerIntoABucketOfItsProviderAndOutcome() {
    answered(200, 3);
    answered(200, 7);
    answered(401, 40);
    answered(503, 20_000);

    assertThat(scrape())
        .contains(
            acknowledgements("bucket", "accepted", "0.0025", 0),
            acknowledgements("bucket", "accepted", "0.005", 1),
            acknowledgements("bucket", "accepted", "0.01", 2),
            acknowledgements("bucket", "refused", "0.025", 0),
            acknowledgements("bucket", "refused", "0.05", 1),
            acknowledgements("bucket", "unavailable", "10.0", 0),
            acknowledgements("bucket", "unavailable", "30.0", 1),
            "survey_gateway_acknowledgement_seconds_count{outcome=\"accepted\",provider=\"popsee\"}"
                + " 2",
            "survey_gateway_acknowledgement_seconds_sum{outcome=\"accepted\",provider=\"popsee\"}"
                + " 0.01");
  }

  private static String acknowledgements(String what, String outcome, String limit, int count) {
    return "survey_gateway_acknowledgement_seconds_%s{outcome=\"%s\",provider=\"popsee\",le=\"%s\"} %d"
        .formatted(what, outcome, limit, count);
  }

  @Test
  void putsEachArrivalIntoABucketOfItsDestination() {
    metrics.delivered("crm", Duration.ofMillis(90));
    metrics.delivered("crm", Duration.ofHours(2));

    assertThat(scrape())
        .contains(
            "survey_gateway_end_to_end_seconds_bucket{destination=\"crm\",le=\"0.05\"} 0",
            "survey_gateway_end_to_end_seconds_bucket{destination=\"crm\",le=\"0.1\"} 1",
            "survey_gateway_end_to_end_seconds_bucket{destination=\"crm\",le=\"3600.0\"} 1",
            "survey_gateway_end_to_end_seconds_bucket{destination=\"crm\",le=\"21600.0\"} 2",
            "survey_gateway_end_to_end_seconds_count{destination=\"crm\"} 2");
  }

  @Test
  void growsByBucketsAlone() {
    answered(200, 3);
    metrics.delivered("crm", Duration.ofMillis(90));
    var before = scrape().size();

    for (var i = 0; i < 1000; i++) {
      answered(i % 500 + 100, i);
      metrics.delivered("crm", Duration.ofMinutes(i));
    }

    assertThat(scrape()).hasSize(before);
  }
}
