package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the packaged gateway makes of mistakes in its {@code routes/}. */
class RouteMistakesIT {

  private static final String PASSWORD = "admin-password-of-a-test";

  @Test
  void stopsWithAFewLinesWhereWhatAllShareHasMistakes() throws Exception {
    try (var gateway = new PackagedGateway(Map.of())) {
      edit(gateway, "router.camel.yaml", "uri: outbox:slack", "uri: outbox:slak");
      edit(gateway, "kamelets/check-hmac.kamelet.yaml", "- process:", "- proces:");
      edit(gateway, "destinations/slack/slack.camel.yaml", "requires:", "require:");

      assertThat(gateway.launch().awaitEnd()).isEqualTo(1);

      var output = gateway.output();
      assertThat(output)
          .contains("APPLICATION FAILED TO START")
          .containsPattern(
              "routes/router\\.camel\\.yaml, line \\d+, column \\d+: No route begins with"
                  + " outbox:slak, so nobody takes what is sent there\n    Did you mean slack\\?")
          .containsPattern(
              "routes/kamelets/check-hmac\\.kamelet\\.yaml, line \\d+, column \\d+: There is no step"
                  + " proces\n    Did you mean process\\?")
          .containsPattern(
              "routes/destinations/slack/slack\\.camel\\.yaml, line \\d+, column \\d+: outbox: has no"
                  + " parameter require\n    Did you mean requires\\?")
          .doesNotContain("\tat ");
      assertThat(output.lines().count()).isLessThan(40);
    }
  }

  @Test
  void stopsWhereASettingNamesADestinationThatThereIsNot() throws Exception {
    try (var gateway =
        new PackagedGateway(Map.of("GATEWAY_DELIVERY_DESTINATIONS_SLAK_RATE", "0.5"))) {
      assertThat(gateway.launch().awaitEnd()).isEqualTo(1);

      assertThat(gateway.output())
          .contains("APPLICATION FAILED TO START")
          .contains("no route delivers to slak: expected one of [database, ")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void leavesOutAProviderWithAMistakeAndTakesTheOthers() throws Exception {
    try (var gateway =
        new PackagedGateway(
            Map.of(
                "POPSEE_SECRET",
                "s",
                "SMARTSURVEY_SECRET",
                "s",
                "GATEWAY_ADMIN_PASSWORD",
                PASSWORD))) {
      edit(gateway, "providers/popsee/popsee.jq", "{", "{{");

      gateway.start();

      assertThat(gateway.output())
          .contains("routes/providers/popsee is left out for its mistakes:")
          .doesNotContain("\tat ");
      var popsee = gateway.send(post(gateway, "popsee"));
      assertThat(popsee.statusCode()).isEqualTo(503);
      assertThat(popsee.headers().firstValue("Retry-After")).isPresent();
      assertThat(gateway.send(post(gateway, "smartsurvey")).statusCode()).isEqualTo(401);
      var health = health(gateway);
      assertThat(health.at("/components/providers/details/popsee").asText())
          .startsWith(
              "off: routes/providers/popsee has mistakes: routes/providers/popsee/popsee.jq, line");
      assertThat(health.at("/components/routes/details/leftOut").fieldNames())
          .toIterable()
          .containsExactly("routes/providers/popsee");
      assertThat(health.at("/components/routes/status").asText()).isEqualTo("UP");
    }
  }

  private static HttpRequest.Builder post(PackagedGateway gateway, String provider) {
    return HttpRequest.newBuilder(URI.create(gateway.webhooks + "/webhooks/" + provider))
        .POST(BodyPublishers.ofString("{}"));
  }

  private static JsonNode health(PackagedGateway gateway) throws Exception {
    var login =
        Base64.getEncoder().encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    var answer =
        gateway.send(
            HttpRequest.newBuilder(URI.create(gateway.console + "/actuator/health"))
                .header("Authorization", "Basic " + login));
    return new ObjectMapper().readTree(answer.body());
  }

  private static void edit(PackagedGateway gateway, String path, String from, String to)
      throws IOException {
    var file = gateway.folder.resolve("routes").resolve(path);
    var text = Files.readString(file);
    assertThat(text).contains(from);
    var at = text.indexOf(from);
    Files.writeString(file, text.substring(0, at) + to + text.substring(at + from.length()));
  }
}
