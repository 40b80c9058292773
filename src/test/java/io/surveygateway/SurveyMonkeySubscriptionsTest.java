package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A gateway that subscribes itself, over HTTP both ways. */
class SurveyMonkeySubscriptionsTest {

  private static final String SUBSCRIPTIONS = "--gateway.providers.surveymonkey.subscriptions.";

  @Test
  void subscribesItselfAndTakesWhatItsSubscriptionsSay() throws Exception {
    var port = freePort();
    var secrets = SampleSecrets.DEMO;
    try (var api = SurveyMonkeyStandIn.start()) {
      api.webhooks().checkAddress();
      try (var gateway =
          new SpringApplicationBuilder(Gateway.class)
              .run(
                  "--server.port=0",
                  "--gateway.webhook.port=" + port,
                  "--gateway.webhook.address=127.0.0.1",
                  "--gateway.store.folder="
                      + Files.createTempDirectory(Path.of("target"), "subscriptions"),
                  "--gateway.providers.surveymonkey.client-id=" + secrets.surveyMonkeyClientId(),
                  "--gateway.providers.surveymonkey.client-secret="
                      + secrets.surveyMonkeyClientSecret(),
                  "--gateway.providers.surveymonkey.access-token=" + SurveyMonkeyStandIn.TOKEN,
                  "--gateway.providers.surveymonkey.api-url=" + api.url(),
                  SUBSCRIPTIONS + "apply=true",
                  SUBSCRIPTIONS + "public-url=http://127.0.0.1:" + port,
                  SUBSCRIPTIONS + "authorization=Bearer gw-7c1e",
                  SUBSCRIPTIONS + "wanted[0].event-type=response_completed",
                  SUBSCRIPTIONS + "wanted[0].surveys=310044821")) {
        assertThat(gateway.isRunning()).isTrue();

        // SurveyMonkey takes a subscription only if its address answers HEAD.
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(api.webhooks().all()).hasSize(1));
        var webhook = api.webhooks().all().get(0);
        assertThat(webhook.path("object_ids").get(0).asText()).isEqualTo("310044821");
        var address = webhook.path("subscription_url").asText();
        var authorization = webhook.path("authorization").asText();

        assertThat(send(address, authorization)).isEqualTo(200);
        assertThat(send(address, "Bearer another")).isEqualTo(401);
        assertThat(send(address, "")).isEqualTo(401);
      }
    }
  }

  private static int send(String address, String authorization) throws Exception {
    var sample =
        SignedSamples.surveyMonkey()
            .signedWith(
                SampleSecrets.DEMO.surveyMonkeyClientId(),
                SampleSecrets.DEMO.surveyMonkeyClientSecret())
            .toRequest();
    var request =
        HttpRequest.newBuilder(URI.create(address)).POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
