package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stop and a start look like to those who send meanwhile. */
class WebhookStopTest {

  private final CountDownLatch goOn = new CountDownLatch(1);
  private PublicPort port;

  @BeforeEach
  void open() throws Exception {
    port = PublicPort.open();
  }

  @AfterEach
  void close() {
    goOn.countDown();
    port.close();
  }

  private CompletableFuture<Void> stopping() {
    var stopped = CompletableFuture.runAsync(() -> port.camel().stop());
    await().until(() -> port.server().door().isDraining());
    return stopped;
  }

  @Test
  void letsARequestThatIsWithItsRouteEnd() throws Exception {
    port.check(exchange -> goOn.await());
    var client = port.connect().post("/webhooks/popsee", "{}");
    port.seen();

    var stopped = stopping();
    assertThat(stopped).isNotDone();
    goOn.countDown();
    var reply = client.reply();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Connection")).isEqualTo("close");
    assertThat(client.untilClosed()).isEmpty();
    assertThat(stopped).succeedsWithin(PublicPort.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void letsARequestThatIsStillComingEnd() throws Exception {
    var client =
        port.connect()
            .send("POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{");
    await().until(() -> port.server().door().inFlight() == 1);

    var stopped = stopping();
    client.send("}");

    assertThat(client.reply().status()).isEqualTo(200);
    assertThat(port.seen().text()).isEqualTo("{}");
    assertThat(stopped).succeedsWithin(PublicPort.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void asksThoseWhoComeMeanwhileToComeAgain() throws Exception {
    port.check(exchange -> goOn.await());
    try (var first = port.connect();
        var idle = port.connect()) {
      assertThat(idle.post("/webhooks/nobody", "").reply().status()).isEqualTo(404);
      first.post("/webhooks/popsee", "{}");
      port.seen();
      stopping();

      var late = idle.post("/webhooks/popsee", "{}").reply();
      RawClient.Reply fresh;
      try (var other = port.connect()) {
        fresh = other.send("HEAD /webhooks/popsee HTTP/1.1\r\nHost: x\r\n\r\n").replyToHead();
      }

      assertThat(late.status()).isEqualTo(503);
      assertThat(late.header("Retry-After")).isEqualTo("30");
      assertThat(late.header("Connection")).isEqualTo("close");
      assertThat(idle.untilClosed()).isEmpty();
      assertThat(fresh.status()).isEqualTo(503);
      assertThat(port.sawNothing()).isTrue();
    }
  }

  @Test
  void closesThePortInTheEnd() {
    var number = port.port();
    port.camel().stop();

    assertThatThrownBy(() -> new RawClient(number)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void waitsForALimitedTime() throws Exception {
    port.close();
    port = PublicPort.open(PublicPort.with(p -> p.stopTimeout(Duration.ofMillis(200))));
    port.check(exchange -> goOn.await());
    var client = port.connect().post("/webhooks/popsee", "{}");
    port.seen();

    port.server().stop();

    assertThat(client.untilClosed()).isEmpty();
  }

  @Test
  void doesNotListenBeforeAllRoutesRun() throws Exception {
    port.close();
    var listening = new AtomicInteger(-1);
    port =
        PublicPort.prepare(PublicPort.properties())
            .withRoutePolicy(
                new RoutePolicySupport() {
                  @Override
                  public void onStart(Route route) {
                    listening.set(port.port());
                  }
                });

    port.start();

    assertThat(listening).as("port when the routes had started").hasValue(0);
    assertThat(port.port()).isPositive();
  }

  @Test
  void saysWhichPortCannotBeHad() throws Exception {
    port.close();
    try (var taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> PublicPort.open(PublicPort.with(p -> p.port(taken.getLocalPort()))))
          .rootCause()
          .isInstanceOf(java.net.BindException.class);
      assertThatThrownBy(() -> PublicPort.open(PublicPort.with(p -> p.port(taken.getLocalPort()))))
          .hasMessageContaining(
              "The public port "
                  + taken.getLocalPort()
                  + " (gateway.webhook.port) cannot be opened on 127.0.0.1: ");
    }
  }
}
