package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.ProviderSamples.Sample;
import io.surveygateway.event.CanonicalEvents;
import io.surveygateway.event.CatalogueProperties;
import io.surveygateway.lint.OutsideLint;
import io.surveygateway.routes.KaotoForm;
import io.surveygateway.standin.SalesforceStandIn;
import io.surveygateway.standin.SlackStandIn;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;

/**
 * The provider that {@code routes/README.md} works out, made of the files on that page and of
 * nothing else: put into a copy of {@code routes/}, and from its requests to every destination.
 */
class WorkedProviderTest {

  private static final Path PAGE = Path.of("routes/README.md");
  private static final String SECRET = "acme-samples";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A file's name on a line of its own, and the file between fences. */
  private static final Pattern FILE =
      Pattern.compile("(?ms)^`routes/providers/acme/(\\S+)`\\n\\n```\\w+\\n(.*?)^```$");

  private static final Pattern SETTING = Pattern.compile("(?ms)^```yaml\\n( {4}acme:\\n.*?)^```$");

  @TempDir private static Path folder;

  private static Path acme;
  private static SlackStandIn slack;
  private static SalesforceStandIn salesforce;
  private static ConfigurableApplicationContext gateway;
  private static JdbcTemplate store;
  private static JdbcTemplate warehouse;

  @BeforeAll
  static void start() throws IOException {
    FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
    acme = folder.resolve("routes/providers/acme");
    var page = Files.readString(PAGE);
    for (var file = FILE.matcher(page); file.find(); ) {
      write(acme.resolve(file.group(1)), file.group(2));
    }
    write(folder.resolve("application.yaml"), withTheSettingThatIsTaught(page));
    slack = SlackStandIn.start();
    salesforce = SalesforceStandIn.start();
    var clock = new SettableClock(Instant.parse(SampleProof.MADE_AT));
    gateway =
        new SpringApplicationBuilder(Gateway.class)
            .initializers(
                spring ->
                    ((GenericApplicationContext) spring).registerBean(Clock.class, () -> clock))
            .run(
                "--spring.config.location=file:" + folder.resolve("application.yaml"),
                "--server.port=0",
                "--gateway.webhook.port=0",
                "--gateway.webhook.address=127.0.0.1",
                "--gateway.store.folder=" + folder.resolve("data"),
                "--camel.main.routes-include-pattern=file:" + startable() + "/**/*.yaml",
                "--ACME_SECRET=" + SECRET,
                "--SLACK_TOKEN=" + SlackStandIn.TOKEN,
                "--SLACK_CHANNEL=" + SlackStandIn.CHANNEL,
                "--SLACK_SERVER_URL=" + slack.url(),
                "--SALESFORCE_LOGIN_URL=" + salesforce.url(),
                "--SALESFORCE_CLIENT_ID=" + SalesforceStandIn.CLIENT_ID,
                "--SALESFORCE_CLIENT_SECRET=" + SalesforceStandIn.CLIENT_SECRET);
    store = new JdbcTemplate(gateway.getBean("storeReadDataSource", DataSource.class));
    warehouse = new JdbcTemplate(gateway.getBean("warehouse", DataSource.class));
  }

