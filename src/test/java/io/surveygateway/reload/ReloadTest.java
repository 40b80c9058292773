package io.surveygateway.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SlackStandIn;
import io.surveygateway.store.AuditLog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a gateway makes of changes in {@code routes/} while it runs and takes requests. */
@ExtendWith(OutputCaptureExtension.class)
class ReloadTest {

  private static final String POPSEE = "providers/popsee/popsee.camel.yaml";
  private static final String MAPPING = "providers/popsee/popsee.jq";
  private static final String EDITED = "attributes: (attributes(\\$params) + {edited: \"%s\"}),";

  private static final SlackStandIn SLACK = SlackStandIn.start();
  private static final Stubborn STUBBORN = new Stubborn();
  private static EditedGateway gateway;

  /** A step that can be built and does not start. */
  private static final class Stubborn extends ServiceSupport implements Processor {

    volatile boolean isStubborn;

    @Override
    protected void doStart() {
      if (isStubborn) {
        throw new IllegalStateException("It does not want to");
      }
    }

    @Override
    public void process(Exchange exchange) {}
  }

  @BeforeAll
  static void start() throws Exception {
    gateway =
        new EditedGateway(
            Files.createTempDirectory(Path.of("target"), "reload"),
            context -> context.registerBean("stubborn", Stubborn.class, () -> STUBBORN),
            "--gateway.providers.popsee.secret=" + SampleSecrets.DEMO.popsee(),
            "--gateway.providers.smartsurvey.secret=" + SampleSecrets.DEMO.smartSurvey(),
            "--gateway.providers.acme.secret=" + SampleSecrets.DEMO.popsee(),
            "--gateway.slack.webhook-url=" + SLACK.webhookUrl());
  }

  @AfterEach
  void restore() throws IOException {
    STUBBORN.isStubborn = false;
    gateway.restore();
    SLACK.faults().clear();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    SLACK.close();
  }

  private static SampleRequest popsee(String response) {
    return SignedSamples.popsee()
        .responseId(response)
        .signedWith(SampleSecrets.DEMO.popsee())
        .toRequest();
  }

  private static SampleRequest acme(String response) {
    var popsee = popsee(response);
    return new SampleRequest(
        "acme",
        "/webhooks/acme",
        Map.of(
            "Content-Type",
            "application/json",
            "X-Acme-Signature",
            popsee.headers().get("X-Popsee-Signature")),
        popsee.body(),
        List.of("acme:" + response),
        "");
  }

