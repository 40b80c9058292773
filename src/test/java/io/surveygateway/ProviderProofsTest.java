package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.ProviderSamples.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Every sample with a {@code .proof.json} in {@code routes/providers/*}{@code /samples}, sent to
 * the whole gateway as its provider sends it: taken, kept byte for byte and mapped; and refused as
 * soon as anything of its proof is missing or altered.
 */
class ProviderProofsTest {

  private static final Path PROVIDERS = Path.of("routes/providers");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static ConfigurableApplicationContext gateway;
  private static JdbcTemplate store;

  private record Proved(String provider, Sample sample, SampleProof proof) {

    String name() {
      return provider + "/" + sample.situation();
    }
  }

  private static List<Proved> proved() {
    return ProviderSamples.in(PROVIDERS).stream()
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
    var folder = Files.createTempDirectory(Path.of("target"), "proofs");
    var settings = new HashMap<String, Object>();
    for (var one : proved()) {
      one.proof()
          .settings()
          .forEach(
              (name, value) ->
                  assertThat(settings.put(name, value))
                      .as(name + " in all samples of " + one.provider())
                      .isIn(null, value));
    }
    settings.put("server.port", "0");
    settings.put("gateway.webhook.port", "0");
    settings.put("gateway.webhook.address", "127.0.0.1");
    settings.put("gateway.store.folder", folder.toString());
    var arguments =
        settings.entrySet().stream()
            .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
            .toArray(String[]::new);
    var clock = new SettableClock(Instant.parse(SampleProof.MADE_AT));
    gateway =
        new SpringApplicationBuilder(Gateway.class)
            .initializers(
                spring ->
                    ((GenericApplicationContext) spring).registerBean(Clock.class, () -> clock))
            .run(arguments);
    store = new JdbcTemplate(gateway.getBean("storeReadDataSource", DataSource.class));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> takesWhatIsProvedAndMapsIt() {
    return proved().stream().map(one -> dynamicTest(one.name(), () -> taken(one)));
  }

  @TestFactory
  Stream<DynamicTest> refusesWhatIsNotProved() {
    return proved().stream().map(one -> dynamicTest(one.name(), () -> refused(one)));
  }

  private static void taken(Proved one) throws Exception {
    var before = lastRequest();

    var answer =
        send(one, one.proof().headers(), one.proof().query(), one.proof().sentOr(body(one)));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    var kept =
        store.queryForMap("SELECT id, provider, path, body FROM request WHERE id > ?", before);
    assertThat(kept.get("provider")).isEqualTo(one.provider());
    assertThat(kept.get("path")).isEqualTo(one.sample().path());
    assertThat(new String((byte[]) kept.get("body"), UTF_8))
        .isEqualTo(new String(body(one), UTF_8));
    var expected = idsOfExpected(one);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        store.queryForList(
                            "SELECT event_key FROM event WHERE request_id = ?",
                            String.class,
                            kept.get("id")))
                    .containsExactlyInAnyOrderElementsOf(expected));
  }

  private static List<String> idsOfExpected(Proved one) throws IOException {
    var expected = JSON.readTree(one.sample().expected().toFile());
    var ids = new ArrayList<String>();
    for (var event : expected.isArray() ? expected : List.of(expected)) {
      ids.add(event.path("id").asText());
    }
    return ids;
  }

  private static void refused(Proved one) throws Exception {
    var proof = one.proof();
    var before = lastRequest();

    refused(one, "without any proof", Map.of(), Map.of(), body(one));
    for (var name : proof.headers().keySet()) {
      refused(one, "without " + name, without(proof.headers(), name), proof.query(), sent(one));
      refused(one, "another " + name, altered(proof.headers(), name), proof.query(), sent(one));
    }
    for (var name : proof.query().keySet()) {
      refused(one, "without " + name, proof.headers(), without(proof.query(), name), sent(one));
      refused(one, "another " + name, proof.headers(), altered(proof.query(), name), sent(one));
    }
    if (proof.bodyIsSigned()) {
      // To a reader of JSON the same, to a reader of forms nearly.
      var another = (new String(sent(one), UTF_8) + "\n").getBytes(UTF_8);
      refused(one, "one byte more", proof.headers(), proof.query(), another);
    }

    assertThat(lastRequest()).as("requests that were kept").isEqualTo(before);
  }

  private static void refused(
      Proved one, String how, Map<String, String> headers, Map<String, String> query, byte[] body)
      throws Exception {
    assertThat(send(one, headers, query, body).statusCode()).as(how).isEqualTo(401);
  }

  private static byte[] body(Proved one) {
    return one.sample().bytes();
  }

  private static byte[] sent(Proved one) {
    return one.proof().sentOr(body(one));
  }

  private static Map<String, String> without(Map<String, String> proof, String name) {
    var rest = new LinkedHashMap<>(proof);
    rest.remove(name);
    return rest;
  }

  /** With another character in its middle, one that hex and Base64 know too. */
  private static Map<String, String> altered(Map<String, String> proof, String name) {
    var other = new LinkedHashMap<>(proof);
    var value = new StringBuilder(proof.get(name));
    var middle = value.length() / 2;
    value.setCharAt(middle, value.charAt(middle) == '1' ? '2' : '1');
    other.put(name, value.toString());
    return other;
  }

  private static HttpResponse<String> send(
      Proved one, Map<String, String> headers, Map<String, String> query, byte[] body)
      throws Exception {
    var path = one.sample().path().isEmpty() ? "" : "/" + one.sample().path();
    var parameters =
        query.entrySet().stream()
            .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
            .collect(Collectors.joining("&"));
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    PublicAddress.of(gateway)
                        + "/webhooks/"
                        + one.provider()
                        + path
                        + (parameters.isEmpty() ? "" : "?" + parameters)))
            .timeout(PATIENCE)
            .header("Content-Type", one.sample().contentType())
            .POST(BodyPublishers.ofByteArray(body));
    one.sample()
        .keptHeaders()
        .forEach(
            (name, value) -> {
              if (!one.proof().headers().containsKey(name)) {
                request.setHeader(name, value);
              }
            });
    headers.forEach(request::setHeader);
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static long lastRequest() {
    return store.queryForObject("SELECT COALESCE(MAX(id), 0) FROM request", Long.class);
  }
}
