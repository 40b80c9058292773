package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.PostgresForTests;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.Sender;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.StandIn;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The gateway dies at each place where something becomes lasting, starts again, and the books
 * balance: what was answered 200 is once in the database and in Salesforce, and in Slack once more
 * than that for each crash at most. Runs by profile {@code crash}.
 *
 * <p>One life after the other on the same store, each with traffic of its own, so that what one
 * crash left is what the next one finds. Some places only, unless system property {@code crash} is
 * {@code all}.
 */
class CrashIT {

  private static final int REQUESTS = 40;
  private static final int SENDERS = 4;
  private static final Duration LONGEST_LIFE = Duration.ofSeconds(90);

  /** A few lives of a few seconds each. */
  private static final List<String> SOME =
      List.of(
          "arrival:after:3",
          "step:before:2",
          "outbox-claim:after:2",
          "warehouse:after:3",
          "slack:done:5",
          "salesforce:done:2",
          "outcome:before:6");

  private static final List<String> SOME_ON_POSTGRESQL =
      List.of("arrival:after:3", "inbox-claim:after:2", "step:before:2", "slack:done:5");

  private static final List<String> ALL =
      Stream.concat(
              Stream.of("arrival", "inbox-claim", "step", "outbox-claim", "warehouse", "outcome")
                  .flatMap(commit -> Stream.of(commit + ":before:3", commit + ":after:3")),
              Stream.of(
                  "surveymonkey:asked:4",
                  "slack:asked:5",
                  "slack:done:5",
                  "salesforce:asked:2",
                  "salesforce:done:2",
                  // What a start finds of the life before, at once.
                  "inbox-claim:before:1",
                  "outcome:after:1"))
          .toList();

  private final Others others = new Others();
  private final LinkedBlockingQueue<SampleRequest> toSend = new LinkedBlockingQueue<>();
  private final List<String> sent = new ArrayList<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
  private final Instant start = Instant.parse("2026-03-02T09:00:00Z");
  private PackagedGateway gateway;
  private int number;

  @AfterEach
  void close() throws InterruptedException {
    senders.shutdownNow();
    gateway.close();
    others.close();
  }

  @Test
  void losesAndDoublesNothingOnSqlite() throws Exception {
    surviveAll(isAll() ? ALL : SOME, Map.of(), null);
  }

  @Test
  void losesAndDoublesNothingOnPostgresql() throws Exception {
    var url = PostgresForTests.newDatabase();
    surviveAll(
        isAll() ? ALL : SOME_ON_POSTGRESQL,
        // What a dead one held is free again soon.
        Map.of("DATABASE_URL", url, "GATEWAY_STORE_LEASE", "3s"),
        url);
  }

  private static boolean isAll() {
    return System.getProperty("crash", "").equals("all");
  }

  private void surviveAll(List<String> points, Map<String, String> more, String database)
      throws Exception {
    var environment = new HashMap<>(others.environment());
    environment.putAll(more);
    // Its shipped rate, one a second, is for people and Slack's own limit.
    environment.put("GATEWAY_DELIVERY_DESTINATIONS_SLACK_RATE", "1000");
    gateway = new PackagedGateway(environment);
    for (var i = 0; i < SENDERS; i++) {
      senders.submit(this::sendUntilTaken);
    }
    for (var point : points) {
      dieAt(point);
    }
    gateway.crashAt(null).start();
    await().atMost(LONGEST_LIFE).until(() -> unanswered.get() == 0);
    assertBalance(points.size(), database == null ? gateway.database() : database);
  }

  private void dieAt(String point) throws Exception {
    var parts = point.split(":");
    switch (parts[0]) {
      case "slack" -> killFrom(others.slack, "/api/chat.postMessage", parts);
      case "salesforce" -> killFrom(others.salesforce, "/composite", parts);
      case "surveymonkey" -> killFrom(others.surveyMonkey, "/responses/", parts);
      default -> gateway.crashAt(point);
    }
    gateway.launch();
    addSamples();
    assertThat(gateway.awaitEnd(LONGEST_LIFE)).as(point).isEqualTo(CrashDriver.EXIT_CODE);
    if (gateway.output().contains("Crashed at ")) {
      assertThat(gateway.output()).contains("Crashed at " + point);
    }
    gateway.crashAt(null);
    assertThat(others.slack.faults().left()).isZero();
    assertThat(others.salesforce.faults().left()).isZero();
    assertThat(others.surveyMonkey.faults().left()).isZero();
  }