  /** Sends one, and gives what the gateway has made of it. */
  private static String mapped(SampleRequest sample) {
    assertThat(gateway.deliver(sample).statusCode()).isEqualTo(200);
    var key = sample.responseKeys().get(0);
    gateway.awaitCount(1, "SELECT count(*) FROM event WHERE subject = ?", key);
    return gateway.texts("SELECT document FROM event WHERE subject = ?", key).get(0);
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  private static void editMapping(String mark) throws IOException {
    var mapping = Files.readString(gateway.file(MAPPING));
    Files.writeString(
        gateway.file(MAPPING),
        mapping.replaceFirst("attributes: .*,\n", EDITED.formatted(mark) + "\n"));
  }

  @Test
  void mapsByTheMappingAsItWasSaved(CapturedOutput log) throws Exception {
    assertThat(mapped(popsee(id()))).doesNotContain("edited");

    editMapping("once");
    var attempt = gateway.awaitAttempt();

    assertThat(attempt.path("outcome").asText()).isEqualTo("loaded");
    assertThat(attempt.path("changed")).hasSize(1);
    assertThat(mapped(popsee(id()))).contains("\"edited\":\"once\"");
    assertThat(log).containsPattern("The routes are loaded anew, after \\d+ ms: routes/" + MAPPING);
    // What is as it was is not told again.
    assertThat(log)
        .containsOnlyOnce("surveymonkey is switched off")
        .containsOnlyOnce("forward is off");
  }

  @Test
  void takesWhatAnEditorPutsInThePlaceOfAFile() throws Exception {
    var written = gateway.file("providers/popsee/.popsee.jq.swp");
    var mapping = Files.readString(gateway.file(MAPPING));
    Files.writeString(gateway.file(MAPPING + "~"), mapping);
    Files.writeString(
        written, mapping.replaceFirst("attributes: .*,\n", EDITED.formatted("moved") + "\n"));
    Files.move(written, gateway.file(MAPPING), StandardCopyOption.REPLACE_EXISTING);

    var attempt = gateway.awaitAttempt();

    assertThat(attempt.path("outcome").asText()).isEqualTo("loaded");
    assertThat(attempt.path("changed")).hasSize(1);
    assertThat(mapped(popsee(id()))).contains("\"edited\":\"moved\"");
  }

  @Test
  void keepsWhatRunsAndNamesTheMistake(CapturedOutput log) throws Exception {
    var before = gateway.bean(CamelContext.class).getRoute("popsee-map");

    var line = gateway.edit(POPSEE, "- unmarshal:", "- unmarshall:");
    editMapping("with a mistake beside it");
    var attempt = gateway.awaitAttempt();

    assertThat(attempt.path("outcome").asText()).isEqualTo("refused");
    var mistake = attempt.path("mistakes").get(0);
    assertThat(mistake.at("/place/file").asText()).isEqualTo("routes/" + POPSEE);
    assertThat(mistake.at("/place/line").asInt()).isEqualTo(line);
    assertThat(mistake.path("says").asText()).isEqualTo("There is no step unmarshall");
    assertThat(mistake.path("remedy").asText()).isEqualTo("Did you mean unmarshal?");
    assertThat(log)
        .contains(
            "The routes that run stay as they are, for there are mistakes (routes/%s"
                .formatted(POPSEE))
        .contains("  routes/%s, line %d, column".formatted(POPSEE, line))
        .contains("    Did you mean unmarshal?")
        .doesNotContain("\tat ");
    assertThat(gateway.bean(CamelContext.class).getRoute("popsee-map")).isSameAs(before);
    assertThat(mapped(popsee(id()))).doesNotContain("edited");
    var health = gateway.get("/actuator/health").json();
    assertThat(health.at("/components/reload/details/last/outcome").asText()).isEqualTo("refused");
    assertThat(health.at("/components/reload/details/last/mistakes/0").asText())
        .startsWith("routes/" + POPSEE + ", line " + line);
    assertThat(health.at("/components/routes/status").asText())
        .as(health.at("/components/routes").toString())
        .isEqualTo("UP");

    var asked = gateway.post("/api/reload");

    assertThat(asked.status()).isEqualTo(409);
    assertThat(asked.type()).startsWith("application/problem+json");
    assertThat(asked.json().at("/reload/mistakes/0/place/line").asInt()).isEqualTo(line);

    gateway.edit(POPSEE, "- unmarshall:", "- unmarshal:");
    assertThat(gateway.awaitAttempt().path("outcome").asText()).isEqualTo("loaded");
    assertThat(mapped(popsee(id()))).contains("with a mistake beside it");
  }

  @Test
  void saysWhereTheDiskDiffersFromWhatRunsAndWhoAskedForAReload() throws Exception {
    var line = gateway.edit(POPSEE, "- unmarshal:", "- unmarshall:");
    Files.writeString(gateway.file("providers/popsee/notes.json"), "{}");
    assertThat(gateway.awaitAttempt().path("outcome").asText()).isEqualTo("refused");

    var files = gateway.get("/api/routes").json().path("files");

    assertThat(files.findValuesAsText("standing")).contains("changed", "new", "same");
    assertThat(files)
        .filteredOn(file -> !file.path("standing").asText().equals("same"))
        .extracting(file -> file.path("path").asText() + " " + file.path("standing").asText())
        .containsExactly("routes/providers/popsee/notes.json new", "routes/" + POPSEE + " changed");
    var shown = gateway.bean(RunningFiles.class).find("routes/" + POPSEE).orElseThrow();
    assertThat(shown.text()).contains("- unmarshal:").doesNotContain("unmarshall");
    assertThat(shown.difference())
        .isEqualTo(new Difference(line, line, List.of("        - unmarshall:"), 0));

    gateway.post("/api/reload");

    var entry = gateway.bean(AuditLog.class).page(null, 1).items().get(0);
    assertThat(List.of(entry.who(), entry.action(), entry.target(), entry.changed()))
        .containsExactly("admin", "reload", "routes", 0L);
    assertThat(entry.note()).startsWith("refused: routes/providers/popsee/notes.json, ");
  }

  @Test
  void touchesNothingWhereOnlyCamelSeesTheMistake(CapturedOutput log) throws Exception {
    var before = gateway.bean(CamelContext.class).getRoutes();
    var route =
        1 + Files.readString(gateway.file(POPSEE)).split("id: popsee-map\n")[0].lines().count();

    gateway.edit(
        POPSEE,
        "- setBody:\n            id: map-popsee-response",
        "- setHeader:\n            id: x\n            name: x\n            expression:\n"
            + "              simple:\n                expression: \"${bodyy}\"\n"
            + "        - setBody:\n            id: map-popsee-response");
    var attempt = gateway.awaitAttempt();

    assertThat(attempt.path("outcome").asText()).isEqualTo("refused");
    var mistake = attempt.path("mistakes").get(0);
    assertThat(mistake.at("/place/file").asText()).isEqualTo("routes/" + POPSEE);
    assertThat(mistake.at("/place/line").asLong()).isEqualTo(route - 1);
    assertThat(mistake.path("says").asText()).contains("popsee-map", "bodyy");
    assertThat(gateway.bean(CamelContext.class).getRoutes()).isEqualTo(before);
    assertThat(log).doesNotContain("\tat ");
    mapped(popsee(id()));
  }

  @Test
  void putsBackWhatRanWhereTheNewDoesNotStart() throws Exception {
    STUBBORN.isStubborn = true;

    gateway.edit(
        POPSEE,
        "- setBody:\n            id: map-popsee-response",
        "- process:\n            id: x\n            ref: stubborn\n"
            + "        - setBody:\n            id: map-popsee-response");
    editMapping("and not started");
    var attempt = gateway.awaitAttempt();

    assertThat(attempt.path("outcome").asText()).isEqualTo("put-back");
    assertThat(attempt.path("mistakes").get(0).path("says").asText())
        .contains("popsee-map", "It does not want to");
    assertThat(mapped(popsee(id()))).doesNotContain("edited");

    STUBBORN.isStubborn = false;
    assertThat(gateway.post("/api/reload").status()).isEqualTo(200);
    assertThat(mapped(popsee(id()))).contains("and not started");
  }

  @Test
  void takesInAProviderWhoseFolderIsNew() throws Exception {
    assertThat(gateway.deliver(acme(id())).statusCode()).isEqualTo(404);

    gateway.copyFolder("providers/popsee", "providers/acme", "popsee", "acme");
    gateway.edit("providers/acme/acme.camel.yaml", "X-Popsee-Signature", "X-Acme-Signature");
    var attempt = gateway.awaitAttempt();

    assertThat(attempt.path("outcome").asText()).isEqualTo("loaded");
    assertThat(mapped(acme(id()))).contains("/providers/acme");
    mapped(popsee(id()));
  }

  @Test
  void leavesOutANewProviderWithAMistakeAndLoadsTheRest() throws Exception {
    gateway.copyFolder("providers/popsee", "providers/acme", "popsee", "acme");
    gateway.edit("providers/acme/acme.jq", "{", "{{");
    editMapping("while acme is not finished");
    var attempt = gateway.awaitAttempt();

    assertThat(attempt.path("outcome").asText()).isEqualTo("loaded");
    assertThat(attempt.path("leftOut").toString()).isEqualTo("[\"routes/providers/acme\"]");
    var refused = gateway.deliver(acme(id()));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(mapped(popsee(id()))).contains("while acme is not finished");
    var before = gateway.bean(CamelContext.class).getRoutes();

    gateway.edit("providers/acme/acme.jq", "{{", "{{{");
    assertThat(gateway.awaitAttempt().path("outcome").asText()).isEqualTo("unchanged");
    assertThat(gateway.bean(CamelContext.class).getRoutes())
        .as("what is left out is no reason to replace the others")
        .isEqualTo(before);
    gateway.deleteFolder("providers/acme");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> gateway.deliver(acme(id())).statusCode() == 404);
  }

