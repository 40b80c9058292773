package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SlackStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the packaged gateway prints with the profile json-logs. */
class JsonLogsIT {

  private static final String SECRET = "a-secret-of-popsee";
  private static final String PASSWORD = "a-password-of-the-admin";

  private final ObjectMapper json = new ObjectMapper();

  @Test
  void printsEachLineAsJsonWithItsIdsAndNothingThatARespondentWrote() throws Exception {
    try (var slack = SlackStandIn.start();
        var gateway =
            new PackagedGateway(
                Map.of(
                    "SPRING_PROFILES_ACTIVE",
                    "json-logs",
                    "POPSEE_SECRET",
                    SECRET,
                    "GATEWAY_ADMIN_PASSWORD",
                    PASSWORD,
                    "SLACK_TOKEN",
                    SlackStandIn.TOKEN,
                    "SLACK_CHANNEL",
                    SlackStandIn.CHANNEL,
                    "SLACK_SERVER_URL",
                    slack.url()))) {
      slack.faults().always(Fault.status(500));
      gateway.start();
      var response =
          SignedSamples.popsee()
              .email("ada@example.org")
              .comment("It was dreadful")
              .signedWith(SECRET)
              .toRequest();

      assertThat(send(gateway, response)).isEqualTo(200);
      assertThat(
              send(gateway, SignedSamples.popsee().comment("forged").signedWith("no").toRequest()))
          .isEqualTo(401);
      assertThat(send(gateway, SignedSamples.popsee().unreadable().signedWith(SECRET).toRequest()))
          .isEqualTo(200);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> assertThat(lines(gateway)).anyMatch(line -> line.has("delivery_id")));

      var line =
          lines(gateway).stream().filter(one -> one.has("delivery_id")).findFirst().orElseThrow();
      assertThat(line.path("message").textValue()).startsWith("slack: delivery ");
      assertThat(line.path("destination").textValue()).isEqualTo("slack");
      assertThat(line.path("provider").textValue()).isEqualTo("popsee");
      assertThat(line.path("response").textValue()).isEqualTo(response.responseKeys().get(0));
      for (var id : List.of("request_id", "event_id", "delivery_id")) {
        assertThat(line.path(id).textValue()).as(id).matches("[1-9][0-9]*");
      }
      assertThat(line.at("/log/level").textValue()).isEqualTo("INFO");
      assertThat(line.at("/service/name").textValue()).isEqualTo("survey-gateway");
      assertThat(gateway.output())
          .doesNotContain("ada@example.org", "dreadful", SECRET, PASSWORD, SlackStandIn.TOKEN);
    }
  }

  private List<JsonNode> lines(PackagedGateway gateway) {
    var output = gateway.output();
    // What is being written just now is no line yet.
    return output.substring(0, output.lastIndexOf('\n') + 1).lines().map(this::line).toList();
  }

  private JsonNode line(String text) {
    try {
      var line = json.readTree(text);
      assertThat(line.isObject()).as(text).isTrue();
      assertThat(line.hasNonNull("@timestamp")).as(text).isTrue();
      assertThat(line.hasNonNull("message")).as(text).isTrue();
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("Expected JSON, got " + text, e);
    }
  }

  private static int send(PackagedGateway gateway, SampleRequest sample) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(gateway.webhooks + sample.path()))
            .POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    return gateway.send(request).statusCode();
  }
}
