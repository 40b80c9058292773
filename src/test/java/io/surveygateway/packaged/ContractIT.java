package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.Sender;
import io.surveygateway.demo.SignedSamples;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What strangers rely on, asked of the packaged jar over HTTP. */
class ContractIT {

  private static Others others;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() {
    others = new Others();
    gateway = new PackagedGateway(others.environment()).start();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    gateway.close();
    others.close();
  }

  private static Stream<SampleRequest> oneOfEachProvider() {
    return Stream.of(
        SignedSamples.popsee()
            .email("ada@example.org")
            .score(9)
            .signedWith(Others.SECRETS.popsee())
            .toRequest(),
        SignedSamples.smartSurvey()
            .email("bob@example.org")
            .to("completed")
            .signedWith(Others.SECRETS.smartSurvey())
            .toRequest(),
        SignedSamples.surveyMonkey()
            .to("response_completed")
            .signedWith(
                Others.SECRETS.surveyMonkeyClientId(), Others.SECRETS.surveyMonkeyClientSecret())
            .toRequest(),
        SignedSamples.smarterMeasure().signedWith(Others.SECRETS.smarterMeasure()).toRequest());
  }

  private static HttpRequest.Builder webhook(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.webhooks + path));
  }

  private static HttpResponse<String> send(SampleRequest sample)
      throws IOException, InterruptedException {
    var request = webhook(sample.path()).POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    return gateway.send(request);
  }

  @ParameterizedTest
  @MethodSource("oneOfEachProvider")
  void bringsAResponseOfEachProviderToEachDestination(SampleRequest sample) throws Exception {
    var answer = send(sample);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    var key = sample.responseKeys().get(0);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(others.salesforce.find("Survey_Response__c", "Response_Key__c", key))
                  .isPresent();
              assertThat(responseKeys()).contains(key);
            });
  }

  @Test
  void tellsSlackOfACompletedResponse() throws Exception {
    var before = others.slack.messages().size();

    assertThat(
            send(SignedSamples.popsee()
                    .comment("Quick & <!channel> kind")
                    .signedWith(Others.SECRETS.popsee())
                    .toRequest())
                .statusCode())
        .isEqualTo(200);

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(others.slack.messages()).hasSizeGreaterThan(before));
    assertThat(others.slack.messages())
        .allSatisfy(message -> assertThat(message.toString()).doesNotContain("<!channel>"));
  }

  @ParameterizedTest
  @MethodSource("oneOfEachProvider")
  void takesARepeatForTaken(SampleRequest sample) throws Exception {
    send(sample);

    assertThat(send(sample).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("oneOfEachProvider")
  void takesSignedGarbageForTaken(SampleRequest sample) throws Exception {
    var unreadable =
        switch (sample.provider()) {
          case "popsee" ->
              SignedSamples.popsee().unreadable().signedWith(Others.SECRETS.popsee()).toRequest();
          case "smartsurvey" ->
              SignedSamples.smartSurvey()
                  .unreadable()
                  .signedWith(Others.SECRETS.smartSurvey())
                  .toRequest();
          case "surveymonkey" ->
              SignedSamples.surveyMonkey()
                  .unreadable()
                  .signedWith(
                      Others.SECRETS.surveyMonkeyClientId(),
                      Others.SECRETS.surveyMonkeyClientSecret())
                  .toRequest();
          default ->
              SignedSamples.smarterMeasure()
                  .unreadable()
                  .signedWith(Others.SECRETS.smarterMeasure())
                  .toRequest();
        };

    assertThat(send(unreadable).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("oneOfEachProvider")
  void refusesWhatProvesNothing(SampleRequest sample) throws Exception {
    var answer =
        gateway.send(
            webhook(sample.path())
                .header("Authorization", "Bearer of-the-sender")
                .header("X-Of-The-Sender", "echo?")
                .POST(BodyPublishers.ofByteArray(sample.body())));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
    assertThat(answer.headers().map().keySet()).doesNotContain("authorization", "x-of-the-sender");
  }

  @ParameterizedTest
  @CsvSource({
    "popsee, HEAD, 200",
    "popsee, GET, 200",
    "surveymonkey/response_completed, HEAD, 200",
    "popsee, PUT, 405",
    "nobody, GET, 404",
    "nobody, POST, 404"
  })
  void answersAProbe(String path, String method, int status) throws Exception {
    var answer = gateway.send(webhook("/webhooks/" + path).method(method, BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 200) {
      assertThat(answer.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"/", "/actuator/health", "/webhooks", "/webhooks/", "/webhooksX/popsee", "/api"})
  void servesNothingElseOnThePublicPort(String path) throws Exception {
    assertThat(gateway.send(webhook(path)).statusCode()).isEqualTo(404);
  }

  @Test
  void refusesABodyOverTheLimit() throws Exception {
    var announced =
        gateway.send(
            webhook("/webhooks/popsee").POST(BodyPublishers.ofByteArray(new byte[9 << 20])));

    assertThat(announced.statusCode()).isEqualTo(413);
  }

  @Test
  void refusesAContentCoding() throws Exception {
    var answer =
        gateway.send(
            webhook("/webhooks/popsee")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(new byte[] {1})));

    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @ParameterizedTest
  @CsvSource({"/actuator/health/liveness", "/actuator/health/readiness"})
  void saysToEveryoneThatItLivesAndNothingMore(String path) throws Exception {
    var answer = gateway.send(HttpRequest.newBuilder(URI.create(gateway.console + path)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"UP\"}");
  }

  @ParameterizedTest
  @CsvSource({"/", "/actuator/health", "/actuator/prometheus", "/actuator/env", "/api/anything"})
  void asksForALoginForAllElseOnThePrivatePort(String path) throws Exception {
    var answer = gateway.send(HttpRequest.newBuilder(URI.create(gateway.console + path)));

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void showsItsMetricsToTheAdmin() throws Exception {
    var answer =
        gateway.send(
            HttpRequest.newBuilder(URI.create(gateway.console + "/actuator/prometheus"))
                .header("Authorization", login()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains(
            "jvm_memory_used_bytes",
            "survey_gateway_requests_accepted_total{provider=\"popsee\"}",
            "survey_gateway_deliveries{destination=\"slack\",state=\"open\"}",
            "survey_gateway_oldest_waiting_seconds{destination=\"slack\"}");
  }

  @Test
  void showsToTheAdminWhatIsOnAndWhatIsOff() throws Exception {
    try (var bare =
        new PackagedGateway(
                Map.of("GATEWAY_ADMIN_PASSWORD", Others.PASSWORD, "POPSEE_SECRET", "a secret"))
            .start()) {
      var answer =
          bare.send(
              HttpRequest.newBuilder(URI.create(bare.console + "/actuator/health"))
                  .header("Authorization", login()));

      var health = new ObjectMapper().readTree(answer.body());
      assertThat(health.at("/components/providers/details/popsee").asText()).isEqualTo("on");
      assertThat(health.at("/components/providers/details/smartsurvey").asText())
          .startsWith("off: ")
          .contains("SMARTSURVEY_SECRET");
      assertThat(health.at("/components/destinations/details/database").asText()).isEqualTo("on");
      assertThat(health.at("/components/destinations/details/slack").asText())
          .isEqualTo("off: set SLACK_WEBHOOK_URL, or SLACK_TOKEN and SLACK_CHANNEL");
      assertThat(health.at("/status").asText()).isEqualTo("UP");
    }
  }

  @Test
  void printsNoSecret() {
    assertThat(gateway.output())
        .doesNotContain(
            Others.SECRETS.popsee(),
            Others.SECRETS.smartSurvey(),
            Others.SECRETS.smarterMeasure(),
            Others.SECRETS.surveyMonkeyClientSecret(),
            Others.PASSWORD,
            io.surveygateway.standin.SlackStandIn.TOKEN,
            io.surveygateway.standin.SalesforceStandIn.CLIENT_SECRET,
            io.surveygateway.standin.SurveyMonkeyStandIn.TOKEN);
  }

  @Test
  void refusesToShareItsEmbeddedStore() throws Exception {
    try (var second =
        new PackagedGateway(Map.of("GATEWAY_DATA", gateway.folder.resolve("data").toString()))) {
      assertThat(second.launch().awaitEnd()).isEqualTo(1);
      assertThat(second.output()).contains("Another gateway uses ").doesNotContain("\tat ");
    }
  }

  @Test
  void endsWhereItsPublicPortIsTaken() throws Exception {
    var settings = new HashMap<>(others.environment());
    settings.put("WEBHOOK_PORT", "" + URI.create(gateway.webhooks).getPort());
    try (var second = new PackagedGateway(settings)) {
      assertThat(second.launch().awaitEnd()).isEqualTo(1);
      assertThat(second.output())
          .contains("cannot be opened", "gateway.webhook.port", "set another WEBHOOK_PORT");
    }
  }

  @Test
  void switchesOffWhatHasNoSecretAndSaysSo() throws Exception {
    try (var bare = new PackagedGateway(Map.of()).start()) {
      var sample = SignedSamples.popsee().signedWith("guessed").toRequest();

      assertThat(new Sender(bare.webhooks).send(sample)).isEqualTo(404);
      assertThat(bare.output())
          .contains("popsee is switched off", "POPSEE_SECRET")
          .contains("slack is off", "SLACK_WEBHOOK_URL")
          .contains("salesforce is off", "SALESFORCE_LOGIN_URL");
      assertThat(bare.stop()).isIn(0, 143);
    }
  }

  @Test
  void namesFileAndLineOfBadYaml() throws Exception {
    try (var broken = new PackagedGateway(Map.of())) {
      Files.writeString(
          broken.folder.resolve("routes/extra.camel.yaml"),
          "- route:\n    id: extra\n    from:\n      uri: direct:x\n      steps:\n        - setBodyy: {}\n");

      assertThat(broken.launch().awaitEnd()).isEqualTo(1);
      assertThat(broken.output()).contains("extra.camel.yaml", "line 6", "setBodyy");
      assertThat(broken.output()).doesNotContain("\tat org.apache.camel");
    }
  }

  private static String login() {
    var user = "admin:" + Others.PASSWORD;
    return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> responseKeys() throws Exception {
    try (var connection = java.sql.DriverManager.getConnection(gateway.database());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT response_key FROM survey_response")) {
      var keys = new java.util.ArrayList<String>();
      while (rows.next()) {
        keys.add(rows.getString(1));
      }
      return keys;
    }
  }
}