  @Test
  void takesNothingMoreForAProviderWhoseFolderIsGone() throws Exception {
    gateway.deleteFolder("providers/popsee");
    var attempt = gateway.awaitAttempt();

    assertThat(attempt.path("outcome").asText()).isEqualTo("loaded");
    assertThat(gateway.deliver(popsee(id())).statusCode()).isEqualTo(404);
    var known = gateway.get("/actuator/health").json().at("/components/providers/details");
    assertThat(known.has("smartsurvey")).isTrue();
    assertThat(known.has("popsee")).isFalse();
    var smartSurvey = SignedSamples.smartSurvey().signedWith(SampleSecrets.DEMO.smartSurvey());
    assertThat(gateway.deliver(smartSurvey.toRequest()).statusCode()).isEqualTo(200);
  }

  @Test
  void letsDeliveriesWaitForADestinationThatIsGone() throws Exception {
    gateway.post("/api/destinations/slack/pause", "{\"because\": \"it moves\"}");
    var response = id();
    mapped(popsee(response));
    var waiting =
        "SELECT count(*) FROM delivery d JOIN event e ON e.id = d.event_id WHERE d.destination ="
            + " 'slack' AND e.subject = ? AND d.state = ?";
    gateway.awaitCount(1, waiting, "popsee:" + response, "waiting");

    var router = Files.readString(gateway.file("router.camel.yaml"));
    gateway.deleteFolder("destinations/slack");
    assertThat(gateway.awaitAttempt().path("outcome").asText())
        .as("the router still sends there")
        .isEqualTo("refused");
    gateway.edit(
        "router.camel.yaml",
        "                  - to:\n                      id: to-slack-completed\n"
            + "                      description: The team hears of it\n"
            + "                      uri: outbox:slack\n",
        "");
    assertThat(gateway.awaitAttempt().path("outcome").asText()).isEqualTo("loaded");

    assertThat(gateway.get("/api/destinations").json().toString()).doesNotContain("\"slack\"");
    assertThat(gateway.count(waiting, "popsee:" + response, "waiting")).isEqualTo(1);
    assertThat(router).contains("to-slack-completed");

    gateway.restore();
    var sent = SLACK.messages().size();
    gateway.post("/api/destinations/slack/resume");
    gateway.awaitCount(1, waiting, "popsee:" + response, "delivered");
    assertThat(SLACK.messages()).hasSize(sent + 1);
  }