  @AfterAll
  static void stop() {
    Stream.of(gateway, slack, salesforce)
        .filter(started -> started != null)
        .forEach(
            started -> {
              try {
                started.close();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String withTheSettingThatIsTaught(String page) throws IOException {
    var taught = SETTING.matcher(page);
    assertThat(taught.find()).as("the setting, between its fences").isTrue();
    return Files.readString(Path.of("application.yaml"))
        .replaceFirst("(?m)^  providers:\\n", "$0" + taught.group(1).replace("$", "\\$"));
  }

  /**
   * A copy of the copy: paths in routes begin where the gateway is started, and this process cannot
   * go elsewhere.
   */
  private static Path startable() throws IOException {
    var routes = folder.resolve("startable").resolve("routes");
    FileSystemUtils.copyRecursively(folder.resolve("routes"), routes);
    var file = routes.resolve("providers/acme/acme.camel.yaml");
    var text = Files.readString(file);
    assertThat(text).contains("resource:file:routes/providers/acme/acme.jq");
    Files.writeString(file, text.replace("resource:file:routes/", "resource:file:" + routes + "/"));
    return routes;
  }

  @Test
  void standsThereWhole() throws IOException {
    try (var files = Files.walk(acme)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> acme.relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "acme.camel.yaml",
              "acme.jq",
              "samples/berths.json",
              "samples/berths.headers.json",
              "samples/berths.proof.json",
              "samples/berths.expected.json",
              "samples/ping.json",
              "samples/ping.headers.json",
              "samples/ping.proof.json",
              "samples/ping.expected.json");
    }
    assertThat(samples().problems()).isEmpty();
  }

  @Test
  void hasNoMistake() {
    var yaml = new YamlPropertiesFactoryBean();
    yaml.setResources(new FileSystemResource(folder.resolve("application.yaml")));
    var settings = new MutablePropertySources();
    settings.addLast(new PropertiesPropertySource("application.yaml", yaml.getObject()));
    try (var outside = new OutsideLint(new PropertySourcesPropertyResolver(settings))) {
      assertThat(outside.lint().check(folder.resolve("routes"), folder).report()).isEmpty();
    }
  }

  @Test
  void isAsKaotoSavesIt() throws IOException {
    var routes = Files.readString(acme.resolve("acme.camel.yaml"));

    assertThat(routes).isEqualTo(KaotoForm.of(routes));
  }

  @TestFactory
  Stream<DynamicTest> becomesWhatIsExpected() {
    return samples().found().stream()
        .map(sample -> dynamicTest(sample.situation(), () -> becomesWhatIsExpected(sample)));
  }

  private static void becomesWhatIsExpected(Sample sample) throws Exception {
    var events = new CanonicalEvents(new CatalogueProperties(List.of()));
    var routes = folder.resolve("startable/routes/providers/acme/acme.camel.yaml");
    var made = JSON.createArrayNode();
    try (var route = new MapRoute("acme", routes, Map.of())) {
      for (var mapped :
          route.map(sample.bytes(), sample.path(), sample.contentType(), sample.keptHeaders())) {
        made.add(events.accept(mapped));
      }
    }

    var actual = JSON.readTree(JSON.writeValueAsBytes(made.size() == 1 ? made.get(0) : made));
    assertThat(JsonDifferences.between(JSON.readTree(sample.expected().toFile()), actual))
        .as(actual.toPrettyString())
        .isEmpty();
  }

  @Test
  void bringsABatchToEveryDestinationAndARepeatNowhere() throws Exception {
    var sample = sample("berths");

    assertThat(post(sample.bytes(), proof(sample))).isEqualTo(200);
    awaitDelivered(5);
    // Its second response once more, in a batch of another time and with another signature.
    var again = JSON.createObjectNode().put("account", "harbour");
    again
        .putArray("responses")
        .add(JSON.readTree(sample.bytes()).path("responses").get(1))
        .add(newRevision(JSON.readTree(sample.bytes()).path("responses").get(0)));
    var body = JSON.writeValueAsBytes(again);
    assertThat(post(body, signed("1772445660", "responses", body))).isEqualTo(200);
    awaitDelivered(7);

    assertThat(
            store.queryForList(
                "SELECT event_key FROM event WHERE subject LIKE 'acme:41-%' ORDER BY id",
                String.class))
        .containsExactly("41-9001|1", "41-9002|1", "41-9001|2");
    assertThat(
            warehouse.queryForList(
                "SELECT response_key || ' ' || status || ' ' || event_type FROM survey_response"
                    + " ORDER BY response_key",
                String.class))
        .containsExactly(
            "acme:41-9001 completed survey.response.updated",
            "acme:41-9002 disqualified survey.response.disqualified");
    assertThat(salesforce.surveyResponses())
        .extracting(record -> record.text("Response_Key__c"))
        .containsExactlyInAnyOrder("acme:41-9001", "acme:41-9002");
    assertThat(slack.messages())
        .singleElement()
        .satisfies(message -> assertThat(message.shown()).contains("Berth feedback", "Très bien"));
  }

  @Test
  void refusesWhatAcmeDidNotSign() throws Exception {
    var sample = sample("berths");
    var before = count("SELECT count(*) FROM request");

    assertThat(post(sample.bytes(), Map.of("X-Acme-Event", "responses"))).isEqualTo(401);
    var asAPing = new HashMap<>(proof(sample));
    asAPing.put("X-Acme-Event", "ping");
    assertThat(post(sample.bytes(), asAPing)).isEqualTo(401);
    assertThat(post((new String(sample.bytes(), UTF_8) + "\n").getBytes(UTF_8), proof(sample)))
        .isEqualTo(401);
    // Ten minutes old.
    assertThat(post(sample.bytes(), signed("1772445000", "responses", sample.bytes())))
        .isEqualTo(401);

    assertThat(count("SELECT count(*) FROM request")).isEqualTo(before);
  }

  @Test
  void answersAPingAndSendsItNowhere() throws Exception {
    var sample = sample("ping");

    assertThat(post(sample.bytes(), proof(sample))).isEqualTo(200);

    await()
        .atMost(PATIENCE)
        .until(() -> count("SELECT count(*) FROM event WHERE subject = 'acme:ping'") == 1);
    assertThat(
            count(
                "SELECT count(*) FROM delivery d JOIN event e ON e.id = d.event_id WHERE e.subject ="
                    + " 'acme:ping'"))
        .isZero();
  }

  private static ProviderSamples samples() {
    return ProviderSamples.in(acme.getParent()).stream()
        .filter(provider -> provider.provider().equals("acme"))
        .findFirst()
        .orElseThrow();
  }

  private static Sample sample(String situation) {
    return samples().found().stream()
        .filter(sample -> sample.situation().equals(situation))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> proof(Sample sample) {
    return sample.proved().orElseThrow().headers();
  }

  private static JsonNode newRevision(JsonNode response) {
    return ((ObjectNode) response.deepCopy()).put("revision", 2).put("changed", 1772445500);
  }

  private static Map<String, String> signed(String time, String event, byte[] body)
      throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    mac.update((time + "." + event + ".").getBytes(UTF_8));
    return Map.of(
        "X-Acme-Time", time,
        "X-Acme-Event", event,
        "X-Acme-Signature", "v1=" + HexFormat.of().formatHex(mac.doFinal(body)));
  }

  private static int post(byte[] body, Map<String, String> headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(PublicAddress.of(gateway) + "/webhooks/acme"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private static void awaitDelivered(int deliveries) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(store.queryForList("SELECT state FROM delivery", String.class))
                    .hasSize(deliveries)
                    .containsOnly("delivered"));
  }

  private static long count(String sql) {
    return Optional.ofNullable(store.queryForObject(sql, Long.class)).orElseThrow();
  }
}
