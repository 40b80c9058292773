package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.ProviderSamples.Sample;
import io.surveygateway.standin.SalesforceStandIn;
import io.surveygateway.standin.SlackStandIn;
import io.surveygateway.standin.StandInRequest;
import io.surveygateway.standin.WebhookReceiverStandIn;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * {@code POST /api/mappings/{provider}/try}, over HTTP, of a gateway whose destinations are all on:
 * what it says is what would be, and nothing is kept or sent.
 */
class MappingTrialTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path POPSEE = Path.of("routes/providers/popsee/samples");
  private static final String FORWARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ADMIN =
      "Basic " + Base64.getEncoder().encodeToString("admin:secret".getBytes());

  private static final List<String> TABLES =
      List.of(
          "request",
          "inbox",
          "event",
          "delivery",
          "attempt",
          "set_aside",
          "refusal",
          "operation",
          "survey_response",
          "survey_answer",
          "surveymonkey_call");

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static SlackStandIn slack;
  private static SalesforceStandIn salesforce;
  private static WebhookReceiverStandIn receiver;
  private static ApiStandIn api;
  private static ConfigurableApplicationContext gateway;
  private static JdbcTemplate store;

  private record Answered(int status, String type, JsonNode json) {}

  @BeforeAll
  static void start() throws Exception {
    var folder = Files.createTempDirectory(Path.of("target"), "trials");
    var clock = new SettableClock(Instant.parse(MapRoute.RECEIVED_AT));
    slack = SlackStandIn.start();
    salesforce = SalesforceStandIn.start();
    receiver = WebhookReceiverStandIn.start(clock, FORWARD_SECRET);
    api = new ApiStandIn();
    var routes = ForwardGatewayTest.routesWithTheStepThatIsTaught(folder.resolve("routes"));
    gateway =
        new SpringApplicationBuilder(Gateway.class)
            .initializers(
                spring ->
                    ((GenericApplicationContext) spring).registerBean(Clock.class, () -> clock))
            .run(
                "--server.port=0",
                "--gateway.webhook.port=0",
                "--gateway.webhook.address=127.0.0.1",
                "--gateway.console.admin-password=secret",
                "--gateway.store.folder=" + folder.resolve("data"),
                "--gateway.trials.longest=60s",
                "--camel.main.routes-include-pattern=file:" + routes + "/**/*.yaml",
                "--gateway.providers.popsee.secret=popsee-samples",
                "--gateway.providers.surveymonkey.api-url=" + api.url(),
                "--gateway.providers.surveymonkey.access-token=real-token",
                "--gateway.providers.qualtrics.api-url=" + api.url(),
                "--SLACK_WEBHOOK_URL=" + slack.webhookUrl(),
                "--SALESFORCE_LOGIN_URL=" + salesforce.url(),
                "--SALESFORCE_CLIENT_ID=" + SalesforceStandIn.CLIENT_ID,
                "--SALESFORCE_CLIENT_SECRET=" + SalesforceStandIn.CLIENT_SECRET,
                "--FORWARD_URL=" + receiver.url() + "/surveys",
                "--FORWARD_SECRET=" + FORWARD_SECRET,
                "--FORWARD_ALLOW_PRIVATE=true");
    store = new JdbcTemplate(gateway.getBean("storeReadDataSource", DataSource.class));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    slack.close();
    salesforce.close();
    receiver.close();
    api.close();
  }

  @AfterEach
  void forgetWhatTheApiWasAsked() {
    api.forget();
  }

  private static Answered post(String path, String contentType, byte[] body) throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + gateway.getEnvironment().getProperty("local.server.port")
                        + "/api/mappings/"
                        + path))
            .header("Authorization", ADMIN)
            .POST(BodyPublishers.ofByteArray(body));
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    HttpResponse<byte[]> answer = HTTP.send(request.build(), BodyHandlers.ofByteArray());
    return new Answered(
        answer.statusCode(),
        answer.headers().firstValue("Content-Type").orElse(""),
        JSON.readTree(answer.body()));
  }

  private static Answered tryOut(String path, String body) throws Exception {
    return post(path, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode tried(String path, byte[] body) throws Exception {
    var answer = post(path, "application/json", body);
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    return answer.json();
  }

  private static Answered withMapping(String mapping) throws Exception {
    var wrapped = JSON.createObjectNode().put("mapping", mapping);
    wrapped.set("body", JSON.readTree(POPSEE.resolve("completed.json").toFile()));
    return tryOut("popsee/try?wrapped=true", wrapped.toString());
  }

  private static Map<String, Long> rows() {
    var rows = new HashMap<String, Long>();
    TABLES.forEach(
        table ->
            rows.put(table, store.queryForObject("SELECT count(*) FROM " + table, Long.class)));
    return rows;
  }

  @TestFactory
  Stream<DynamicNode> makesOfEachSampleWhatIsExpected() {
    return ProviderSamples.in(Path.of("routes/providers")).stream()
        .map(
            provider ->
                dynamicContainer(
                    provider.provider(),
                    provider.found().stream()
                        .map(
                            sample ->
                                dynamicTest(
                                    sample.situation(),
                                    () -> makesWhatIsExpected(provider.provider(), sample)))));
  }

  private static void makesWhatIsExpected(String provider, Sample sample) throws Exception {
    var before = rows();
    var wrapped = JSON.createObjectNode();
    wrapped.put("base64", Base64.getEncoder().encodeToString(sample.bytes()));
    wrapped.put("contentType", sample.contentType());
    wrapped.put("path", sample.path());
    wrapped.put("receivedAt", MapRoute.RECEIVED_AT);
    var headers = wrapped.putObject("headers");
    sample.keptHeaders().forEach(headers::put);
    if (sample.answerOfApi().isPresent()) {
      wrapped.set("fetched", JSON.readTree(sample.answerOfApi().get()));
    }

    var answer = tryOut(provider + "/try?wrapped=true", wrapped.toString());

    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    var expected = JSON.readTree(Files.readAllBytes(sample.expected()));
    var events = answer.json().path("events").findValues("event");
    assertThat(
            JsonDifferences.between(
                expected.isArray() ? expected : JSON.createArrayNode().add(expected),
                JSON.createArrayNode().addAll(events)))
        .isEmpty();
    assertThat(answer.json().path("setAside")).isEmpty();
    assertThat(answer.json().path("events").findValues("problem")).isEmpty();
    assertThat(api.asked()).isEmpty();
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void saysWhatEachDestinationIsSentThen() throws Exception {
    var body = Files.readAllBytes(POPSEE.resolve("completed.json"));
    var before = rows();

    var tried = tried("popsee/try", body);

    assertThat(slack.requests()).isEmpty();
    assertThat(salesforce.requests()).isEmpty();
    assertThat(receiver.requests()).isEmpty();
    assertThat(rows()).isEqualTo(before);

    deliver(body);
    var destinations = tried.at("/events/0/destinations");
    assertThat(destinations.findValuesAsText("destination"))
        .containsExactly("database", "salesforce", "slack", "forward");
    assertThat(destinations.findValues("problem")).isEmpty();
    assertThat(calls(destinations, "slack").path("send-to-slack"))
        .isEqualTo(slack.requests().get(0).json().orElseThrow());
    assertThat(calls(destinations, "forward").path("post-forward").path("body"))
        .isEqualTo(receiver.requests().get(0).json().orElseThrow());
    assertThat(calls(destinations, "salesforce").at("/upsert-contacts/records"))
        .isEqualTo(recordsOf(salesforce.requests("/Contact/").get(0)));
    assertThat(calls(destinations, "salesforce").at("/upsert-responses/records"))
        .isEqualTo(recordsOf(salesforce.requests("/Survey_Response__c/").get(0)));
    isInTheDatabase(calls(destinations, "database"));
    assertThat(tried.toString()).doesNotContain(FORWARD_SECRET, receiver.url(), "real-token");
  }

  private static void deliver(byte[] body) throws Exception {
    var proof = JSON.readTree(POPSEE.resolve("completed.proof.json").toFile());
    var answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(PublicAddress.of(gateway) + "/webhooks/popsee"))
                .header("Content-Type", "application/json")
                .header("X-Popsee-Signature", proof.at("/headers/X-Popsee-Signature").asText())
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.discarding());
    assertThat(answer.statusCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(
                        store.queryForList(
                            "SELECT destination FROM delivery WHERE state = 'delivered'",
                            String.class))
                    .containsExactlyInAnyOrder("database", "salesforce", "slack", "forward"));
  }

  /** What each step would send, by the step's id. */
  private static ObjectNode calls(JsonNode destinations, String name) {
    var calls = JSON.createObjectNode();
    for (var destination : destinations) {
      if (destination.path("destination").asText().equals(name)) {
        destination
            .path("calls")
            .forEach(call -> calls.set(call.path("step").asText(), call.path("sends")));
      }
    }
    return calls;
  }

  private static JsonNode recordsOf(StandInRequest request) {
    return request.json().orElseThrow().path("records");
  }

  private static void isInTheDatabase(JsonNode calls) throws Exception {
    var response = calls.at("/to-survey-response/rows/0");
    var row = store.queryForMap("SELECT * FROM survey_response");
    for (var column : List.of("response_key", "status", "survey_title", "event_id", "event_type")) {
      assertThat(response.path(column).asText()).as(column).isEqualTo(row.get(column));
    }
    assertThat(response.path("nps").numberValue()).isEqualTo(row.get("nps"));
    assertThat(Instant.parse(response.path("event_at").asText()))
        .isEqualTo(Instant.parse((String) row.get("event_at")));
    assertThat(response.path("document")).isEqualTo(JSON.readTree((String) row.get("document")));
    var answers =
        store.queryForList("SELECT value_text FROM survey_answer ORDER BY position", String.class);
    assertThat(calls.at("/to-survey-answer/rows").findValuesAsText("value_text"))
        .isEqualTo(answers);
    assertThat(calls.at("/to-survey-answer-away/rows/0"))
        .isEqualTo(
            JSON.valueToTree(
                Map.of("response_key", row.get("response_key"), "event_id", row.get("event_id"))));
  }

  @Test
  void takesAFormAsItCame() throws Exception {
    var body = Files.readAllBytes(Path.of("routes/providers/qualtrics/samples/unknown-status.txt"));

    var answer = post("qualtrics/try", "application/x-www-form-urlencoded", body);

    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.json().at("/events/0/event/type").asText()).isEqualTo("survey.unknown");
    assertThat(answer.json().at("/events/0/destinations")).isEmpty();
  }

  @Test
  void tellsAHeaderAndAPathToTheMapping() throws Exception {
    var body = Files.readAllBytes(Path.of("routes/providers/formbricks/samples/finished.json"));

    var tried = tried("formbricks/try?header=webhook-id:%20given", body);

    assertThat(tried.at("/events/0/event/id").asText()).contains("given");
  }

  @Test
  void triesAStoredRequestAndKeepsItsIdAndTime() throws Exception {
    deliverOnce();
    var id = store.queryForObject("SELECT min(id) FROM request", Long.class);

    var tried = tried("popsee/try?request=" + id, new byte[0]);

    assertThat(tried.at("/events/0/event"))
        .isEqualTo(
            JSON.readTree(
                store.queryForObject(
                    "SELECT document FROM event WHERE request_id = ?", String.class, id)));
    assertThat(tryOut("tally/try?request=" + id, "").status()).isEqualTo(400);
    assertThat(tryOut("popsee/try?request=999999999", "").status()).isEqualTo(404);
  }

  private static void deliverOnce() throws Exception {
    if (store.queryForObject("SELECT count(*) FROM request", Long.class) == 0) {
      deliver(Files.readAllBytes(POPSEE.resolve("completed.json")));
    }
  }

  @Test
  void namesTheCallOfAThinEventAndMakesItWhereItIsToldTo() throws Exception {
    var samples = Path.of("routes/providers/surveymonkey/samples");
    var sample =
        ProviderSamples.in(Path.of("routes/providers")).stream()
            .filter(provider -> provider.provider().equals("surveymonkey"))
            .flatMap(provider -> provider.found().stream())
            .filter(found -> found.answerOfApi().isPresent())
            .findFirst()
            .orElseThrow();
    assertThat(sample.body()).startsWith(samples);
    var before = rows();

    var named = tried("surveymonkey/try", sample.bytes());

    assertThat(api.asked()).isEmpty();
    assertThat(rows()).isEqualTo(before);
    assertThat(named.path("fetches")).hasSize(1);
    assertThat(named.at("/fetches/0/step").asText()).isEqualTo("ask-surveymonkey");
    assertThat(named.at("/fetches/0/sends/url").asText())
        .startsWith(api.url() + "/v3/surveys/")
        .endsWith("/details?simple=…");
    assertThat(named.at("/events/0/event/data/attributes/answers_not_fetched").asText())
        .isNotEmpty();

    api.answers(ApiStandIn.Answer.ok(sample.answerOfApi().orElseThrow()));
    var fetched = tried("surveymonkey/try?fetch=true", sample.bytes());

    assertThat(api.asked()).hasSize(1);
    assertThat(api.asked().get(0).header("Authorization")).isEqualTo("bearer real-token");
    assertThat(fetched.at("/events/0/event/data/answers")).isNotEmpty();
    assertThat(fetched.toString()).doesNotContain("real-token");
    assertThat(rows().get("surveymonkey_call")).isEqualTo(before.get("surveymonkey_call") + 1);
  }

  @Test
  void saysWhatTheSchemaSaysOfAnEventAndShowsIt() throws Exception {
    var mapping =
        Files.readString(Path.of("routes/providers/popsee/popsee.jq"))
            + "\n| .data.status = \"odd\"";

    var answer = withMapping(mapping);

    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.json().path("events")).isEmpty();
    var item = answer.json().at("/setAside/0");
    assertThat(item.path("reason").asText())
        .startsWith(
            "The mapped event does not fit survey-event.schema.json. /data/status: does not have a"
                + " value in the enumeration");
    assertThat(item.at("/mapped/data/status").asText()).isEqualTo("odd");
    assertThat(item.path("step").asText()).isEqualTo("keep-event");
    assertThat(item.path("at").asText()).matches(".*router.camel.yaml, line \\d+");
  }

  @Test
  void triesAMappingThatStandsInNoFile() throws Exception {
    var mapping =
        Files.readString(Path.of("routes/providers/popsee/popsee.jq"))
            + "\n| .data.attributes.tried = \"yes\"";

    assertThat(withMapping(mapping).json().at("/events/0/event/data/attributes/tried").asText())
        .isEqualTo("yes");
    assertThat(
            tried("popsee/try", Files.readAllBytes(POPSEE.resolve("completed.json")))
                .at("/events/0/event/data/attributes")
                .has("tried"))
        .isFalse();
  }

  @Test
  void namesAMistakeInAMappingByFileAndLine() throws Exception {
    var answer = withMapping("{\n  id: .id,\n  b: .c | nosuch(1)\n}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.json().at("/mistakes/0").asText())
        .contains("popsee.jq, line 3, column 11: jq has no function nosuch/1");
  }

  @Test
  void saysWhichStepOfAMappingFailedAndItsWords() throws Exception {
    var answer = withMapping(".event.a");

    assertThat(answer.json().at("/setAside/0/step").asText()).startsWith("map-popsee");
    assertThat(answer.json().at("/setAside/0/at").asText())
        .matches(".*providers/popsee/popsee.camel.yaml, line \\d+");
    assertThat(answer.json().at("/setAside/0/words").asText()).contains("Cannot index");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "last(recurse(1))",
        "until(false; . )",
        "[range(1e18)] | length",
        "last(range(1e18))",
        "def f: if . > 0 then (. - 1 | f), (. - 1 | f) else 1 end; last(80 | f)",
        "reduce range(100) as $i (\"twice as long\"; . + .)",
        "[recurse(. | [.])]"
      })
  void endsAMappingThatDoesNotEnd(String endless) throws Exception {
    var before = rows();

    var answer = withMapping(endless);

    if (answer.status() == 200) {
      // jq itself gave up, for want of stack.
      assertThat(answer.json().path("events")).isEmpty();
    } else {
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.json().path("detail").asText()).contains("Does the jq loop?");
    }
    assertThat(rows()).isEqualTo(before);
    assertThat(withMapping("{}").status()).isEqualTo(200);
  }

  @Test
  void boundsWhatItShows() throws Exception {
    var batch = JSON.createArrayNode();
    var item =
        JSON.readTree(
            Files.readAllBytes(Path.of("routes/providers/smartsurvey/samples/completed.json")));
    for (var i = 0; i < 150; i++) {
      batch.add(item.isArray() ? item.get(0) : item);
    }

    var tried = tried("smartsurvey/try", JSON.writeValueAsBytes(batch));

    assertThat(tried.path("events")).hasSize(100);
    assertThat(tried.path("moreEvents").asInt()).isEqualTo(50);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nobody/try                    | {}                    | 404 | Expected the name of a provider
          popsee/try?wrapped=true       | {"bod": 1}            | 400 | there may be
          popsee/try?wrapped=true       | [                     | 400 | Expected JSON such as
          popsee/try?wrapped=true       | {}                    | 400 | Expected one of request, body and base64
          popsee/try?wrapped=true&path=a | {"body": {}}         | 400 | within the object
          popsee/try?header=none        | {}                    | 400 | header=X-Event:value
          popsee/try?nosuch=1           | {}                    | 400 | Expected a query of
          popsee/try?fetch=perhaps      | {}                    | 400 | Expected fetch to be one of
          popsee/try?request=1          | {}                    | 400 | Expected nothing but the id
          popsee/try?receivedAt=today   | {}                    | 400 | Expected receivedAt as a moment
          """)
  void refusesWhatItCannotTry(String path, String body, int status, String detail)
      throws Exception {
    var answer = tryOut(path, body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.json().path("detail").asText()).contains(detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "no JSON", "[]", "null", "\0", "{\"event\": {\"deep\": [[[]]]}}", "\"x\""})
  void answersNoBodyWithA5xx(String body) throws Exception {
    for (var provider : List.of("popsee", "smartsurvey", "jotform", "qualtrics", "surveymonkey")) {
      assertThat(tryOut(provider + "/try", body).status()).as(provider).isEqualTo(200);
    }
  }

  @Test
  void refusesATooLargeBody() throws Exception {
    var answer = post("popsee/try", null, new byte[(8 << 20) + 1]);

    assertThat(answer.status()).isEqualTo(413);
  }
}
