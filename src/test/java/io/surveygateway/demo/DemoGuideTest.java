package io.surveygateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class DemoGuideTest {

  @Test
  void saysWhereToLook() {
    var settings =
        new MockEnvironment()
            .withProperty("gateway.slack.server-url", "http://127.0.0.1:1")
            .withProperty("gateway.salesforce.login-url", "http://127.0.0.1:2")
            .withProperty("gateway.console.admin-password", "demo")
            .withProperty("server.port", "8081");

    assertThat(DemoGuide.text(settings, "http://127.0.0.1:8080"))
        .startsWith(
            """
            The demo runs; nothing leaves this machine.
              Slack messages   http://127.0.0.1:1/
              CRM records      http://127.0.0.1:2/
              console          http://127.0.0.1:8081/  (user admin, password demo)
            Send a response of your own (sh, with curl and openssl):
            body='{""")
        .contains("curl -i http://127.0.0.1:8080/webhooks/popsee ");
  }

  @Test
  void givesACommandThatSendsASignedResponse() throws Exception {
    assumeThat(canRun("curl --version && openssl version")).isTrue();
    try (var gateway = new Receiver(200)) {
      var command = DemoGuide.command(gateway.url(), "secret");

      assertThat(canRun(command)).isTrue();

      var request = gateway.received.get(0);
      var body = new String(request.body(), UTF_8);
      var expected = SignedSamples.popsee().body(body).signedWith("secret").toRequest();
      assertThat(request.pathAndQuery()).isEqualTo("/webhooks/popsee");
      assertThat(request.header("X-popsee-signature"))
          .isEqualTo(expected.headers().get("X-Popsee-Signature"));
      assertThat(new ObjectMapper().readTree(body).at("/response/id").asText())
          .matches("mine-\\d{10}");
    }
  }

  private static boolean canRun(String command) throws InterruptedException {
    try {
      var process =
          new ProcessBuilder(List.of("sh", "-c", command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noShell) {
      return false;
    }
  }
}
