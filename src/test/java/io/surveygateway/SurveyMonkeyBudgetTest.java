package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.outbox.Deliveries;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SurveyMonkeyResponse;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import io.surveygateway.store.Ids;
import io.surveygateway.store.InboxStore;
import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.support.GenericApplicationContext;

/**
 * SurveyMonkey's events from the inbox to the outbox, by its routes as shipped, with few calls to
 * its API and a clock of their own.
 */
class SurveyMonkeyBudgetTest {

  @ImportAutoConfiguration({
    CamelAutoConfiguration.class,
    ConfigurationPropertiesAutoConfiguration.class
  })
  @ComponentScan({
    "io.surveygateway.event",
    "io.surveygateway.inbox",
    "io.surveygateway.outbox",
    "io.surveygateway.store",
    "io.surveygateway.surveymonkey"
  })
  @ConfigurationPropertiesScan({
    "io.surveygateway.event",
    "io.surveygateway.inbox",
    "io.surveygateway.outbox",
    "io.surveygateway.store",
    "io.surveygateway.surveymonkey"
  })
  static class Parts {}

  private static final String SQLITE = "SQLite";
  private static final String POSTGRESQL = "PostgreSQL";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:00:30Z"));
  private final SurveyMonkeyStandIn api = SurveyMonkeyStandIn.start();
  private final List<ConfigurableApplicationContext> gateways = new ArrayList<>();

  /** The response ids that a destination was sent, with how many answers, in order. */
  private final Map<String, ConcurrentLinkedQueue<String>> sent = new ConcurrentHashMap<>();

  private Path folder;
  private String url = "";

  @BeforeEach
  void folder() throws IOException {
    folder = Files.createTempDirectory(Path.of("target"), "surveymonkey-budget");
    Stream.of("database", "salesforce", "slack")
        .forEach(name -> sent.put(name, new ConcurrentLinkedQueue<>()));
  }

  @AfterEach
  void stop() {
    gateways.forEach(ConfigurableApplicationContext::close);
    api.close();
  }

  private ConfigurableApplicationContext start(String store, String... settings) {
    if (store.equals(POSTGRESQL) && url.isEmpty()) {
      url = PostgresForTests.newDatabase();
    }
    var gateway =
        new SpringApplicationBuilder(Parts.class)
            .web(WebApplicationType.NONE)
            .initializers(
                (GenericApplicationContext context) -> {
                  context.registerBean(Clock.class, () -> clock);
                  context.registerBean("kamelet-component", Component.class, KameletStandIn::new);
                  context.registerBean(RoutesBuilder.class, this::destinations);
                })
            .run(
                Stream.concat(
                        Stream.of(
                            "--camel.main.routes-include-pattern=file:routes/router.camel.yaml,file:routes/set-aside.camel.yaml,file:routes/providers/surveymonkey/*.yaml",
                            "--gateway.store.folder=" + folder,
                            "--gateway.store.url=" + url,
                            "--gateway.store.username=" + (url.isEmpty() ? "" : "postgres"),
                            "--gateway.inbox.poll=20ms",
                            "--gateway.delivery.poll=20ms",
                            "--gateway.providers.surveymonkey.access-token="
                                + SurveyMonkeyStandIn.TOKEN,
                            "--gateway.providers.surveymonkey.api-url=" + api.url()),
                        Stream.of(settings))
                    .toArray(String[]::new));
    gateways.add(gateway);
    return gateway;
  }

