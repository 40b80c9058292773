package io.surveygateway;

import static org.awaitility.Awaitility.await;

import io.surveygateway.outbox.Deliveries;
import io.surveygateway.store.Dialect;
import io.surveygateway.store.EmptyStore;
import io.surveygateway.store.Store;
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
 * One provider's events from the inbox to the outbox, by its routes as shipped, with a clock of
 * their own.
 */
abstract class ProviderGateways {

  @ImportAutoConfiguration({
    CamelAutoConfiguration.class,
    ConfigurationPropertiesAutoConfiguration.class
  })
  @ComponentScan({
    "io.surveygateway.event",
    "io.surveygateway.inbox",
    "io.surveygateway.outbox",
    "io.surveygateway.smartsurvey",
    "io.surveygateway.store",
    "io.surveygateway.surveymonkey",
    "io.surveygateway.upkeep"
  })
  @ConfigurationPropertiesScan({
    "io.surveygateway.event",
    "io.surveygateway.inbox",
    "io.surveygateway.outbox",
    "io.surveygateway.smartsurvey",
    "io.surveygateway.store",
    "io.surveygateway.surveymonkey"
  })
  static class Parts {}

  static final String SQLITE = "SQLite";
  static final String POSTGRESQL = "PostgreSQL";
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:00:30Z"));
  final List<ConfigurableApplicationContext> gateways = new ArrayList<>();

  /** The response ids that a destination was sent, with how many answers, in order. */
  final Map<String, ConcurrentLinkedQueue<String>> sent = new ConcurrentHashMap<>();

  private EmptyStore store;

  @BeforeEach
  void nothingIsSentYet() {
    Stream.of("database", "salesforce", "slack")
        .forEach(name -> sent.put(name, new ConcurrentLinkedQueue<>()));
  }

  @AfterEach
  void stop() {
    gateways.forEach(ConfigurableApplicationContext::close);
    store.close();
    closeApi();
  }

  /** Name of the provider in paths. */
  abstract String provider();

  /** What leads the gateway to the stand-in of its API. */
  abstract Stream<String> settingsOfApi();

  abstract void closeApi();

  ConfigurableApplicationContext start(String store, String... settings) {
    if (this.store == null) {
      this.store = EmptyStore.take(store.equals(POSTGRESQL) ? Dialect.POSTGRESQL : Dialect.SQLITE);
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
                Stream.of(
                        Stream.of(
                            "--camel.main.routes-include-pattern=file:routes/router.camel.yaml,file:routes/set-aside.camel.yaml,file:routes/providers/"
                                + provider()
                                + "/*.yaml",
                            "--gateway.inbox.poll=20ms",
                            "--gateway.delivery.poll=20ms"),
                        this.store.settings().stream(),
                        settingsOfApi(),
                        Stream.of(settings))
                    .flatMap(some -> some)
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

  /** Until no gateway is at any work beside its events. */
  void awaitJobs() {
    await()
        .atMost(PATIENCE)
        .until(() -> count("SELECT count(*) FROM provider_job WHERE lease_until > 0") == 0);
  }

  /** Until the repair of gaps that begins at the start has come to its end. */
  void awaitFirstRepair() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                count(
                        "SELECT count(*) FROM provider_job WHERE name = '"
                            + provider()
                            + " gap repair' AND next_at > 0")
                    == 1);
    awaitJobs();
    settle();
  }
}
