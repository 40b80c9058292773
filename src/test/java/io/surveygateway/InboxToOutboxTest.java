package io.surveygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.failure.FailureException;
import io.surveygateway.failure.Failures;
import io.surveygateway.inbox.InboxProperties;
import io.surveygateway.inbox.KeptHeaders;
import io.surveygateway.outbox.Condition;
import io.surveygateway.outbox.Deliveries;
import io.surveygateway.outbox.DeliveryTimes;
import io.surveygateway.outbox.Destinations;
import io.surveygateway.store.Dialect;
import io.surveygateway.store.EmptyStore;
import io.surveygateway.store.Pauses;
import io.surveygateway.store.Store;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.support.GenericApplicationContext;

/**
 * {@code inbox:} and {@code outbox:} as routes use them, on both stores, with a clock of its own.
 */
class InboxToOutboxTest {

  /**
   * What a way from inbox to outbox takes, and nothing else: a start for each test has to be quick.
   */
  @ImportAutoConfiguration({
    CamelAutoConfiguration.class,
    ConfigurationPropertiesAutoConfiguration.class
  })
  @ComponentScan({
    "io.surveygateway.event",
    "io.surveygateway.inbox",
    "io.surveygateway.outbox",
    "io.surveygateway.store"
  })
  @ConfigurationPropertiesScan({
    "io.surveygateway.event",
    "io.surveygateway.inbox",
    "io.surveygateway.outbox",
    "io.surveygateway.store"
  })
  static class Parts {}

  private static final String SQLITE = "SQLite";
  private static final String POSTGRESQL = "PostgreSQL";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:00:00Z"));
  private final Destination single = new Destination();
  private final Destination batch = new Destination();
  private final ConcurrentLinkedQueue<RuntimeException> mappingTrouble =
      new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<RuntimeException> routingTrouble =
      new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> kept = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> arrived = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Map<String, String>> fieldsWhileMapping =
      new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Map<String, String>> fieldsWhileRouting =
      new ConcurrentLinkedQueue<>();
  private ConfigurableApplicationContext gateway;
  private EmptyStore store;

  /** Takes what it is sent, unless told otherwise for a response id. */
  private static final class Destination implements Processor {

    final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    volatile RuntimeException down;
    final Map<String, RuntimeException> broken = new ConcurrentHashMap<>();
    final Map<String, Failure> refused = new ConcurrentHashMap<>();
    final List<Map<String, String>> fields = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void process(Exchange exchange) {
      var deliveries = Deliveries.of(exchange);
      sizes.add(deliveries.size());
      fields.add(MDC.getCopyOfContextMap());
      for (var i = 0; i < deliveries.size(); i++) {
        var response = deliveries.event(i).at("/data/id").asText();
        sent.add(response);
        var failure = refused.get(response);
        if (failure != null) {
          deliveries.failed(i, failure);
        }
        var thrown = broken.get(response);
        if (thrown != null) {
          throw thrown;
        }
      }
      var now = down;
      if (now != null) {
        throw now;
      }
    }
  }

  private void start(String store, String... settings) {
    if (this.store == null) {
      this.store = EmptyStore.take(store.equals(SQLITE) ? Dialect.SQLITE : Dialect.POSTGRESQL);
    }
    gateway =
        new SpringApplicationBuilder(Parts.class)
            .web(WebApplicationType.NONE)
            .initializers(
                (GenericApplicationContext context) -> {
                  context.registerBean(Clock.class, () -> clock);
                  context.registerBean(
                      DeliveryTimes.class,
                      () -> (destination, since) -> arrived.add(destination + " " + since));
                  context.registerBean("singleDestination", Processor.class, () -> single);
                  context.registerBean("batchDestination", Processor.class, () -> batch);
                  context.registerBean(
                      "testErrors", FailureClassifier.class, () -> Failures::whileMapping);
                  context.registerBean("testMapping", Processor.class, () -> this::mapping);
                  context.registerBean("testRouting", Processor.class, () -> this::routing);
                })
            .run(
                Stream.of(
                        Stream.of(
                            "--camel.main.routes-include-pattern=classpath:component-routes/*.yaml,file:routes/set-aside.camel.yaml",
                            "--gateway.inbox.poll=50ms",
                            "--gateway.delivery.poll=50ms"),
                        this.store.settings().stream(),
                        Stream.of(settings))
                    .flatMap(some -> some)
                    .toArray(String[]::new));
  }

