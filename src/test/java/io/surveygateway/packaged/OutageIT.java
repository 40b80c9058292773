package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.Sender;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.standin.StandIn;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Salesforce and Slack are down, and everything else goes on.
 *
 * <p>System property {@code outage.minutes} makes it last, with the waits of a gateway as shipped;
 * without it they are short.
 */
class OutageIT {

  private static final double MINUTES =
      Double.parseDouble("0" + System.getProperty("outage.minutes", ""));
  private static final int REQUESTS = 200;

  /** One in so many is for Slack too, which takes one a second. */
  private static final int FOR_SLACK = 40;

  private static final int CALLS_BEFORE_BREAK = 5;

  private final Others others = new Others();
  private PackagedGateway gateway;

  @AfterEach
  void close() throws InterruptedException {
    gateway.close();
    others.close();
  }

  private static List<SampleRequest> samples() {
    return IntStream.range(0, REQUESTS)
        .mapToObj(
            n ->
                SignedSamples.smartSurvey()
                    .responseId("" + (230_000_000 + n))
                    .status(n % FOR_SLACK == 0 ? "completed" : "disqualified")
                    .signedWith(Others.SECRETS.smartSurvey())
                    .toRequest())
        .toList();
  }

  @Test
  void delaysNoAnswerAndNoOtherDestinationAndIsMadeUpFor() throws Exception {
    var wait = MINUTES > 0 ? Duration.ofSeconds(10) : Duration.ofSeconds(2);
    var environment = new HashMap<>(others.environment());
    if (MINUTES == 0) {
      environment.put("GATEWAY_DELIVERY_BREAKER_FIRSTWAIT", "2s");
      environment.put("GATEWAY_DELIVERY_BREAKER_LONGESTWAIT", "2s");
      environment.put("GATEWAY_DELIVERY_FIRSTDELAY", "200ms");
      environment.put("GATEWAY_DELIVERY_LONGESTDELAY", "1s");
    }
    gateway = new PackagedGateway(environment).unpacked().start();
    others.slack.goDown();
    others.salesforce.goDown();
    var start = System.nanoTime();

    var sender = new Sender(gateway.webhooks);
    for (var sample : samples()) {
      assertThat(sender.send(sample)).isEqualTo(200);
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> count("SELECT count(*) FROM survey_response") == REQUESTS);
    // Long enough for the breakers to have tried a few times.
    await()
        .atMost(Duration.ofMinutes(2).plusSeconds(Math.round(MINUTES * 60)))
        .until(
            () ->
                seconds(start) >= Math.max(MINUTES * 60, 3 * wait.toSeconds())
                    && isBroken(others.slack)
                    && isBroken(others.salesforce));

    // Twice: a client may repeat a call by itself when the connection breaks.
    var most = 2 * (CALLS_BEFORE_BREAK + 1 + seconds(start) / wait.toSeconds());
    var toSlack = others.slack.requests().size();
    var toSalesforce = others.salesforce.requests().size();
    System.out.printf(
        "Down for %.0f s: %d calls to Slack, %d to Salesforce, with %d deliveries waiting%n",
        seconds(start),
        toSlack,
        toSalesforce,
        count("SELECT count(*) FROM delivery WHERE destination <> 'database'"));
    assertThat(toSlack).isLessThanOrEqualTo((int) most);
    assertThat(toSalesforce).isLessThanOrEqualTo((int) most);

    others.slack.comeBack();
    others.salesforce.comeBack();
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> count("SELECT count(*) FROM delivery WHERE state <> 'delivered'") == 0);
    assertThat(others.salesforce.surveyResponses()).hasSize(REQUESTS);
    assertThat(others.slack.messages()).hasSize(REQUESTS / FOR_SLACK);
  }

  private static boolean isBroken(StandIn other) {
    return other.requests().size() >= CALLS_BEFORE_BREAK;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private long count(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(gateway.database());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
