package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.standin.WebhookReceiverStandIn;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;

/**
 * The forward as {@code routes/README.md} teaches it, from a provider's request to the receiver.
 */
class ForwardGatewayTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Path SAMPLES = Path.of("routes/providers/popsee/samples");

  /** The step of the third part, between its fences. */
  private static final Pattern TAUGHT =
      Pattern.compile("(?m)^```yaml\\n(- to:\\n(?: +.*\\n)*? +uri: outbox:forward\\n)```$");

  private static final Pattern LAST_STEP =
      Pattern.compile("(?m)^( +)- to:\\n +id: to-slack-completed\\n(?:\\1 +.*\\n)+");

  @Test
  void sendsOnWhatTheRouterWasToldTo(@TempDir Path folder) throws Exception {
    var clock = new SettableClock(Instant.parse(SampleProof.MADE_AT));
    var routes = routesWithTheStepThatIsTaught(folder.resolve("routes"));
    try (var receiver = WebhookReceiverStandIn.start(clock, SECRET);
        var gateway =
            new SpringApplicationBuilder(Gateway.class)
                .initializers(
                    spring ->
                        ((GenericApplicationContext) spring).registerBean(Clock.class, () -> clock))
                .run(
                    "--server.port=0",
                    "--gateway.webhook.port=0",
                    "--gateway.webhook.address=127.0.0.1",
                    "--gateway.store.folder=" + folder.resolve("data"),
                    "--camel.main.routes-include-pattern=file:" + routes + "/**/*.yaml",
                    "--gateway.providers.popsee.secret=popsee-samples",
                    "--FORWARD_URL=" + receiver.url() + "/surveys",
                    "--FORWARD_SECRET=" + SECRET,
                    "--FORWARD_ALLOW_PRIVATE=true")) {

      post(gateway, Files.readAllBytes(SAMPLES.resolve("completed.json")));

      var store = new JdbcTemplate(gateway.getBean("storeReadDataSource", DataSource.class));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(
                          store.queryForList(
                              "SELECT state FROM delivery WHERE destination = 'forward'",
                              String.class))
                      .containsExactly("delivered"));
      assertThat(receiver.requests()).hasSize(1);
      assertThat(receiver.events().values())
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.toString())
                      .isEqualTo(store.queryForObject("SELECT document FROM event", String.class)));
    }
  }

  static Path routesWithTheStepThatIsTaught(Path routes) throws IOException {
    FileSystemUtils.copyRecursively(Path.of("routes"), routes);
    var taught = TAUGHT.matcher(Files.readString(Path.of("routes/README.md")));
    assertThat(taught.find()).isTrue();
    var file = routes.resolve("router.camel.yaml");
    var router = Files.readString(file);
    var last = LAST_STEP.matcher(router);
    assertThat(last.find()).isTrue();
    var step = taught.group(1).indent(last.group(1).length());
    Files.writeString(file, router.substring(0, last.end()) + step + router.substring(last.end()));
    return routes;
  }

  private static void post(ConfigurableApplicationContext gateway, byte[] body) throws Exception {
    var proof = new ObjectMapper().readTree(SAMPLES.resolve("completed.proof.json").toFile());
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(PublicAddress.of(gateway) + "/webhooks/popsee"))
                    .header("Content-Type", "application/json")
                    .header("X-Popsee-Signature", proof.at("/headers/X-Popsee-Signature").asText())
                    .POST(BodyPublishers.ofByteArray(body))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }
}