  @AfterEach
  void stop() {
    gateway.close();
    store.close();
  }

  private void mapping(Exchange exchange) {
    kept.add(String.valueOf(exchange.getProperty("header.X-Event")));
    fieldsWhileMapping.add(MDC.getCopyOfContextMap());
    var trouble = mappingTrouble.poll();
    if (trouble != null) {
      throw trouble;
    }
  }

  private void routing(Exchange exchange) {
    fieldsWhileRouting.add(MDC.getCopyOfContextMap());
    var trouble = routingTrouble.poll();
    if (trouble != null) {
      throw trouble;
    }
  }

  private Exchange receive(String body, String provedBy) {
    return gateway
        .getBean(ProducerTemplate.class)
        .request(
            "direct:test-receive",
            exchange -> {
              exchange.setProperty(InboxProperties.PROVIDER, "test");
              exchange.setProperty(InboxProperties.PROVED_BY, provedBy);
              exchange.getMessage().setBody(body.getBytes(StandardCharsets.UTF_8));
            });
  }

  private void accept(String body) {
    assertThat(receive(body, "current secret").getException()).isNull();
  }

  private static String event(String response, int second) {
    return """
        {"specversion": "1.0", "id": "e-%1$s-%2$d", "source": "/providers/test", "type":
         "survey.response.completed", "subject": "test:%1$s", "time": "2026-03-02T08:00:%2$02dZ",
         "dataschema": "urn:survey-gateway:survey-event:1", "data": {"key": "test:%1$s", "provider":
         "test", "id": "%1$s", "status": "completed", "survey": {"id": "s-1"}}}"""
        .formatted(response, second);
  }

  private static String items(String... items) {
    return "[" + String.join(",", items) + "]";
  }

  private static String events(int from, int to) {
    return items(
        IntStream.rangeClosed(from, to)
            .mapToObj(number -> event("r-" + number, number))
            .toArray(String[]::new));
  }

  private Condition.State condition(String destination) {
    return gateway.getBean(Destinations.class).find(destination).orElseThrow().condition().state();
  }

