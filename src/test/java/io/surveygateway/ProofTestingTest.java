package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.ProviderSamples.Sample;
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
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * {@code POST /api/providers/{name}/check} over HTTP, of each provider that ships: the same verdict
 * as at the public port, with its reasons, and nothing changed by it.
 */
class ProofTestingTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse(SampleProof.MADE_AT);
  private static final String ADMIN =
      "Basic " + Base64.getEncoder().encodeToString("admin:secret".getBytes(UTF_8));

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final SettableClock CLOCK = new SettableClock(NOW);

  private static ConfigurableApplicationContext gateway;
  private static JdbcTemplate store;

  private record Proved(String provider, Sample sample, SampleProof proof) {}

  private record Answered(int status, JsonNode json) {}

  private static List<Proved> proved() {
    return ProviderSamples.in(Path.of("routes/providers")).stream()
        .flatMap(
            provider ->
                provider.found().stream()
                    .flatMap(
                        sample ->
                            sample.proved().stream()
                                .map(proof -> new Proved(provider.provider(), sample, proof))))
        .toList();
  }

  @BeforeAll
  static void start() throws IOException {
    var settings = new HashMap<String, String>();
    proved().forEach(one -> settings.putAll(one.proof().settings()));
    // What a rotation looks like: the sample's secret is the previous one.
    settings.computeIfPresent("gateway.providers.popsee.secret", (name, old) -> "newer," + old);
    settings.put("server.port", "0");
    settings.put("gateway.webhook.port", "0");
    settings.put("gateway.webhook.address", "127.0.0.1");
    settings.put("gateway.console.admin-password", "secret");
    settings.put(
        "gateway.store.folder",
        Files.createTempDirectory(Path.of("target"), "proof-tests").toString());
    gateway =
        new SpringApplicationBuilder(Gateway.class)
            .initializers(
                spring ->
                    ((GenericApplicationContext) spring).registerBean(Clock.class, () -> CLOCK))
            .run(
                settings.entrySet().stream()
                    .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                    .toArray(String[]::new));
    store = new JdbcTemplate(gateway.getBean("storeReadDataSource", DataSource.class));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** So that the tests of a minute do not run out. */
  @BeforeEach
  void beginAnotherMinute() throws Exception {
    anotherMinute();
  }

  /** There and back: proofs that hold a time hold at one moment alone. */
  private static void anotherMinute() throws Exception {
    CLOCK.advance(Duration.ofSeconds(-61));
    check("popsee", JSON.createObjectNode());
    CLOCK.advance(Duration.ofSeconds(61));
  }

  @TestFactory
  Stream<DynamicTest> saysOfEachSampleWhatThePublicPortSays() {
    return proved().stream()
        .map(one -> dynamicTest(one.provider() + "/" + one.sample().situation(), () -> says(one)));
  }

  private static void says(Proved one) throws Exception {
    anotherMinute();
    var before = counts();
    var proof = one.proof();
    var sent = proof.sentOr(one.sample().bytes());
    var tested = check(one.provider(), request(one, proof.headers(), sent));
    assertThat(tested.status()).as(String.valueOf(tested.json())).isEqualTo(200);
    assertThat(tested.json().at("/proved").asBoolean()).as(tested.json().toString()).isTrue();
    assertThat(tested.json().at("/checks")).isNotEmpty();

    var bare = check(one.provider(), JSON.createObjectNode());
    assertThat(bare.json().at("/proved").asBoolean()).as(bare.json().toString()).isFalse();
    assertThat(stepsOf(bare.json()))
        .as(bare.json().toString())
        .anyMatch(step -> step.at("/result").asText().equals("FAILS"));

    if (proof.bodyIsSigned()) {
      var longer = (new String(sent, UTF_8) + "\n").getBytes(UTF_8);
      var changed = check(one.provider(), request(one, proof.headers(), longer));
      assertThat(changed.json().at("/proved").asBoolean()).isFalse();
      if (proof.sent() == null) {
        assertThat(changed.json().toString())
            .contains("The body has a line end behind it that was not signed.");
      }
    }
    assertThat(counts()).isEqualTo(before);
  }

  private static List<JsonNode> stepsOf(JsonNode tested) {
    return StreamSupport.stream(tested.at("/checks").spliterator(), false)
        .flatMap(check -> StreamSupport.stream(check.at("/steps").spliterator(), false))
        .toList();
  }

  /** Nothing that was sent or is secret may be in what it says. */
  @TestFactory
  Stream<DynamicTest> showsNeitherSecretsNorTheProof() {
    return proved().stream()
        .map(
            one ->
                dynamicTest(
                    one.provider() + "/" + one.sample().situation(),
                    () -> {
                      var proof = one.proof();
                      var body = "{\"another\": \"body\"}".getBytes(UTF_8);
                      var said =
                          check(one.provider(), request(one, proof.headers(), body))
                              .json()
                              .toString();
                      var hidden =
                          Stream.concat(
                                  proof.settings().values().stream(),
                                  proof.headers().entrySet().stream()
                                      .filter(h -> h.getValue().length() > 12)
                                      .map(Map.Entry::getValue))
                              .toList();
                      assertThat(said).doesNotContain(hidden.toArray(String[]::new));
                    }));
  }

  @Test
  void namesTheSecretThatProvedAndWhenThePublicPortSawIt() throws Exception {
    var one =
        proved().stream().filter(p -> p.provider().equals("popsee")).findFirst().orElseThrow();

    var tested = check("popsee", request(one, one.proof().headers(), one.sample().bytes()));
    assertThat(tested.json().at("/checks/0/verdict").asText()).isEqualTo("previous secret");
    assertThat(get("/api/providers/popsee/proof").json().at("/checks/0/secrets/1").size())
        .as("testing is no use of a secret")
        .isEqualTo(1);

    var sent =
        HttpRequest.newBuilder(URI.create(PublicAddress.of(gateway) + "/webhooks/popsee"))
            .POST(BodyPublishers.ofByteArray(one.sample().bytes()));
    one.proof().headers().forEach(sent::header);
    assertThat(HTTP.send(sent.build(), BodyHandlers.discarding()).statusCode()).isEqualTo(200);

    var state = get("/api/providers/popsee/proof").json();
    assertThat(state.at("/checks/0/settings/0"))
        .isEqualTo(
            JSON.readTree(
                """
                {"name": "gateway.providers.popsee.secret", "variable": "POPSEE_SECRET", "set": true}
                """));
    assertThat(state.at("/checks/0/secrets"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"name": "current secret"},
                 {"name": "previous secret", "lastUsed": "%s"}]
                """
                    .formatted(NOW)));
  }

  @Test
  void isOnRecordAndBounded() throws Exception {
    check("tally", JSON.createObjectNode());
    assertThat(
            store.queryForObject(
                "SELECT count(*) FROM audit WHERE who = 'admin' AND action = 'check-proof' AND"
                    + " target = 'provider tally'",
                Long.class))
        .isGreaterThanOrEqualTo(1);

    Answered last = check("tally", JSON.createObjectNode());
    for (var n = 0; n < 60 && last.status() == 200; n++) {
      last = check("tally", JSON.createObjectNode());
    }
    assertThat(last.status()).isEqualTo(429);
    assertThat(last.json().at("/detail").asText())
        .startsWith("Expected at most 60 tests of a proof a minute; come back in ");
  }

  @Test
  void saysWhatIsExpectedOfACall() throws Exception {
    assertThat(check("nobody", JSON.createObjectNode()).status()).isEqualTo(404);
    var both = JSON.createObjectNode().put("body", "{}").put("hex", "00");
    assertThat(check("tally", both).json().at("/detail").asText())
        .startsWith("Expected one of body, base64 and hex");
    assertThat(check("tally", JSON.createObjectNode().put("hex", "0")).json().at("/detail"))
        .hasToString("\"Expected a body in hex, and it cannot be read so\"");
    assertThat(check("tally", JSON.createObjectNode().put("body", "x".repeat(1_048_577))).status())
        .isEqualTo(413);
  }

  private static ObjectNode request(Proved one, Map<String, String> proof, byte[] body) {
    var headers = new LinkedHashMap<>(one.sample().keptHeaders());
    headers.putAll(proof);
    var request = JSON.createObjectNode();
    var all = request.putObject("headers");
    headers.forEach(all::put);
    all.put("Content-Type", one.sample().contentType());
    request.put(
        "query",
        one.proof().query().entrySet().stream()
            .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
            .collect(Collectors.joining("&")));
    request.put("base64", Base64.getEncoder().encodeToString(body));
    return request;
  }

  private static Answered check(String provider, ObjectNode request) throws Exception {
    return send(
        HttpRequest.newBuilder(api("/api/providers/" + provider + "/check"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(request.toString())));
  }

  private static Answered get(String path) throws Exception {
    return send(HttpRequest.newBuilder(api(path)));
  }

  private static Answered send(HttpRequest.Builder request) throws Exception {
    var answer = HTTP.send(request.header("Authorization", ADMIN).build(), BodyHandlers.ofString());
    return new Answered(answer.statusCode(), JSON.readTree(answer.body()));
  }

  private static URI api(String path) {
    return URI.create(
        "http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port") + path);
  }

  /** Of all that a request could leave behind. */
  private static List<Long> counts() {
    return Stream.of("request", "inbox", "event", "delivery", "refusal")
        .map(table -> store.queryForObject("SELECT count(*) FROM " + table, Long.class))
        .toList();
  }
}
