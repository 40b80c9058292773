package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.outbox.Deliveries;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.support.GenericApplicationContext;

/**
 * SurveyMonkey's events from the inbox to the outbox, by its routes as shipped, with a stand-in of
 * its API and a clock of their own.
 */
abstract class SurveyMonkeyGateways {

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

  private static final Duration STRIDE = Duration.ofSeconds(5);

  static final String SQLITE = "SQLite";
  static final String POSTGRESQL = "PostgreSQL";
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:00:30Z"));
  final SurveyMonkeyStandIn api = SurveyMonkeyStandIn.start();
  final List<ConfigurableApplicationContext> gateways = new ArrayList<>();

  /** The response ids that a destination was sent, with how many answers, in order. */
  final Map<String, ConcurrentLinkedQueue<String>> sent = new ConcurrentHashMap<>();

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

  ConfigurableApplicationContext start(String store, String... settings) {
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

  void receive(ConfigurableApplicationContext gateway, int from, int to) {
    for (var i = from; i < to; i++) {
      receive(gateway, i, "310044821", "0");
    }
  }

  void receive(
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

  ObjectNode prepare(int number, String survey) {
    var response = SurveyMonkeyResponse.madeUp(survey, "" + number, clock.instant());
    api.prepare("" + number, response);
    return response;
  }

  long count(String sql) {
    return gateways.get(0).getBean(Store.class).read(jdbc -> jdbc.queryForObject(sql, Long.class));
  }

  String text(String sql) {
    return gateways
        .get(0)
        .getBean(Store.class)
        .read(jdbc -> jdbc.queryForObject(sql, String.class));
  }

  /** Until nothing is left to be done before the clock moves on. */
  void settle() {
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

  /**
   * Moves the clock to the next date that an event waits for, or a little further, until none
   * waits.
   */
  void runToTheEnd() {
    settle();
    while (count("SELECT count(*) FROM inbox WHERE state = 'retrying'") > 0) {
      var next = count("SELECT min(due_at) FROM inbox WHERE state = 'retrying'");
      var wait = Duration.between(clock.instant(), Instant.ofEpochMilli(next));
      // Several in one go: they fall due twice a second, and days have many seconds.
      clock.advance(wait.compareTo(STRIDE) > 0 ? wait : STRIDE);
      settle();
    }
  }
}