  private void awaitSent(Destination destination, int deliveries) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(destination.sent).hasSize(deliveries));
  }

  private long count(String sql, Object... parameters) {
    return gateway
        .getBean(Store.class)
        .read(jdbc -> jdbc.queryForObject(sql, Long.class, parameters));
  }

  private void awaitCount(long expected, String sql, Object... parameters) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(count(sql, parameters)).as(sql).isEqualTo(expected));
  }

  private void awaitState(String destination, String state, long expected) {
    awaitCount(
        expected,
        "SELECT count(*) FROM delivery WHERE destination = ? AND state = ?",
        destination,
        state);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void takesAResponseFromTheInboxToEachDestination(String store) {
    start(store);

    accept(items(event("r-1", 1), event("r-2", 2)));

    awaitState("single", "delivered", 2);
    awaitState("batch", "delivered", 2);
    awaitState("switched-off", "skipped", 2);
    awaitCount(1, "SELECT count(*) FROM inbox WHERE state = 'done' AND events = 2");
    assertThat(single.sent).containsExactlyInAnyOrder("r-1", "r-2");
    assertThat(
            count(
                "SELECT count(*) FROM delivery WHERE reason = 'switched-off is off: set"
                    + " SWITCHED_OFF_URL, or SWITCHED_OFF_TOKEN and SWITCHED_OFF_CHANNEL'"))
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void tellsHowLongEachDeliveryWasOnItsWay(String store) {
    start(store);
    gateway.getBean(Pauses.class).pause("outbox:single", "ada", null);
    accept(items(event("r-1", 1)));
    awaitState("batch", "delivered", 1);

    clock.advance(Duration.ofSeconds(90));
    gateway.getBean(Pauses.class).resume("outbox:single", "ada");

    await()
        .untilAsserted(() -> assertThat(arrived).containsExactly("batch PT0S", "single PT1M30S"));
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void givesLinesOfTheLogTheIdsOfWhatTheyAreAbout(String store) {
    var fields = new ConcurrentLinkedQueue<Map<String, String>>();
    var lines =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent line) {
            fields.add(Map.copyOf(line.getMDCPropertyMap()));
          }
        };
    var logger = (Logger) LoggerFactory.getLogger("io.surveygateway.outbox.OutboxConsumer");
    lines.start();
    // After the start, which sets logging up anew.
    start(store);
    logger.addAppender(lines);
    try {
      single.refused.put("r-2", Failure.permanent("too long"));
      batch.refused.put("r-1", Failure.permanent("too short"));

      accept(items(event("r-1", 1), event("r-2", 2)));

      awaitState("single", "parked", 1);
      awaitState("batch", "parked", 1);
    } finally {
      logger.detachAppender(lines);
    }
    var request = String.valueOf(count("SELECT id FROM request"));
    var ofRequest = Map.of("provider", "test", "request_id", request);
    assertThat(fieldsWhileMapping)
        .as("none of the event before")
        .containsExactly(ofRequest, ofRequest);
    assertThat(fieldsWhileRouting)
        .containsExactly(with(ofRequest, eventFields("r-1")), with(ofRequest, eventFields("r-2")));
    assertThat(single.fields)
        .containsExactlyInAnyOrder(
            with(ofRequest, deliveryFields("r-1", "single")),
            with(ofRequest, deliveryFields("r-2", "single")));
    assertThat(fields)
        .containsExactlyInAnyOrder(
            with(ofRequest, deliveryFields("r-2", "single")),
            with(ofRequest, deliveryFields("r-1", "batch")));
  }

  private Map<String, String> eventFields(String response) {
    var id = count("SELECT id FROM event WHERE subject = ?", "test:" + response);
    return Map.of("event_id", String.valueOf(id), "response", "test:" + response);
  }

  private Map<String, String> deliveryFields(String response, String destination) {
    var id =
        count(
            "SELECT id FROM delivery WHERE subject = ? AND destination = ?",
            "test:" + response,
            destination);
    return with(
        eventFields(response),
        Map.of("destination", destination, "delivery_id", String.valueOf(id)));
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    var all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void deliversARepeatOnce(String store) {
    start(store);

    accept(items(event("r-1", 1)));
    accept(items(event("r-1", 1)));

    awaitCount(2, "SELECT count(*) FROM inbox WHERE state = 'done'");
    awaitState("single", "delivered", 1);
    assertThat(count("SELECT count(*) FROM delivery")).isEqualTo(3);
    assertThat(single.sent).containsExactly("r-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void bringsKeptHeadersToTheMapping(String store) {
    start(store);

    gateway
        .getBean(ProducerTemplate.class)
        .send(
            "direct:test-receive",
            exchange -> {
              exchange.setProperty(InboxProperties.PROVIDER, "test");
              exchange.setProperty(InboxProperties.PROVED_BY, "current secret");
              KeptHeaders.put(exchange, Map.of("X-Event", "Très \"bien\" 👍\0" + "x".repeat(300)));
              exchange.getMessage().setBody(items(event("r-1", 1)));
            });
    accept(items(event("r-2", 2)));

    awaitState("single", "delivered", 2);
    assertThat(kept).containsExactlyInAnyOrder("Très \"bien\" 👍?" + "x".repeat(255 - 15), "null");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void storesNothingThatNoCheckHasProved(String store) {
    start(store);

    var refused = receive(items(event("r-1", 1)), null);

    assertThat(refused.getException())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("put a check-... step before inbox:test");
    assertThat(count("SELECT count(*) FROM request")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void setsAsideOneBadItemAndDeliversTheOthers(String store) {
    start(store);

    accept(items(event("r-1", 1), "{\"id\": \"no event\"}", event("r-3", 3)));

    awaitState("batch", "delivered", 2);
    awaitCount(1, "SELECT count(*) FROM inbox WHERE state = 'done' AND set_aside = 1");
    awaitCount(1, "SELECT count(*) FROM set_aside WHERE item = 1 AND reason LIKE '%required%'");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void keepsNothingOfAnItemThatTheRouterCouldNotSendOn(String store) {
    start(store);
    routingTrouble.add(new FailureException(Failure.permanent("a router that is wrong")));

    accept(items(event("r-1", 1), event("r-2", 2)));

    awaitCount(1, "SELECT count(*) FROM set_aside WHERE item = 0");
    awaitState("batch", "delivered", 1);
    assertThat(count("SELECT count(*) FROM event WHERE subject = 'test:r-1'")).isZero();
    assertThat(count("SELECT count(*) FROM delivery WHERE subject = 'test:r-1'")).isZero();

    // Mended: the same item is no repeat, and goes where it has to.
    accept(items(event("r-1", 1)));

    awaitState("batch", "delivered", 2);
    awaitState("single", "delivered", 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void setsAsideARequestThatIsNoJsonAndSaysNothingOfWhatItHeld(String store) {
    start(store);

    accept("secret words of a respondent");

    awaitCount(1, "SELECT count(*) FROM inbox WHERE state = 'done' AND set_aside = 1");
    awaitCount(
        1,
        "SELECT count(*) FROM set_aside WHERE item IS NULL AND reason = 'Expected JSON, and it stops"
            + " being JSON at line 1, column 8'");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void mapsAgainWhenTheTroubleHasPassed(String store) {
    start(store);
    mappingTrouble.add(new RuntimeException(new ConnectException("refused")));

    accept(items(event("r-1", 1), event("r-2", 2)));

    awaitCount(1, "SELECT count(*) FROM inbox WHERE state = 'retrying' AND attempts = 1");
    assertThat(count("SELECT count(*) FROM event")).isZero();
    clock.advance(Duration.ofSeconds(6));
    awaitState("single", "delivered", 2);
    assertThat(count("SELECT count(*) FROM set_aside")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void parksARequestWhoseCredentialsAreRefused(String store) {
    start(store);
    mappingTrouble.add(new FailureException(Failure.auth("The token was refused")));

    accept(items(event("r-1", 1)));

    awaitCount(
        1,
        "SELECT count(*) FROM inbox WHERE state = 'parked' AND failure_kind = 'auth' AND reason ="
            + " 'The token was refused'");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void retriesADeliveryAndParksItAfterItsLastAttempt(String store) {
    start(store);
    single.broken.put("r-1", new IllegalStateException("no answer"));

    accept(items(event("r-1", 1), event("r-2", 2)));

    awaitState("single", "retrying", 1);
    awaitState("single", "delivered", 1);
    clock.advance(Duration.ofSeconds(7));
    awaitCount(2, "SELECT count(*) FROM attempt WHERE outcome = 'retrying'");
    clock.advance(Duration.ofSeconds(13));
    awaitState("single", "parked", 1);
    awaitCount(
        1,
        "SELECT count(*) FROM delivery WHERE state = 'parked' AND attempts = 3 AND reason ="
            + " 'IllegalState: no answer'");
    awaitState("batch", "delivered", 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void deliversARetriedOneWhenItWorksAgain(String store) {
    start(store);
    single.broken.put("r-1", new IllegalStateException("no answer"));
    accept(items(event("r-1", 1)));
    awaitState("single", "retrying", 1);

    single.broken.clear();
    clock.advance(Duration.ofSeconds(7));

    awaitState("single", "delivered", 1);
    assertThat(count("SELECT attempts FROM delivery WHERE destination = 'single'")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void parksAtOnceWhatWillNeverWork(String store) {
    start(store);
    single.broken.put("r-1", new FailureException(Failure.permanent("invalid_blocks")));

    accept(items(event("r-1", 1)));

    awaitCount(
        1, "SELECT count(*) FROM delivery WHERE state = 'parked' AND reason = 'invalid_blocks'");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void letsOneBadRecordOfABatchCostOneRecord(String store) {
    start(store);
    batch.refused.put("r-2", Failure.permanent("REQUIRED_FIELD_MISSING"));

    accept(items(event("r-1", 1), event("r-2", 2), event("r-3", 3)));

    awaitState("batch", "delivered", 2);
    awaitState("batch", "parked", 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void letsOneRecordForWhichABatchIsRefusedCostOneRecord(String store) {
    start(store);
    batch.broken.put("r-2", new FailureException(Failure.permanent("JSON_PARSER_ERROR")));

    accept(items(event("r-1", 1), event("r-2", 2), event("r-3", 3)));

    awaitState("batch", "delivered", 2);
    awaitState("batch", "parked", 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void retriesAWholeBatchButWhatWasSaidOfSomeHolds(String store) {
    start(store);
    batch.refused.put("r-1", Failure.permanent("STRING_TOO_LONG"));
    batch.broken.put("r-2", new IllegalStateException("503"));

    accept(items(event("r-1", 1), event("r-2", 2), event("r-3", 3)));

    awaitState("batch", "parked", 1);
    awaitState("batch", "retrying", 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void parksAnEventThatSomebodySpoiltInTheStoreAndDeliversTheOthers(String store) {
    start(store);
    single.broken.put("r-2", new IllegalStateException("no answer"));
    accept(items(event("r-1", 1), event("r-2", 2)));
    awaitState("single", "retrying", 1);
    gateway
        .getBean(Store.class)
        .write(
            jdbc -> jdbc.update("UPDATE event SET document = 'spoilt' WHERE subject = 'test:r-2'"));

    clock.advance(Duration.ofSeconds(7));

    awaitCount(
        1,
        "SELECT count(*) FROM delivery WHERE state = 'parked' AND reason LIKE '%is no JSON in the"
            + " store%'");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void goesOnAfterARestartWithWhatWasLeft(String store) {
    start(store);
    single.broken.put("r-1", new IllegalStateException("no answer"));
    accept(items(event("r-1", 1)));
    awaitState("single", "retrying", 1);
    gateway.close();

    single.broken.clear();
    clock.advance(Duration.ofSeconds(7));
    start(store);

    awaitState("single", "delivered", 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void holdsAllBackForADestinationThatAsksForItAndBurnsNoAttempt(String store) {
    start(store);
    single.down =
        new FailureException(Failure.rateLimited("Slack answered 429", Duration.ofSeconds(30)));

    accept(events(1, 20));

    awaitState("single", "retrying", 1);
    awaitState("single", "waiting", 19);
    awaitState("batch", "delivered", 20);
    assertThat(condition("single")).isEqualTo(Condition.State.RATE_LIMITED);
    assertThat(
            count(
                "SELECT count(*) FROM delivery WHERE destination = 'single' AND attempts = 0 AND"
                    + " lease_until = 0"))
        .isEqualTo(20);

    clock.advance(Duration.ofSeconds(29));
    accept(events(21, 21));
    awaitState("batch", "delivered", 21);
    assertThat(single.sent).containsExactly("r-1");

    single.down = null;
    clock.advance(Duration.ofSeconds(8));
    awaitState("single", "delivered", 21);
    assertThat(count("SELECT max(attempts) FROM delivery WHERE destination = 'single'"))
        .isEqualTo(1);
    assertThat(single.sent).hasSize(22);
    assertThat(condition("single")).isEqualTo(Condition.State.WORKING);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void pausesWhereCredentialsAreRefusedAndHealsWhenTheyAreMended(String store) {
    start(store);
    single.down = new FailureException(Failure.auth("invalid_auth"));

    accept(events(1, 20));
    awaitState("batch", "delivered", 20);
    for (var tries = 1; tries <= 5; tries++) {
      awaitCount(tries, "SELECT count(*) FROM attempt WHERE failure_kind = 'auth'");
      awaitSent(single, tries);
      clock.advance(Duration.ofMinutes(5));
    }
    awaitCount(6, "SELECT count(*) FROM attempt WHERE failure_kind = 'auth'");

    assertThat(condition("single")).isEqualTo(Condition.State.CREDENTIALS_REFUSED);
    assertThat(count("SELECT sum(attempts) FROM delivery WHERE destination = 'single'")).isZero();
    single.down = null;
    clock.advance(Duration.ofMinutes(5));
    awaitState("single", "delivered", 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void callsADeadDestinationNowAndAgainWhileTheOtherIsServed(String store) {
    start(store);
    single.down = new IllegalStateException("no answer");

    accept(events(1, 50));

    awaitState("batch", "delivered", 50);
    awaitSent(single, 5);
    awaitState("single", "waiting", 45);
    var calls = 5;
    for (var wait : new int[] {10, 20, 40, 60, 60, 60, 60}) {
      clock.advance(Duration.ofMillis(wait * 1000 + 1));
      awaitSent(single, ++calls);
      awaitCount(calls, "SELECT count(*) FROM attempt WHERE outcome = 'retrying'");
    }
    assertThat(condition("single")).isEqualTo(Condition.State.FAILING);
    assertThat(count("SELECT sum(attempts) FROM delivery WHERE destination = 'single'"))
        .as("what tries the destination for all burns no attempt of its own")
        .isEqualTo(5);

    single.down = null;
    clock.advance(Duration.ofMillis(60_001));
    awaitState("single", "delivered", 50);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void triesADeadDestinationOfBatchesWithOneDelivery(String store) {
    start(store);
    batch.down = new IllegalStateException("503");
    for (var i = 1; i <= 5; i++) {
      accept(events(i, i));
      awaitState("batch", "retrying", i);
    }
    accept(events(6, 30));
    awaitState("single", "delivered", 30);
    assertThat(batch.sizes).containsExactly(1, 1, 1, 1, 1);

    batch.down = null;
    clock.advance(Duration.ofMillis(10_001));

    awaitState("batch", "delivered", 30);
    assertThat(batch.sizes).containsExactly(1, 1, 1, 1, 1, 1, 29);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void sendsNoFasterThanItsRateAndHoldsNothingThatWaits(String store) {
    start(store, "--gateway.delivery.destinations.single.rate=1");

    accept(events(1, 4));

    awaitState("batch", "delivered", 4);
    for (var second = 1; second <= 4; second++) {
      awaitState("single", "delivered", second);
      assertThat(single.sent).hasSize(second);
      assertThat(count("SELECT count(*) FROM delivery WHERE lease_until > 0")).isZero();
      clock.advance(Duration.ofSeconds(1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void keepsItsRateWhereABatchIsRefusedAndGoesOneByOne(String store) {
    start(store, "--gateway.delivery.destinations.batch.rate=1");
    batch.broken.put("r-2", new FailureException(Failure.permanent("JSON_PARSER_ERROR")));

    accept(events(1, 3));

    awaitState("single", "delivered", 3);
    awaitSent(batch, 2);
    for (var one = 1; one <= 3; one++) {
      clock.advance(Duration.ofSeconds(1));
      awaitCount(
          one, "SELECT count(*) FROM delivery WHERE destination = 'batch' AND finished_at > 0");
      assertThat(batch.sizes).hasSize(1 + one);
    }
    assertThat(count("SELECT count(*) FROM delivery WHERE state = 'parked'")).isEqualTo(1);
    assertThat(batch.sizes).containsExactly(3, 1, 1, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void parksWhatFailsAndIsTooOld(String store) {
    start(store, "--gateway.delivery.destinations.single.longest-age=1m");
    single.down = new IllegalStateException("no answer");
    accept(events(1, 1));
    awaitState("single", "retrying", 1);

    clock.advance(Duration.ofSeconds(61));

    awaitCount(1, "SELECT count(*) FROM delivery WHERE state = 'parked' AND attempts = 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void holdsWhatIsPausedOverARestartAndGoesOnWithFreshAge(String store) {
    start(store, "--gateway.delivery.destinations.single.longest-age=1m");
    gateway.getBean(Pauses.class).pause("outbox:single", "ada", "new fields");
    accept(events(1, 3));
    awaitState("batch", "delivered", 3);
    gateway.getBean(Pauses.class).pause("inbox:test", "ada", null);
    accept(events(4, 4));

    gateway.close();
    clock.advance(Duration.ofDays(8));
    start(store, "--gateway.delivery.destinations.single.longest-age=1m");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        gateway
                            .getBean(Destinations.class)
                            .find("single")
                            .orElseThrow()
                            .condition()
                            .words())
                    .isEqualTo("paused by ada since 2026-03-02T09:00:00Z: new fields"));
    assertThat(single.sent).isEmpty();
    awaitCount(1, "SELECT count(*) FROM inbox WHERE state = 'waiting' AND attempts = 0");
    awaitCount(
        3,
        "SELECT count(*) FROM delivery WHERE destination = 'single' AND state = 'waiting' AND"
            + " attempts = 0");

    single.down = new IllegalStateException("no answer");
    gateway.getBean(Pauses.class).resume("outbox:single", "ada");
    awaitState("single", "retrying", 3);
    single.down = null;
    gateway.getBean(Pauses.class).resume("inbox:test", "ada");
    clock.advance(Duration.ofSeconds(7));
    awaitState("single", "delivered", 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {SQLITE, POSTGRESQL})
  void triesMendedCredentialsAtOnceAfterARestart(String store) {
    start(store);
    single.down = new FailureException(Failure.auth("invalid_auth"));
    accept(events(1, 3));
    awaitState("single", "retrying", 1);

    gateway.close();
    single.down = null;
    start(store);

    awaitState("single", "delivered", 3);
  }
}
