package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.ProviderSamples.Sample;
import io.surveygateway.event.CanonicalEvents;
import io.surveygateway.event.CatalogueProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every sample in {@code routes/providers/*}{@code /samples}, run through the provider's own map
 * route and compared with what it is expected to become. A folder that is dropped there is tested
 * without a line of Java; {@link ProviderSamples} says what its files are called.
 *
 * <p>To write the expected files from what the route makes now, and then read them:
 *
 * <pre>./mvnw test -Dtest=ProviderSamplesTest -Dsamples.write=true</pre>
 *
 * Each sample whose file was written fails once, so that nobody takes it for tested.
 */
class ProviderSamplesTest {

  private static final Path PROVIDERS = Path.of("routes/providers");
  private static final boolean WRITE = Boolean.getBoolean("samples.write");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Without a catalogue of surveys: what the mapping alone makes of a sample. */
  private static final CanonicalEvents EVENTS =
      new CanonicalEvents(new CatalogueProperties(List.of()));

  private static final Map<String, MapRoute> ROUTES = new HashMap<>();

  private static ApiStandIn api;

  @BeforeAll
  static void startApi() throws Exception {
    api = new ApiStandIn();
  }

  @AfterAll
  static void stopAll() {
    ROUTES.values().forEach(MapRoute::close);
    api.close();
  }

  @TestFactory
  Stream<DynamicNode> becomesWhatIsExpected() {
    return ProviderSamples.in(PROVIDERS).stream().map(ProviderSamplesTest::testsOf);
  }

  /** Ids of routes and steps are unique over all files, which one file alone does not show. */
  @Test
  void allProvidersStartTogether() throws Exception {
    var providers = ProviderSamples.in(PROVIDERS);
    var others = new ArrayList<String>();
    for (var other : providers.subList(1, providers.size())) {
      others.add(Files.readString(other.routes()));
    }
    var first = providers.get(0);

    try (var together =
        new MapRoute(first.provider(), first.routes(), Map.of(), others.toArray(String[]::new))) {
      assertThat(together.endpoints())
          .containsAll(providers.stream().map(p -> "inbox://" + p.provider()).toList());
    }
  }

  private static DynamicNode testsOf(ProviderSamples samples) {
    var tests = new ArrayList<DynamicNode>();
    for (var sample : samples.found()) {
      tests.add(
          dynamicTest(
              samples.provider() + "/" + sample.situation(),
              sample.body().toUri(),
              () -> test(samples, sample)));
    }
    tests.add(
        dynamicTest(
            samples.provider() + " has its routes, samples and what is expected of them",
            () -> assertThat(samples.problems()).isEmpty()));
    return dynamicContainer(samples.provider(), tests);
  }

  private static void test(ProviderSamples samples, Sample sample) throws Exception {
    var actual = asExpectedFile(run(samples, sample));
    if (WRITE) {
      var before = Files.exists(sample.expected()) ? Files.readAllBytes(sample.expected()) : null;
      if (before == null || !differences(before, actual).isEmpty()) {
        Files.writeString(sample.expected(), pretty(actual) + "\n");
        fail("Wrote " + sample.expected() + ": read it, then run again without samples.write");
      }
      return;
    }
    if (!Files.exists(sample.expected())) {
      fail(
          "Expected "
              + sample.expected()
              + " beside its sample, and there is none. The sample becomes:\n"
              + pretty(actual));
    }
    var differences = differences(Files.readAllBytes(sample.expected()), actual);
    if (!differences.isEmpty()) {
      fail(
          sample.body()
              + " does not become what "
              + sample.expected().getFileName()
              + " says:\n  "
              + String.join("\n  ", differences)
              + "\nIt becomes:\n"
              + pretty(actual));
    }
  }

  /** Runs the sample's bytes through the route, with the API as the sample says. */
  private static List<JsonNode> run(ProviderSamples samples, Sample sample) throws Exception {
    var route = routeOf(samples);
    var answer = sample.answerOfApi();
    route.set(
        "gateway.providers." + samples.provider() + ".access-token",
        answer.isPresent() ? "test-token" : "");
    api.forget();
    api.answers(
        answer
            .map(ApiStandIn.Answer::ok)
            .orElseGet(() -> ApiStandIn.Answer.of(404, "{\"error\":{\"id\":\"1020\"}}")));

    var events = new ArrayList<JsonNode>();
    for (var mapped :
        route.map(sample.bytes(), sample.path(), sample.contentType(), sample.keptHeaders())) {
      events.add(EVENTS.accept(mapped));
    }

    if (answer.isPresent()) {
      assertThat(api.asked())
          .as("requests to the API, as there is a " + sample.fetched().getFileName())
          .hasSize(1);
    } else {
      assertThat(api.asked())
          .as("requests to the API, as there is no " + sample.fetched().getFileName())
          .isEmpty();
    }
    return events;
  }

  private static MapRoute routeOf(ProviderSamples samples) throws Exception {
    var route = ROUTES.get(samples.provider());
    if (route == null) {
      var settings = new HashMap<String, Object>();
      settings.put("gateway.providers." + samples.provider() + ".api-url", api.url());
      route = new MapRoute(samples.provider(), samples.routes(), settings);
      ROUTES.put(samples.provider(), route);
    }
    return route;
  }

  /** One event as itself; several, or none, as an array. */
  private static JsonNode asExpectedFile(List<JsonNode> events) {
    return events.size() == 1 ? events.get(0) : JSON.createArrayNode().addAll(events);
  }

  private static List<String> differences(byte[] expected, JsonNode actual) throws Exception {
    // Through text, so that 5 is 5 whether it was an int or a long.
    return JsonDifferences.between(
        JSON.readTree(expected), JSON.readTree(JSON.writeValueAsBytes(actual)));
  }

  private static String pretty(JsonNode json) throws Exception {
    var indenter = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(indenter)
            .withArrayIndenter(indenter);
    return JSON.writer(printer).writeValueAsString(json);
  }
}
