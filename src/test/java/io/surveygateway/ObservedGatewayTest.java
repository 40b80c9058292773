package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.standin.SlackMessage;
import io.surveygateway.standin.SlackStandIn;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What the whole gateway tells of itself, while one of its destinations refuses it. */
class ObservedGatewayTest {

  private static final String LOGIN =
      "Basic " + Base64.getEncoder().encodeToString("admin:secret".getBytes());

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void tellsHowLongThingsTookAndWhatIsAmiss(@TempDir Path folder) throws Exception {
    try (var slack = SlackStandIn.start();
        var gateway =
            new SpringApplicationBuilder(Gateway.class)
                .run(
                    "--server.port=0",
                    "--gateway.webhook.port=0",
                    "--gateway.webhook.address=127.0.0.1",
                    "--gateway.console.admin-password=secret",
                    "--gateway.store.folder=" + folder.resolve("data"),
                    "--gateway.providers.popsee.secret=popsee-secret",
                    "--gateway.slack.server-url=" + slack.url(),
                    "--gateway.slack.token=xoxb-revoked",
                    "--gateway.slack.channel=" + SlackStandIn.CHANNEL,
                    "--gateway.alerts.interval=1s",
                    "--gateway.alerts.slack-url=" + slack.webhookUrl())) {

      post(gateway);

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(slack.messages()).hasSize(1));
      assertThat(slack.messages())
          .extracting(SlackMessage::text)
          .singleElement()
          .asString()
          .startsWith(":red_circle: survey-gateway, slack: it refuses our credentials, and 1 ");
      var alerts = new ObjectMapper().readTree(get(gateway, "/actuator/health"));
      assertThat(alerts.at("/components/alerts/details/by slack").asText()).isEqualTo("on");
      assertThat(alerts.at("/components/alerts/details/by webhook").asText())
          .isEqualTo("off: set GATEWAY_ALERTS_WEBHOOK_URL and GATEWAY_ALERTS_WEBHOOK_SECRET");
      assertThat(alerts.at("/components/alerts/details/raised/0").asText()).startsWith("slack, ");
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(get(gateway, "/actuator/prometheus").lines())
                      .contains(
                          "survey_gateway_acknowledgement_seconds_count{outcome=\"accepted\",provider=\"popsee\"}"
                              + " 1",
                          "survey_gateway_end_to_end_seconds_count{destination=\"database\"} 1")
                      .noneMatch(
                          line ->
                              line.startsWith("survey_gateway_end_to_end_seconds_count")
                                  && line.contains("slack")));
    }
  }

  private void post(ConfigurableApplicationContext gateway) throws Exception {
    var sample = SignedSamples.popsee().score(2).signedWith("popsee-secret").toRequest();
    var request =
        HttpRequest.newBuilder(URI.create(PublicAddress.of(gateway) + sample.path()))
            .POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  private String get(ConfigurableApplicationContext gateway, String path) throws Exception {
    var port = gateway.getEnvironment().getProperty("local.server.port");
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", LOGIN)
                .build(),
            BodyHandlers.ofString())
        .body();
  }
}