  @Test
  void leavesNothingOfTheRoutesBefore() {
    gateway.post("/api/reload");
    var before = whatThereIs();

    gateway.post("/api/reload");
    gateway.post("/api/reload");

    assertThat(whatThereIs()).isEqualTo(before);
  }

  /** What Camel, its management and the lanes hold, in numbers. */
  private static Map<String, Integer> whatThereIs() {
    var camel = (DefaultCamelContext) gateway.bean(CamelContext.class);
    var lanes =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches("(inbox|outbox):.*"))
            .count();
    return Map.of(
        "routes",
        camel.getRoutes().size(),
        "definitions",
        camel.getRouteDefinitions().size(),
        "templates",
        camel.getRouteTemplateDefinitions().size(),
        "configurations",
        camel.getRouteConfigurationDefinitions().size(),
        "endpoints",
        camel.getEndpoints().size(),
        "strategies",
        camel.getLifecycleStrategies().size(),
        "managed",
        beans().size(),
        "threads of lanes",
        (int) lanes);
  }

  private static Set<ObjectName> beans() {
    try {
      return ManagementFactory.getPlatformMBeanServer()
          .queryNames(new ObjectName("org.apache.camel:*"), null);
    } catch (MalformedObjectNameException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void usesAKameletAsItWasSaved() throws Exception {
    gateway.edit(
        "kamelets/webhook-source.kamelet.yaml", "expression: \"200\"", "expression: \"202\"");
    var attempt = gateway.awaitAttempt();

    assertThat(attempt.path("outcome").asText()).isEqualTo("loaded");
    assertThat(gateway.deliver(popsee(id())).statusCode()).isEqualTo(202);
  }

  @Test
  void letsADeliveryEndThatIsUnderWay() throws Exception {
    var isSending = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    SLACK
        .faults()
        .next(
            Fault.status(500)
                .when(
                    request -> {
                      isSending.countDown();
                      return !waited(goOn);
                    }));
    var response = id();
    mapped(popsee(response));
    assertThat(waited(isSending)).isTrue();
    var sent = SLACK.messages().size();

    editMapping("under way");
    var reload = Executors.newSingleThreadExecutor();
    try {
      var asked = reload.submit(() -> gateway.post("/api/reload"));
      await().atMost(Duration.ofSeconds(60)).until(() -> laneRests("slack"));
      // Requests are taken while a lane comes to rest.
      assertThat(gateway.deliver(popsee(id())).statusCode()).isEqualTo(200);
      goOn.countDown();
      assertThat(asked.get(60, TimeUnit.SECONDS).status()).isEqualTo(200);
    } finally {
      goOn.countDown();
      reload.shutdown();
    }

    var attempts =
        "SELECT count(*) FROM attempt a JOIN delivery d ON d.id = a.delivery_id JOIN event e ON"
            + " e.id = d.event_id WHERE d.destination = 'slack' AND d.state = 'delivered' AND"
            + " e.subject = ?";
    gateway.awaitCount(1, attempts, "popsee:" + response);
    await().atMost(Duration.ofSeconds(60)).until(() -> SLACK.messages().size() == sent + 2);
  }

  private static boolean waited(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean laneRests(String route) {
    var consumer = gateway.bean(CamelContext.class).getRoute(route).getConsumer();
    return !((ServiceSupport) consumer).isStarted();
  }

  @Test
  void losesAndDoublesNothingOfWhatComesMeanwhile() throws Exception {
    var accepted = ConcurrentHashMap.<String>newKeySet();
    var others = new ConcurrentLinkedQueue<String>();
    var isOver = new AtomicBoolean();
    var before = SLACK.messages().size();
    var attemptsBefore = gateway.count("SELECT count(*) FROM attempt");
    var senders = Executors.newFixedThreadPool(4);
    var sending = new ArrayList<Callable<Void>>();
    for (var i = 0; i < 4; i++) {
      sending.add(() -> send(accepted, others, isOver));
    }
    var sent = sending.stream().map(senders::submit).toList();

    for (var i = 1; i <= 10; i++) {
      editMapping("number " + i);
      assertThat(gateway.post("/api/reload").status()).isEqualTo(200);
    }
    isOver.set(true);
    for (var one : sent) {
      one.get(60, TimeUnit.SECONDS);
    }
    senders.shutdown();

    assertThat(accepted).hasSizeGreaterThan(10);
    assertThat(others).allMatch(answer -> answer.equals("503 with Retry-After"));
    gateway.awaitCount(0, "SELECT count(*) FROM inbox WHERE state NOT IN ('done')");
    gateway.awaitCount(
        0, "SELECT count(*) FROM delivery WHERE state NOT IN ('delivered', 'skipped')");
    assertThat(eventsOf(accepted)).hasSameSizeAs(accepted);
    assertThat(requests()).containsAll(accepted).doesNotHaveDuplicates();
    assertThat(SLACK.messages()).hasSize(before + accepted.size());
    assertThat(gateway.count("SELECT count(*) FROM attempt") - attemptsBefore)
        .as("one for Slack and one for the database, each")
        .isEqualTo(2L * accepted.size());
  }

  private static Void send(
      Set<String> accepted, ConcurrentLinkedQueue<String> others, AtomicBoolean isOver) {
    while (!isOver.get() && accepted.size() < 2_000) {
      var response = id();
      var answer = gateway.deliver(popsee(response));
      if (answer.statusCode() == 200) {
        accepted.add(response);
      } else {
        others.add(
            answer.statusCode()
                + (answer.headers().firstValue("Retry-After").isPresent()
                    ? " with Retry-After"
                    : ""));
      }
    }
    return null;
  }

  private static List<String> eventsOf(Set<String> responses) {
    return gateway.texts("SELECT subject FROM event").stream()
        .filter(subject -> responses.contains(subject.replace("popsee:", "")))
        .toList();
  }

  /** Ids of the responses in the requests that were kept. */
  private static List<String> requests() {
    return gateway
        .texts("SELECT CAST(body AS TEXT) FROM request WHERE provider = 'popsee'")
        .stream()
        .map(body -> body.replaceAll("(?s).*\"response\":\\{\"id\":\"([^\"]+)\".*", "$1"))
        .toList();
  }
}