  private RouteBuilder destinations() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        sent.forEach(
            (name, events) ->
                from("outbox:" + name)
                    .process(
                        exchange -> {
                          var event = Deliveries.of(exchange).event(0);
                          events.add(
                              event.at("/data/id").asText()
                                  + ":"
                                  + event.at("/data/answers").size());
                        }));
      }
    };
  }

  /** {@code direct:} under the name of a kamelet: nothing comes in by it here. */
  private static final class KameletStandIn extends DirectComponent {

    KameletStandIn() {
      setAutowiredEnabled(false);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
        throws Exception {
      parameters.clear();
      return super.createEndpoint(uri.replaceFirst("[?].*", ""), remaining, parameters);
    }
  }

  private void receive(ConfigurableApplicationContext gateway, int from, int to) {
    for (var i = from; i < to; i++) {
      receive(gateway, i, "310044821", "0");
    }
  }

  private void receive(
      ConfigurableApplicationContext gateway, int number, String survey, String recipient) {
    var body =
        """
        {"name":"gw","event_type":"response_completed","event_id":"%d","object_type":"response",
         "object_id":"%d","event_datetime":"%s","resources":{"collector_id":"430",
         "survey_id":"%s","recipient_id":"%s","user_id":"612"}}"""
            .formatted(5000 + number, number, clock.instant(), survey, recipient);
    gateway
        .getBean(InboxStore.class)
        .add(
            new NewRequest(
                gateway.getBean(Ids.class).next(),
                "surveymonkey",
                "response_completed",
                "application/json",
                "current secret",
                clock.instant(),
                body.getBytes(UTF_8)))
        .join();
  }

  private ObjectNode prepare(int number, String survey) {
    var response = SurveyMonkeyResponse.madeUp(survey, "" + number, clock.instant());
    api.prepare("" + number, response);
    return response;
  }

  private long count(String sql) {
    return gateways.get(0).getBean(Store.class).read(jdbc -> jdbc.queryForObject(sql, Long.class));
  }

  private String text(String sql) {
    return gateways
        .get(0)
        .getBean(Store.class)
        .read(jdbc -> jdbc.queryForObject(sql, String.class));
  }

  /** Until nothing is left to be done before the clock moves on. */
  private void settle() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                count(
                        "SELECT (SELECT count(*) FROM inbox WHERE state IN ('waiting', 'retrying')"
                            + " AND due_at <= "
                            + clock.millis()
                            + ") + (SELECT count(*) FROM delivery WHERE state IN ('waiting',"
                            + " 'retrying'))")
                    == 0);
  }

  /** Moves the clock to the next date that an event waits for, until none waits. */
  private void runToTheEnd() {
    settle();
    while (count("SELECT count(*) FROM inbox WHERE state = 'retrying'") > 0) {
      var next = count("SELECT min(due_at) FROM inbox WHERE state = 'retrying'");
      clock.advance(Duration.between(clock.instant(), Instant.ofEpochMilli(next)));
      settle();
    }
  }

  private void assertThatBudgetWasKept(int perMinute, int perDay) {
    var calls = api.calls();
    for (var i = perMinute; i < calls.size(); i++) {
      assertThat(Duration.between(calls.get(i - perMinute), calls.get(i)))
          .as("from one call to the one %d later", perMinute)
          .isGreaterThan(Duration.ofSeconds(60));
    }
    var days =
        calls.stream()
            .collect(
                Collectors.groupingBy(
                    call -> call.truncatedTo(ChronoUnit.DAYS), Collectors.counting()));
    assertThat(days.values()).allMatch(calls1 -> calls1 <= perDay);
    assertThat(api.refused()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void losesNothingOfTwoThousandEventsAndNeverAsksTooOften(String store) {
    api.allow(120, 500, clock);
    var gateway = start(store, "--gateway.providers.surveymonkey.calls.together=0");

    receive(gateway, 1, 2001);
    runToTheEnd();

    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(2000);
    assertThat(api.calls()).hasSize(2000);
    assertThatBudgetWasKept(120, 500);
    // No attempt was burned by waiting.
    assertThat(count("SELECT max(attempts) FROM inbox")).isEqualTo(1);
    assertThat(sent.get("slack")).hasSize(2000).doesNotHaveDuplicates();
    assertThat(sent.get("slack")).noneMatch(event -> event.endsWith(":0"));
    assertThat(sent.get("salesforce")).hasSize(2000);
    // Those of the first minute came whole at once, the others' rows were completed later.
    assertThat(sent.get("database")).hasSize(2000 + 2000 - 120);
    assertThat(clock.instant()).isBefore(Instant.parse("2026-03-05T00:10:00Z"));
  }

  @Test
  void waitsVisiblyForTheDay() {
    var gateway = start(SQLITE, "--gateway.providers.surveymonkey.calls.per-day=1");

    receive(gateway, 1, 3);
    settle();

    assertThat(
            text(
                "SELECT state || ' ' || attempts || ' ' || failure_kind || ' ' || reason FROM inbox"
                    + " WHERE state <> 'done'"))
        .isEqualTo(
            "retrying 0 rate_limited waiting for the daily budget until 2026-03-03T00:00:00Z");
    assertThat(api.calls()).hasSize(1);
    // The row is there before the answers are, and nobody else hears of it yet.
    assertThat(sent.get("database")).containsExactlyInAnyOrder("1:7", "2:0");
    assertThat(sent.get("slack")).containsExactly("1:7");

    runToTheEnd();

    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-03-03T00:00:00Z"));
    assertThat(sent.get("database")).endsWith("2:7");
    assertThat(sent.get("slack")).containsExactly("1:7", "2:7");
  }

  @Test
  void knowsAfterARestartWhatWasUsed() {
    var settings = "--gateway.providers.surveymonkey.calls.per-day=2";
    receive(start(SQLITE, settings), 1, 3);
    settle();
    gateways.remove(0).close();

    receive(start(SQLITE, settings), 3, 4);
    settle();

    assertThat(api.calls()).hasSize(2);
    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'retrying'")).isEqualTo(1);
  }

  @Test
  void sharesTheBudgetBetweenGateways() {
    api.allow(30, 500, clock);
    var settings =
        new String[] {
          "--gateway.providers.surveymonkey.calls.per-minute=30",
          "--gateway.providers.surveymonkey.calls.together=0"
        };
    var one = start(POSTGRESQL, settings);
    start(POSTGRESQL, settings);

    receive(one, 1, 201);
    runToTheEnd();

    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(200);
    assertThat(api.calls()).hasSize(200);
    assertThatBudgetWasKept(30, 500);
  }

  @Test
  void obeysWhatTheApiSaysIsLeft() {
    // Another program uses the same app: of a day's 500 calls there are 3.
    api.allow(120, 3, clock);
    var gateway = start(SQLITE);

    receive(gateway, 1, 9);
    settle();

    assertThat(api.calls()).hasSizeLessThanOrEqualTo(4);
    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(3);
    assertThat(
            count(
                "SELECT count(*) FROM inbox WHERE reason LIKE 'waiting for the daily budget until"
                    + " 2026-03-03T00:00:0%'"))
        .isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void asksTogetherForThoseThatWaitForOneSurvey(String store) {
    api.allow(5, 500, clock);
    var gateway =
        start(
            store,
            "--gateway.providers.surveymonkey.calls.per-minute=5",
            "--gateway.providers.surveymonkey.calls.together=10");
    for (var i = 1; i <= 250; i++) {
      prepare(i, "310044821");
      receive(gateway, i, "310044821", "0");
      clock.advance(Duration.ofMillis(100));
    }
    runToTheEnd();

    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(250);
    assertThat(sent.get("slack")).hasSize(250).doesNotHaveDuplicates();
    assertThat(sent.get("slack")).allMatch(event -> event.endsWith(":7"));
    assertThat(api.calls()).hasSizeLessThan(20);
    assertThat(api.refused()).isZero();
    assertThat(count("SELECT count(*) FROM surveymonkey_waiting")).isZero();
    assertThat(count("SELECT count(*) FROM surveymonkey_fetched")).isZero();
  }

  @Test
  void asksAloneForWhomAListLeavesTheContactOut() {
    var gateway =
        start(
            SQLITE,
            "--gateway.providers.surveymonkey.calls.per-minute=2",
            "--gateway.providers.surveymonkey.calls.together=2");
    for (var i = 1; i <= 6; i++) {
      var response = prepare(i, "310044821").put("recipient_id", "77" + i);
      ((ObjectNode) response.get("metadata")).remove("contact");
      receive(gateway, i, "310044821", "77" + i);
    }
    runToTheEnd();

    assertThat(api.requests("/details")).hasSize(6);
    assertThat(api.requests("/bulk")).isNotEmpty();
    assertThat(sent.get("slack")).hasSize(6).allMatch(event -> event.endsWith(":7"));
  }

  @Test
  void asksAloneWhereAskingTogetherIsRefused() {
    api.faults()
        .always(
            Fault.answer(SurveyMonkeyStandIn.error(403, "1015", "Permission Error", "Plan."))
                .at("/bulk"));
    var gateway =
        start(
            SQLITE,
            "--gateway.providers.surveymonkey.calls.per-minute=2",
            "--gateway.providers.surveymonkey.calls.together=2");

    receive(gateway, 1, 7);
    runToTheEnd();

    assertThat(count("SELECT count(*) FROM inbox WHERE state = 'done'")).isEqualTo(6);
    assertThat(sent.get("slack")).hasSize(6);
  }
}
