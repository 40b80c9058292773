package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SampleSecrets;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a person finds out by trying: mappings, signatures, samples. */
class TryingPagesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PROVIDERS = Path.of("routes/providers");
  private static final String ADMIN =
      "Basic " + Base64.getEncoder().encodeToString("admin:secret".getBytes(UTF_8));

  private static ApiGateway gateway;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        new ApiGateway(
            Files.createTempDirectory(Path.of("target"), "trying"),
            "--gateway.providers.popsee.secret=the-old-one",
            "--gateway.trials.longest=60s",
            "--gateway.surveys[0].provider=popsee",
            "--gateway.surveys[0].id=3d0c9a52-6a60-4b1e-9a1f-6d1f5b0c7e11",
            "--gateway.surveys[0].questions[0].id=q1",
            "--gateway.surveys[0].questions[0].title=From the catalogue");
    browser = new Browser(gateway.api("/")).logIn("secret");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String hmac(String secret, byte[] body) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }

  /** A sample of the provider's folder, sent as the provider sends it. */
  private static long deliver(String provider, String file, String path) throws Exception {
    var body = Files.readAllBytes(PROVIDERS.resolve(provider + "/samples/" + file));
    var isPopsee = provider.equals("popsee");
    var secret = isPopsee ? SampleSecrets.DEMO.popsee() : SampleSecrets.DEMO.smartSurvey();
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put(
        isPopsee ? "X-Popsee-Signature" : "X-SmartSurvey-Signature",
        (isPopsee ? "sha256=" : "") + hmac(secret, body));
    var status =
        gateway.deliver(
            new SampleRequest(
                provider, "/webhooks/" + provider + path, headers, body, List.of(), "a sample"));
    assertThat(status).isEqualTo(200);
    return gateway.count("SELECT max(id) FROM request");
  }

  @Test
  void showsWhatAStoredRequestBecomes() throws Exception {
    var request = deliver("popsee", "completed.json", "");

    var opened = browser.open("/requests/" + request);
    assertThat(opened.first(".actions a[href^=/mappings]").attr("href"))
        .isEqualTo("/mappings?request=" + request);
    var shown = browser.open("/mappings?request=" + request);

    assertThat(shown.text()).contains("done 1 event, 0 items set aside");
    assertThat(shown.first("#try-body").val()).contains("\"response.completed\"");
    assertThat(shown.first("#try-mapping").val())
        .isEqualToIgnoringNewLines(Files.readString(PROVIDERS.resolve("popsee/popsee.jq")));
    assertThat(shown.texts("#tried summary strong")).contains("slack", "salesforce", "database");
    assertThat(shown.first("#tried pre").text()).contains("survey.response.completed");
  }

  @Test
  void triesAnEditedMappingAndSavesNothing() throws Exception {
    var request = deliver("popsee", "minimal.json", "");
    var events = gateway.count("SELECT count(*) FROM event");
    var file = Files.readString(PROVIDERS.resolve("popsee/popsee.jq"));
    var page = browser.open("/mappings?request=" + request);

    var shown =
        browser.submit(
            page, "form[hx-post]", Map.of("mapping", file + "| .data.pageUrl = \"edited\""));

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.first("#tried pre").text()).contains("\"pageUrl\" : \"edited\"");
    assertThat(Files.readString(PROVIDERS.resolve("popsee/popsee.jq"))).isEqualTo(file);
    assertThat(gateway.count("SELECT count(*) FROM event")).isGreaterThanOrEqualTo(events);
    assertThat(gateway.count("SELECT count(*) FROM event WHERE document LIKE '%\"edited\"%'"))
        .isZero();
  }

  @Test
  void answersAPartOfThePageWhileSomebodyTypes() throws Exception {
    var mapping = "{\n  specversion: \"1.0\",\n  id: .responseId |||\n}";
    var page = browser.open("/mappings?provider=popsee");
    var form = page.first("form[hx-post]");
    assertThat(form.attr("hx-trigger")).isEqualTo("input delay:700ms, submit");
    var token = form.selectFirst("input[name=_csrf]").val();

    var part =
        browser.send(
            HttpRequest.newBuilder(gateway.api("/mappings"))
                .header("HX-Request", "true")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        "_csrf="
                            + token
                            + "&provider=popsee&body=%7B%7D&contentType=application/json&mapping="
                            + java.net.URLEncoder.encode(mapping, UTF_8))));

    assertThat(part.status()).isEqualTo(200);
    assertThat(part.response().body()).doesNotContain("<html", "<form");
    assertThat(part.text()).contains("not tried The mapping has mistakes", "popsee.jq, line 3");
    assertThat(part.first("pre").text()).isEqualTo("3: id: .responseId |||");
  }

  @Test
  void countsWhatAnEditedMappingWouldChange() throws Exception {
    var request = deliver("popsee", "unicode.json", "");
    gateway.awaitCount(
        1, "SELECT count(*) FROM inbox WHERE request_id = ? AND state = 'done'", request);
    var file = Files.readString(PROVIDERS.resolve("popsee/popsee.jq"));

    var shown =
        browser.submit(
            browser.open("/mappings?provider=popsee"),
            "button[value=diff]",
            Map.of("mapping", file + "| .data.pageUrl = \"edited\"", "days", "3"));

    assertThat(shown.text()).contains("Mapped again, the requests of the last 3 days", "changed");
    assertThat(shown.first("#tried").text()).contains("/data/pageUrl");
  }

  @Test
  void saysWhatCannotBeTried() {
    var shown =
        browser.submit(
            browser.open("/mappings?provider=popsee"),
            "button[value=diff]",
            Map.of("days", "many"));

    assertThat(shown.text()).contains("not tried Expected days from 1 to 3650");
    assertThat(browser.open("/mappings?request=999999").status()).isEqualTo(404);
  }

  @Test
  void tellsALineEndThatWasAddedFromAWrongSecret() throws Exception {
    var body = "{\"responseId\": \"1\"}";
    var signature = "sha256=" + hmac(SampleSecrets.DEMO.popsee(), body.getBytes(UTF_8));
    var page = browser.open("/providers/popsee/check");

    var right =
        browser.submit(
            page,
            "form.paste",
            Map.of("headers", "X-Popsee-Signature: " + signature, "body", body));
    assertThat(right.text()).contains("proved Every check that has to hold does.");
    assertThat(right.text()).contains("With the current secret.");

    var longer =
        browser.submit(
            page,
            "form.paste",
            Map.of(
                "headers",
                "POST /webhooks/popsee HTTP/1.1\r\n-H 'X-Popsee-Signature: " + signature + "'",
                "body",
                HexFormat.of().formatHex((body + "\n").getBytes(UTF_8)),
                "as",
                "hex"));
    assertThat(longer.text()).contains("refused X-Popsee-Signature does not match");
    assertThat(longer.texts(".causes li"))
        .containsExactly("The body has a line end behind it that was not signed.");
    assertThat(longer.texts(".steps .state")).containsExactly("holds", "holds", "holds", "fails");

    var other =
        browser.submit(
            page,
            "form.paste",
            Map.of("headers", "X-Popsee-Signature: sha256=" + "0".repeat(64), "body", body));
    assertThat(other.texts(".causes")).isEmpty();
    assertThat(other.text())
        .contains("Most likely the sender has another secret.")
        .doesNotContain(signature.substring(7), SampleSecrets.DEMO.popsee(), "the-old-one");
    assertThat(browser.open("/audit").texts("tbody tr").get(0))
        .contains("admin check-proof provider popsee", "refused; nothing is changed by it");
  }

  /** What a browser makes of line ends is not taken for what the sender sent. */
  @Test
  void believesABodyOfSeveralLinesEitherWay() throws Exception {
    for (var end : List.of("\n", "\r\n")) {
      var body = "{" + end + "}" + end;
      var signature = "sha256=" + hmac("the-old-one", body.getBytes(UTF_8));

      var shown =
          browser.submit(
              browser.open("/providers/popsee/check"),
              "form.paste",
              Map.of("headers", "X-Popsee-Signature: " + signature, "body", "{\r\n}\r\n"));

      assertThat(shown.text()).contains("proved", "With the previous secret.");
    }
  }

  @Test
  void linksRefusedRequestsToTheTest() throws Exception {
    var refused =
        gateway.deliver(
            new SampleRequest(
                "popsee", "/webhooks/popsee", Map.of(), "{}".getBytes(UTF_8), List.of(), "bare"));
    assertThat(refused).isEqualTo(401);
    gateway.awaitCount(
        1, "SELECT count(*) FROM (SELECT 1 FROM refusal WHERE provider = 'popsee' LIMIT 1) r");

    assertThat(browser.open("/refusals").first("td a").attr("href"))
        .isEqualTo("/providers/popsee/check");
    assertThat(browser.open("/providers").first("#popsee").text())
        .contains("last refused", ", answered 401: X-Popsee-Signature is missing");
  }

  @Test
  void showsAddressesAndSecretsOfAProvider() throws Exception {
    deliver("popsee", "anonymous.json", "");

    var page = browser.open("/providers");

    assertThat(page.first("#popsee").text())
        .contains("POPSEE_SECRET set check-hmac")
        .contains("current secret last used")
        .contains("previous secret not used at this gateway since it started");
    assertThat(page.first("#tally").text())
        .contains("TALLY_SECRET missing check-hmac: gateway.providers.tally.secret is empty");
    assertThat(page.page().select("#smartsurvey .address code").eachText())
        .allSatisfy(url -> assertThat(url).startsWith("http://127.0.0.1:"))
        .extracting(url -> url.replaceFirst(".*/webhooks", ""))
        .containsExactly(
            "/smartsurvey/completed", "/smartsurvey/disqualified", "/smartsurvey/updated");
    assertThat(page.response().body()).doesNotContain("the-old-one", SampleSecrets.DEMO.popsee());
  }

  @Test
  void handsOutARequestAsTheSampleThatItsTestsExpect() throws Exception {
    var request = deliver("smartsurvey", "edited@updated.json", "/updated");
    var page = browser.open("/requests/" + request);
    assertThat(page.first("#sample").text())
        .contains("The files hold what this person answered", "in the audit log");

    var files = zip(request, "changed-later");

    var samples = PROVIDERS.resolve("smartsurvey/samples");
    var folder = "providers/smartsurvey/samples/changed-later@updated";
    assertThat(files.keySet()).containsExactly(folder + ".json", folder + ".expected.json");
    assertThat(files.get(folder + ".json"))
        .isEqualTo(Files.readAllBytes(samples.resolve("edited@updated.json")));
    assertThat(JSON.readTree(files.get(folder + ".expected.json")))
        .isEqualTo(
            JSON.readTree(Files.readAllBytes(samples.resolve("edited@updated.expected.json"))));
    assertThat(browser.open("/audit").texts("tbody tr").get(0))
        .contains("admin save-sample request " + request, "changed-later");
  }

  /** The tests of a folder know no catalogue of surveys. */
  @Test
  void leavesTheCatalogueOutOfWhatIsExpected() throws Exception {
    var request = deliver("popsee", "completed.json", "");
    gateway.awaitCount(
        1,
        "SELECT count(*) FROM (SELECT 1 FROM event WHERE document LIKE '%From the catalogue%'"
            + " LIMIT 1) e");

    var files = zip(request, "completed");

    assertThat(JSON.readTree(files.get("providers/popsee/samples/completed.expected.json")))
        .isEqualTo(
            JSON.readTree(
                Files.readAllBytes(PROVIDERS.resolve("popsee/samples/completed.expected.json"))));
  }

  @Test
  void refusesANameThatIsNoFile() throws Exception {
    var request = deliver("popsee", "no-timestamp.json", "");

    var shown =
        browser.submit(
            browser.open("/requests/" + request),
            "form[action$=/sample]",
            Map.of("situation", "../../evil"));

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).contains("Expected a name of lower-case letters, digits and hyphens");
  }

  @Test
  void showsABodyAsBytes() throws Exception {
    var request = deliver("popsee", "unicode.json", "");

    var hex = browser.open("/requests/" + request).first("pre.hex").text();

    assertThat(hex)
        .startsWith("00000000  7b 22 65 76 65 6e 74")
        .contains("\"value\":\"T", "72 c3 a8 73 20");
  }

  private static Map<String, byte[]> zip(long request, String situation) throws Exception {
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            gateway.api("/api/requests/" + request + "/sample")
                                + "?situation="
                                + situation))
                    .header("Authorization", ADMIN)
                    .POST(BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    var files = new LinkedHashMap<String, byte[]>();
    try (var zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }
}
