package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The routes as they run: drawn, counted, file by file; of the gateway as shipped. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RoutesPagesTest {

  private static ApiGateway gateway;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        new ApiGateway(
            Files.createTempDirectory(Path.of("target"), "routes"),
            "--gateway.reload.enabled=true");
    browser = new Browser(gateway.api("/")).logIn("secret");
    for (var i = 0; i < 2; i++) {
      gateway.deliver(SignedSamples.popsee().signedWith(SampleSecrets.DEMO.popsee()).toRequest());
    }
    gateway.deliver(SignedSamples.popsee().signedWith("forged").toRequest());
    gateway.deliver(
        SignedSamples.popsee().unreadable().signedWith(SampleSecrets.DEMO.popsee()).toRequest());
    gateway.awaitCount(
        2, "SELECT count(*) FROM delivery WHERE destination = 'database' AND state = 'delivered'");
    gateway.awaitCount(3, "SELECT count(*) FROM inbox WHERE state = 'done'");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static JsonNode route(String id) {
    return gateway.find("/api/routes", "routes", "id", id);
  }

  @Test
  void countsWhatEachRouteDid() {
    // What is counted last ends after what was waited for.
    await()
        .untilAsserted(() -> assertThat(route("popsee-map").path("handled").asInt()).isEqualTo(1));

    var receive = route("popsee-receive");
    assertThat(receive.path("part").asText()).isEqualTo("receive");
    assertThat(receive.path("of").asText()).isEqualTo("popsee");
    assertThat(receive.path("done").asInt()).isEqualTo(3);
    assertThat(receive.path("handled").asInt()).isEqualTo(1);
    assertThat(receive.path("status").asText()).isEqualTo("started");
    assertThat(route("popsee-map").path("done").asInt()).isEqualTo(2);
    assertThat(route("router").path("done").asInt()).isEqualTo(2);
    assertThat(route("database").path("failed").asInt()).isZero();
    assertThat(route("database").path("part").asText()).isEqualTo("deliver");
  }

  @Test
  void hasEachRouteInSomePart() {
    var routes = gateway.get("/api/routes").json().path("routes");

    assertThat(routes)
        .hasSizeGreaterThan(30)
        .noneMatch(route -> route.path("part").asText().equals("other"))
        .noneMatch(route -> route.path("id").asText().startsWith("webhook-source"));
    assertThat(route("surveymonkey-fetch").path("of").asText()).isEqualTo("surveymonkey");
    assertThat(route("slack-send").path("of").asText()).isEqualTo("slack");
  }

  @Test
  void drawsTheWayFromEachProviderToEachDestination() throws Exception {
    var shown = browser.open("/routes");

    try (var folders =
        Stream.concat(
            Files.list(Path.of("routes/providers")), Files.list(Path.of("routes/destinations")))) {
      assertThat(shown.texts("svg .box:not(.choice) .name"))
          .containsAll(folders.map(folder -> folder.getFileName().toString()).toList());
    }
    assertThat(shown.first("svg a[aria-label^=popsee,]").text())
        .isEqualTo("popsee, popsee-receive: 3 done, 1 refused popsee 3 done, 1 refused");
    assertThat(shown.texts("svg .choice .did"))
        .containsExactly(
            "to database",
            "to database, salesforce, slack",
            "to database, salesforce",
            "to no destination");
    // One from each provider to its map route, one from there to the router, and those of choices.
    var providers = Files.list(Path.of("routes/providers")).count();
    assertThat(shown.page().select("svg .edge")).hasSize((int) (2 * providers) + 1 + 3 + 2);
    assertThat(shown.first("svg .choice").attr("href"))
        .startsWith("/routes/file?path=routes%2Frouter.camel.yaml#L");
  }

  @Test
  void leadsToTheLineWhereARouteStands() throws Exception {
    var link = browser.open("/routes").first("#route-popsee-map th a").attr("href");
    var line = Integer.parseInt(link.substring(link.indexOf("#L") + 2));
    var file = browser.open(link.substring(0, link.indexOf('#')));

    assertThat(file.first("h1").text()).isEqualTo("routes/providers/popsee/popsee.camel.yaml");
    assertThat(file.first("#L" + line + " code").text()).isEqualTo("id: popsee-map");
    assertThat(file.first("#L" + line + " .y-key").text()).isEqualTo("id");
    assertThat(file.page().select("ol.lines code"))
        .hasSameSizeAs(Files.readAllLines(Path.of("routes/providers/popsee/popsee.camel.yaml")));
    assertThat(file.first(".sub").text()).endsWith("as it runs, and as it is on the disk");
  }

  @Test
  void showsAFileThatIsNoYamlAsItIs() throws Exception {
    var file = browser.open("/routes/file?path=routes/providers/popsee/popsee.jq");

    assertThat(file.page().select("ol.lines code").stream().map(line -> line.wholeText()))
        .containsExactlyElementsOf(
            Files.readAllLines(Path.of("routes/providers/popsee/popsee.jq")));
    assertThat(file.page().select(".y-key")).isEmpty();
  }

  @Test
  void showsNoFileThatIsNotOneOfThem() {
    for (var path :
        new String[] {"", "routes/../application.yaml", "application.yaml", "/etc/passwd"}) {
      assertThat(browser.open("/routes/file?path=" + path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void loadsTheRoutesAnewForAPersonOnRecord() {
    var shown = browser.submit(browser.open("/routes"), "form[action=/routes/reload]", Map.of());

    assertThat(shown.texts("[role=status]")).containsExactly("The routes are loaded anew.");
    assertThat(shown.first("section:has(#loaded)").text()).contains("loaded", "0 files changed");
    assertThat(gateway.post("/api/reload").status()).isEqualTo(200);
    assertThat(browser.open("/audit").texts("tbody tr"))
        .hasSize(2)
        .allSatisfy(
            row -> assertThat(row).contains("admin reload routes 0 loaded: no file changed"));
    // They are other routes, and count anew.
    assertThat(route("popsee-receive").path("done").asInt()).isZero();
  }
}
