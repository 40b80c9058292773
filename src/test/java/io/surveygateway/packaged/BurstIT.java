package io.surveygateway.packaged;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.PostgresForTests;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.Sender;
import io.surveygateway.demo.SignedSamples;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** 2,000 webhooks of all providers at once, and a gateway that dies in the middle of them. */
class BurstIT {

  private static final int REQUESTS = 2000;
  private static final int SENDERS = 16;

  private final Others others = new Others();
  private PackagedGateway gateway;

  @AfterEach
  void close() throws InterruptedException {
    gateway.close();
    others.close();
  }

  /** Each response can be told by what a team reads of it in Slack. */
  private static List<SampleRequest> samples() {
    var samples = new ArrayList<SampleRequest>();
    for (var i = 0; samples.size() < REQUESTS; i++) {
      var mail = "respondent-" + i % 300 + "@example.org";
      samples.add(
          SignedSamples.popsee()
              .responseId("00000000-0000-4000-8000-%012d".formatted(i))
              .email(mail)
              .comment("Comment " + i)
              .score(i % 11)
              .signedWith(Others.SECRETS.popsee())
              .toRequest());
      samples.add(
          SignedSamples.smarterMeasure()
              .surveyId("as-" + i)
              .responseId("u-" + i)
              .callbackId("cb-" + i)
              .signedWith(Others.SECRETS.smarterMeasure())
              .toRequest());
      samples.add(
          SignedSamples.surveyMonkey()
              .responseId("" + (118_000_000_000L + i))
              .eventId("" + (10_000_000_000L + i))
              .signedWith(
                  Others.SECRETS.surveyMonkeyClientId(), Others.SECRETS.surveyMonkeyClientSecret())
              .toRequest());
      samples.add(
          SignedSamples.smartSurvey()
              .responseId("" + (230_000_000 + 2 * i))
              .email(mail)
              .comment("Remark " + 2 * i)
              .and(
                  SignedSamples.smartSurvey()
                      .responseId("" + (230_000_001 + 2 * i))
                      .comment("Remark " + (2 * i + 1)))
              .signedWith(Others.SECRETS.smartSurvey())
              .toRequest());
    }
    return samples;
  }

  /** Sends all, each again until it is answered 200, as the providers do. */
  private void send(Queue<SampleRequest> samples, CountDownLatch accepted)
      throws InterruptedException {
    var sender = new Sender(gateway.webhooks);
    for (var sample = samples.poll(); sample != null; sample = samples.poll()) {
      while (status(sender, sample) != 200) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      accepted.countDown();
    }
  }

  private static int status(Sender sender, SampleRequest sample) throws InterruptedException {
    try {
      return sender.send(sample);
    } catch (IOException e) {
      return 0;
    }
  }

  private ExecutorService sendAll(List<SampleRequest> samples, CountDownLatch accepted) {
    var queue = new ConcurrentLinkedQueue<>(samples);
    var pool = Executors.newFixedThreadPool(SENDERS);
    for (var i = 0; i < SENDERS; i++) {
      pool.submit(
          () -> {
            send(queue, accepted);
            return null;
          });
    }
    return pool;
  }

  private void arriveOnceEach(int kills, Map<String, String> environment, String database)
      throws Exception {
    var samples = samples();
    var expected = samples.stream().flatMap(sample -> sample.responseKeys().stream()).toList();
    gateway = new PackagedGateway(environment).start();
    var accepted = new CountDownLatch(samples.size());
    var pool = sendAll(samples, accepted);
    for (var kill = 1; kill <= kills; kill++) {
      var leftAtKill = samples.size() * (kills + 1 - kill) / (kills + 1);
      await().atMost(Duration.ofMinutes(2)).until(() -> accepted.getCount() <= leftAtKill);
      gateway.kill();
      gateway.start();
    }
    assertThat(accepted.await(3, TimeUnit.MINUTES)).isTrue();
    pool.shutdown();

    var url = database == null ? gateway.database() : database;
    await()
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(
                        count(
                                url,
                                "SELECT count(*) FROM delivery WHERE state IN ('waiting',"
                                    + " 'retrying') AND destination <> 'slack'")
                            + count(
                                url,
                                "SELECT count(*) FROM inbox WHERE state IN ('waiting', 'retrying')"))
                    .isZero());
    assertThat(keys(url)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(
            others.salesforce.surveyResponses().stream()
                .map(record -> record.text("Response_Key__c")))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(outcomes(url)).doesNotContainKey("parked");
    assertThat(count(url, "SELECT count(*) FROM set_aside")).isZero();
    if (kills == 0) {
      didNothingTwice(url);
    }
    assertThat(messagesOfEachResponse()).isNotEmpty().allMatch(messages -> messages <= 1 + kills);
  }

  /**
   * Rows and records have keys, and so look the same however often they were written: what was
   * tried is counted, and Slack's messages, of which each try makes one.
   */
  private void didNothingTwice(String url) throws Exception {
    // Slack takes one message a second: what waits then is left, and nothing is under way.
    gateway.stop();
    assertThat(
            count(
                url,
                "SELECT count(*) FROM delivery d WHERE destination <> 'slack' AND (attempts <> 1"
                    + " OR (SELECT count(*) FROM attempt a WHERE a.delivery_id = d.id) <> 1)"))
        .isZero();
    assertThat(
            count(
                url,
                "SELECT count(*) FROM delivery d WHERE destination = 'slack' AND"
                    + " (SELECT count(*) FROM attempt a WHERE a.delivery_id = d.id)"
                    + " <> CASE state WHEN 'delivered' THEN 1 ELSE 0 END"))
        .isZero();
    assertThat(messagesOfEachResponse())
        .hasSize(
            (int)
                count(
                    url,
                    "SELECT count(*) FROM delivery WHERE destination = 'slack' AND state ="
                        + " 'delivered'"));
  }

  /** How often each response that Slack was told of was told. */
  private Collection<Long> messagesOfEachResponse() {
    return others.slack.messages().stream()
        .collect(groupingBy(message -> message.sent().toString(), counting()))
        .values();
  }

  @Test
  void arriveOnceEachInDatabaseAndSalesforce() throws Exception {
    arriveOnceEach(0, others.environment(), null);
  }

  @Test
  void arriveOnceEachThoughTheGatewayIsKilledInTheMiddle() throws Exception {
    arriveOnceEach(1, others.environment(), null);
  }

  @Test
  void arriveOnceEachOnPostgresqlToo() throws Exception {
    var url = PostgresForTests.newDatabase();
    var environment = new HashMap<>(others.environment());
    environment.put("DATABASE_URL", url);
    arriveOnceEach(1, environment, url);
  }

  private static long count(String url, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static List<String> keys(String url) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT response_key FROM survey_response")) {
      var keys = new ArrayList<String>();
      while (rows.next()) {
        keys.add(rows.getString(1));
      }
      return keys;
    }
  }

  private static Map<String, Long> outcomes(String url) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT state, count(*) FROM delivery GROUP BY state")) {
      var outcomes = new TreeMap<String, Long>();
      while (rows.next()) {
        outcomes.put(rows.getString(1), rows.getLong(2));
      }
      return outcomes;
    }
  }
}
