package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What those who send see while the routes are replaced. */
class WebhookHoldTest {

  private static final Duration LONG = Duration.ofSeconds(PublicPort.PATIENCE_SECONDS);

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

  private static void assertThatItIsAskedToComeAgain(RawClient.Reply reply) {
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("2");
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void areAskedToComeAgainUntilTheRoutesAreThere() throws Exception {
    assertThat(port.server().hold(LONG)).isTrue();
    try (var client = port.connect()) {
      assertThatItIsAskedToComeAgain(client.post("/webhooks/nobody", "").reply());
      assertThatItIsAskedToComeAgain(client.post("/webhooks/popsee", "").reply());
      assertThat(port.sawNothing()).isTrue();

      port.server().release();
      await().until(() -> !port.server().door().isHeld());

      assertThat(client.post("/webhooks/popsee", "").reply().status()).isEqualTo(200);
      port.seen();
    }
  }

  @Test
  void areAnsweredByTheRouteThatTheirRequestIsWith() throws Exception {
    port.check(exchange -> goOn.await());
    try (var client = port.connect().post("/webhooks/popsee", "{}")) {
      port.seen();

      var held = CompletableFuture.supplyAsync(() -> port.server().hold(LONG));
      await().until(() -> port.server().door().isHeld());
      assertThat(held).isNotDone();
      goOn.countDown();

      assertThat(held).succeedsWithin(LONG).isEqualTo(true);
      assertThat(client.reply().status()).isEqualTo(200);
    }
  }

  @Test
  void areNotWaitedForWithoutEnd() throws Exception {
    port.check(exchange -> goOn.await());
    try (var client = port.connect().post("/webhooks/popsee", "{}")) {
      port.seen();

      assertThat(port.server().hold(Duration.ofMillis(1))).isFalse();
      goOn.countDown();

      assertThat(client.reply().status()).isEqualTo(200);
    }
  }

  @Test
  void doNotHoldUpOthersByABodyThatTakesItsTime() throws Exception {
    var half = "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{";
    try (var client = port.connect().send(half)) {
      await().until(() -> port.server().door().inFlight() == 1);

      assertThat(port.server().hold(LONG)).isTrue();
      client.send("}");

      assertThatItIsAskedToComeAgain(client.reply());
      assertThat(port.sawNothing()).isTrue();
    }
  }

  @Test
  void meetNoRouteThatIsNoLongerThere() throws Exception {
    var half = "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{";
    try (var client = port.connect().send(half)) {
      await().until(() -> port.server().door().inFlight() == 1);
      port.server().hold(LONG);
      var routes = port.camel().getRouteController();
      routes.removeAllRoutes();
      port.server().release();
      await().until(() -> !port.server().door().isHeld());
      client.send("}");

      var reply = client.reply();

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isEqualTo("30");
    }
  }
}
