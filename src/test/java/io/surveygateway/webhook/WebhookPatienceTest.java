package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long the public port waits for a sender, and what is left of one who went away. */
class WebhookPatienceTest {

  private static final String HALF_A_REQUEST =
      "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n"
          + "x".repeat(10_000);

  private PublicPort port;

  @BeforeEach
  void open() throws Exception {
    port =
        PublicPort.open(
            PublicPort.with(
                properties ->
                    properties
                        .requestTimeout(Duration.ofMillis(600))
                        .idleTimeout(Duration.ofMillis(1000))));
  }

  @AfterEach
  void close() {
    port.close();
  }

  private void nothingIsLeft() {
    await()
        .untilAsserted(
            () -> {
              assertThat(port.server().door().inFlight()).isZero();
              assertThat(port.server().door().buffered()).isZero();
            });
    assertThat(port.sawNothing()).isTrue();
    try (var next = port.connect()) {
      assertThat(next.post("/webhooks/popsee", "{}").reply().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc",
        "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n",
        "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
      })
  void dropsARequestThatStopsComing(String begun) {
    try (var client = port.connect()) {
      client.send(begun);

      assertThat(client.reply().status()).isEqualTo(408);
      assertThat(client.untilClosed()).isEmpty();
    }
    nothingIsLeft();
  }

  @Test
  void dropsARequestThatTricklesForEver() {
    try (var client = port.connect()) {
      client.send(
          "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      while (!client.hasAnswer()) {
        client.sendIfHeard("1\r\nx\r\n".getBytes());
      }

      assertThat(client.reply().status()).isEqualTo(408);
    }
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "POST /webh", "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nA: b"})
  void closesAConnectionOnWhichNoRequestBegins(String begun) {
    try (var client = port.connect()) {
      client.send(begun);

      assertThat(client.untilClosed()).isEmpty();
    }
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "POST /webh"})
  void closesAnIdleConnection(String begun) throws Exception {
    try (var client = port.connect()) {
      assertThat(client.post("/webhooks/popsee", "{}").reply().status()).isEqualTo(200);
      client.send(begun);

      assertThat(client.untilClosed()).isEmpty();
    }
    port.seen();
    nothingIsLeft();
  }

  @Test
  void waitsForTheRouteAsLongAsItTakes() throws Exception {
    var goOn = new CountDownLatch(1);
    port.check(exchange -> goOn.await());
    try (var slow = port.connect();
        var idle = port.connect()) {
      slow.post("/webhooks/popsee", "{}");
      port.seen();
      // By when this one is dropped, the other would have been too if it could be.
      idle.untilClosed();
      goOn.countDown();

      assertThat(slow.reply().status()).isEqualTo(200);
    }
  }

  @Test
  void anAbandonedUploadLeavesNothingBehind() throws Exception {
    port.close();
    port = PublicPort.open();
    var client = port.connect().send(HALF_A_REQUEST);
    await().until(() -> port.server().door().buffered() >= 10_000);

    client.abort();

    nothingIsLeft();
    assertThat(port.refused()).isEmpty();
  }

  @Test
  void anUploadThatBreaksTheRulesHalfwayLeavesNothingBehind() {
    try (var client = port.connect()) {
      client.send(
          "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "2\r\n{}\r\nnot a length\r\n");

      assertThat(client.untilClosed()).isEmpty();
    }
    nothingIsLeft();
  }

  @Test
  void aSenderWhoDoesNotWaitForTheAnswerCostsNothing() throws Exception {
    var goOn = new CountDownLatch(1);
    port.check(exchange -> goOn.await());
    var client = port.connect().post("/webhooks/popsee", "{}");
    assertThat(port.seen().text()).isEqualTo("{}");

    client.abort();
    goOn.countDown();

    port.check(exchange -> {});
    nothingIsLeft();
  }
}
