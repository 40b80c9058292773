package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What {@code /v3/api-docs} says is tried against the API itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiDescriptionTest {

  private ApiGateway gateway;
  private JsonNode description;

  /** An operation as it is described; its text is the test's name. */
  record Described(String verb, String path, JsonNode operation) {

    @Override
    public String toString() {
      return verb + " " + path;
    }

    boolean isList() {
      return verb.equals("GET") && parameters().anyMatch(p -> name(p).equals("after"));
    }

    Stream<JsonNode> parameters() {
      return elements(operation.path("parameters"));
    }

    static String name(JsonNode parameter) {
      return parameter.get("name").textValue();
    }
  }

  @BeforeAll
  void start() throws Exception {
    gateway = new ApiGateway(Files.createTempDirectory(Path.of("target"), "described"));
    gateway.deliver(
        SignedSamples.popsee()
            .responseId("r-1")
            .signedWith(SampleSecrets.DEMO.popsee())
            .toRequest());
    gateway.awaitCount(
        1, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    gateway.post("/api/tokens", "{\"name\": \"x\", \"scopes\": \"read\"}");
    gateway.post("/api/runs", "{\"action\": \"retry\", \"filter\": {\"state\": \"parked\"}}");
    gateway.post("/api/destinations/database/pause", "{\"because\": \"y\"}");
    description = gateway.get(DescriptionApi.PATH).json();
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  Stream<Described> operations() {
    var all = new ArrayList<Described>();
    description
        .get("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fields()
                    .forEachRemaining(
                        operation ->
                            all.add(
                                new Described(
                                    operation.getKey().toUpperCase(),
                                    path.getKey(),
                                    operation.getValue()))));
    return all.stream();
  }

  Stream<Described> lists() {
    return operations().filter(Described::isList);
  }

  @Test
  void hasEveryOperationThatThereIs() {
    var mapped = new TreeSet<String>();
    gateway
        .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(
            mapping ->
                mapping.getPatternValues().stream()
                    .filter(path -> path.startsWith("/api/"))
                    .forEach(
                        path ->
                            mapping
                                .getMethodsCondition()
                                .getMethods()
                                .forEach(
                                    verb -> mapped.add(verb + " " + path.replace("{*", "{")))));

    assertThat(operations().map(Described::toString))
        .containsExactlyInAnyOrderElementsOf(mapped)
        .hasSizeGreaterThan(25);
  }

  @Test
  void namesEachOperationOnce() {
    assertThat(operations().map(o -> o.operation().get("operationId").textValue()))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void saysWhatItDoesAndWhatItAnswers(Described described) {
    assertThat(described.operation().path("summary").asText())
        .as("said by @Described")
        .isNotBlank()
        .doesNotEndWith(".");
    var answers = described.operation().get("responses");
    var good =
        StreamSupport.stream(((Iterable<String>) answers::fieldNames).spliterator(), false)
            .filter(status -> status.startsWith("2"))
            .toList();
    assertThat(good).hasSize(1);
    assertThat(answers.get(good.get(0)).get("content").findValue("schema").isObject()).isTrue();
    for (var error : List.of("401", "403", "503")) {
      assertThat(
              answers.get(error).at("/content/application~1problem+json/schema/$ref").textValue())
          .isEqualTo("#/components/schemas/ProblemDetail");
    }
    described
        .parameters()
        .forEach(parameter -> assertThat(parameter.path("description").asText()).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("lists")
  void describesTheLimitsOfListsAsTheyAre(Described list) {
    var path = list.path();
    assertThat(get(path + "?no-such-parameter=1")).isEqualTo(400);
    list.parameters()
        .forEach(
            parameter -> {
              var name = Described.name(parameter);
              var schema = parameter.get("schema");
              var query = path + "?" + name + "=";
              if (schema.has("example")) {
                assertThat(get(query + schema.get("example").asText())).as(name).isEqualTo(200);
              }
              if (schema.has("maximum")) {
                assertThat(get(query + schema.get("minimum"))).isEqualTo(200);
                assertThat(get(query + schema.get("maximum"))).isEqualTo(200);
                assertThat(get(query + (schema.get("minimum").intValue() - 1))).isEqualTo(400);
                assertThat(get(query + (schema.get("maximum").intValue() + 1))).isEqualTo(400);
              }
              if (schema.has("enum")) {
                elements(schema.get("enum"))
                    .forEach(
                        value ->
                            assertThat(get(query + value.textValue())).as(name).isEqualTo(200));
                assertThat(get(query + "another")).as(name).isEqualTo(400);
              }
              if (schema.has("maxLength")) {
                assertThat(get(query + "x".repeat(schema.get("maxLength").intValue() + 1)))
                    .as(name)
                    .isEqualTo(400);
                assertThat(get(query)).as(name).isEqualTo(400);
              }
            });
  }

  @Test
  void describesTheLimitsOfAComparisonAsTheyAre() {
    var diff = operations().filter(o -> o.path().endsWith("/diff")).findFirst().orElseThrow();
    diff.parameters()
        .filter(parameter -> parameter.get("schema").has("maximum"))
        .forEach(
            parameter -> {
              var name = Described.name(parameter);
              var others = name.equals("days") ? "" : "days=1&";
              var schema = parameter.get("schema");
              var path = "/api/mappings/popsee/diff?" + others + name + "=";
              assertThat(gateway.post(path + schema.get("maximum")).status()).isEqualTo(200);
              assertThat(gateway.post(path + (schema.get("maximum").intValue() + 1)).status())
                  .isEqualTo(400);
              assertThat(gateway.post(path + "0").status()).isEqualTo(400);
            });
  }

  @ParameterizedTest
  @MethodSource("operations")
  void givesExamplesThatAreTaken(Described described) {
    var body = described.operation().at("/requestBody/content/application~1json");
    if (body.has("example")) {
      var path =
          described
              .path()
              .replace("{name}", described.path().contains("providers") ? "popsee" : "database")
              .replace("{id}", gateway.text("SELECT CAST(min(id) AS TEXT) FROM event"));

      assertThat(gateway.post(path, body.get("example").toString()).status()).isBetween(200, 201);
    }
  }

  /** An answer that is not described would be found out by a program's author alone. */
  @ParameterizedTest
  @MethodSource("operations")
  void describesEachMemberOfAnAnswer(Described described) {
    if (!described.verb().equals("GET") || described.path().contains("repair")) {
      return;
    }
    var path = described.path();
    if (path.contains("{id}")) {
      var first = gateway.get(path.replace("/{id}", "")).json().at("/items/0/id");
      path = path.replace("{id}", first.asText());
    }
    path =
        path.replace("{name}", "popsee")
            .replace("{provider}", "popsee")
            .replace("{survey}", gateway.text("SELECT min(survey_id) FROM event"));
    var answer = gateway.get(path);
    if (path.equals("/api/reload")) {
      // Off.
      assertThat(answer.status()).isEqualTo(404);
      return;
    }

    assertThat(answer.status()).as(path).isEqualTo(200);
    var schema = described.operation().at("/responses/200/content/application~1json/schema");
    assertDescribed(answer.json(), schema, path);
  }

  private void assertDescribed(JsonNode value, JsonNode schema, String at) {
    if (schema.has("$ref")) {
      assertDescribed(value, description.at(schema.get("$ref").textValue().substring(1)), at);
    } else if (value.isArray()) {
      assertThat(schema.path("type").asText()).as(at).isEqualTo("array");
      value.forEach(item -> assertDescribed(item, schema.get("items"), at + "[]"));
    } else if (value.isObject() && schema.has("properties")) {
      value
          .fields()
          .forEachRemaining(
              member -> {
                var where = at + "." + member.getKey();
                assertThat(schema.get("properties").has(member.getKey())).as(where).isTrue();
                assertDescribed(
                    member.getValue(), schema.get("properties").get(member.getKey()), where);
              });
    } else if (value.isObject()) {
      assertThat(schema.path("type").asText("object")).as(at).isEqualTo("object");
    } else if (value.isTextual()) {
      assertThat(schema.path("type").asText()).as(at).isEqualTo("string");
      if (schema.has("enum")) {
        assertThat(elements(schema.get("enum")).map(JsonNode::textValue))
            .as(at)
            .contains(value.textValue());
      }
    } else if (value.isNumber()) {
      assertThat(schema.path("type").asText()).as(at).isIn("integer", "number");
    } else if (value.isBoolean()) {
      assertThat(schema.path("type").asText()).as(at).isEqualTo("boolean");
    }
  }

  @Test
  void refersToNothingThatIsNotThere() {
    var missing = new HashSet<String>();
    description
        .findValuesAsText("$ref")
        .forEach(
            ref -> {
              if (description.at(ref.substring(1)).isMissingNode()) {
                missing.add(ref);
              }
            });
    assertThat(missing).isEmpty();
  }

  @Test
  void saysHowToLogIn() {
    assertThat(description.at("/components/securitySchemes/password/scheme").textValue())
        .isEqualTo("basic");
    assertThat(description.at("/components/securitySchemes/token/scheme").textValue())
        .isEqualTo("bearer");
    assertThat(description.at("/paths/~1api~1tokens/post/security").toString())
        .isEqualTo("[{\"password\":[]}]");
  }

  @Test
  void isClosedToThoseWithoutALogin() {
    var answer =
        new Browser(gateway.api("/")).send(HttpRequest.newBuilder(gateway.api("/v3/api-docs")));

    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void saysOfAnOperationThatNobodyDescribedThatItIsThere(CapturedOutput log) throws Exception {
    var good = ApiDescriptionTest.class.getDeclaredMethod("goodOne");
    var bad = ApiDescriptionTest.class.getDeclaredMethod("saysHowToLogIn");

    var made =
        new ApiDescription()
            .of(
                Map.of(
                    mapped("/api/x/{which}"), new HandlerMethod(this, bad),
                    mapped("/api/y"), new HandlerMethod(this, good)));

    var undescribed = made.getPaths().get("/api/x/{which}").getGet();
    assertThat(undescribed.getSummary()).isNull();
    assertThat(undescribed.getParameters()).extracting(Parameter::getName).containsExactly("which");
    assertThat(undescribed.getResponses()).containsOnlyKeys("default");
    assertThat(made.getPaths().get("/api/y").getGet().getSummary()).isEqualTo("See it");
    assertThat(log)
        .contains(
            "The description of the API says of GET /api/x/{which} only that it is there. Expected"
                + " @Described at ");
  }

  @io.surveygateway.console.Described("See it")
  String goodOne() {
    return "";
  }

  private static RequestMappingInfo mapped(String path) {
    return RequestMappingInfo.paths(path).methods(RequestMethod.GET).build();
  }

  @Test
  void isShownOnAPageThatLoadsNothingFromElsewhere() {
    var browser = new Browser(gateway.api("/")).logIn("secret");

    var shown = browser.open(ApiPage.PATH);

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.response().headers().firstValue("Content-Security-Policy"))
        .contains(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    assertThat(shown.page().select("script:not([src]), style, [style], [onclick]")).isEmpty();
    assertThat(shown.page().select("#api script[src], #api link[href]"))
        .hasSize(3)
        .allSatisfy(
            part ->
                assertThat(browser.open(part.attr(part.hasAttr("src") ? "src" : "href")).status())
                    .isEqualTo(200));
  }

  private int get(String path) {
    return gateway.get(path).status();
  }
}