  /** The other side kills it, at the request of that number, before or after doing what it asks. */
  private void killFrom(StandIn other, String path, String[] parts) {
    var requests = new AtomicInteger();
    var fault = parts[1].equals("done") ? Fault.lose() : Fault.drop();
    other
        .faults()
        .next(
            fault.when(
                request ->
                    request.path().contains(path)
                        && requests.incrementAndGet() == Integer.parseInt(parts[2])
                        && kill()));
  }

  private boolean kill() {
    try {
      gateway.kill();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of all providers, each response with a time and a person of its own. */
  private void addSamples() {
    var samples = new ArrayList<SampleRequest>();
    while (samples.size() < REQUESTS) {
      var n = ++number;
      var at = start.plusSeconds(10L * n);
      samples.add(
          SignedSamples.popsee()
              .responseId("00000000-0000-4000-8000-%012d".formatted(n))
              .email("respondent-" + n % 20 + "@example.org")
              .at(at)
              .signedWith(Others.SECRETS.popsee())
              .toRequest());
      samples.add(
          SignedSamples.smarterMeasure()
              .responseId("as-" + n)
              .callbackId("cb-" + n)
              .at(at.plusSeconds(1))
              .signedWith(Others.SECRETS.smarterMeasure())
              .toRequest());
      samples.add(
          SignedSamples.surveyMonkey()
              .responseId("" + (118_000_000_000L + n))
              .eventId("" + (10_000_000_000L + n))
              .at(at.plusSeconds(2))
              .signedWith(
                  Others.SECRETS.surveyMonkeyClientId(), Others.SECRETS.surveyMonkeyClientSecret())
              .toRequest());
      samples.add(
          SignedSamples.smartSurvey()
              .responseId("" + (230_000_000 + 2 * n))
              .at(at.plusSeconds(3))
              .and(
                  SignedSamples.smartSurvey()
                      .responseId("" + (230_000_001 + 2 * n))
                      .at(at.plusSeconds(4)))
              .signedWith(Others.SECRETS.smartSurvey())
              .toRequest());
    }
    samples.forEach(sample -> sent.addAll(sample.responseKeys()));
    unanswered.addAndGet(samples.size());
    toSend.addAll(samples);
  }

  /** As the providers do: again until it is answered 200. */
  private Void sendUntilTaken() throws InterruptedException {
    var sender = new Sender(gateway.webhooks);
    while (true) {
      var sample = toSend.take();
      while (status(sender, sample) != 200) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      unanswered.decrementAndGet();
    }
  }

  private static int status(Sender sender, SampleRequest sample) throws InterruptedException {
    try {
      return sender.send(sample);
    } catch (IOException e) {
      return 0;
    }
  }

  private void assertBalance(int crashes, String url) throws SQLException {
    await()
        .atMost(LONGEST_LIFE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              assertThat(column(url, "SELECT DISTINCT state FROM inbox")).containsExactly("done");
              assertThat(column(url, "SELECT DISTINCT state FROM delivery"))
                  .containsExactly("delivered");
            });
    assertThat(column(url, "SELECT subject FROM event")).containsExactlyInAnyOrderElementsOf(sent);
    for (var destination : List.of("database", "salesforce", "slack")) {
      assertThat(
              column(url, "SELECT subject FROM delivery WHERE destination = '" + destination + "'"))
          .as(destination)
          .containsExactlyInAnyOrderElementsOf(sent);
    }
    assertThat(column(url, "SELECT reason FROM set_aside")).isEmpty();
    assertThat(column(url, "SELECT response_key FROM survey_response"))
        .containsExactlyInAnyOrderElementsOf(sent);
    assertThat(
            others.salesforce.surveyResponses().stream()
                .map(record -> record.text("Response_Key__c")))
        .containsExactlyInAnyOrderElementsOf(sent);
    var messages = others.slack.messages();
    // Each response has its own time, which its message shows.
    assertThat(messages.stream().map(message -> message.blocks().toString()).distinct())
        .hasSize(sent.size());
    assertThat(messages).hasSizeBetween(sent.size(), sent.size() + crashes);
    System.out.printf(
        "%d crashes, %d responses, %d extra Slack messages%n",
        crashes, sent.size(), messages.size() - sent.size());
  }

  private static List<String> column(String url, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var column = new ArrayList<String>();
      while (rows.next()) {
        column.add(rows.getString(1));
      }
      return column;
    }
  }
}
