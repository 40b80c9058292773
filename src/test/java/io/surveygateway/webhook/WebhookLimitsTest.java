package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.surveygateway.webhook.PublicPort.Refused;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** How much the public port takes, and what it does not take at all. */
class WebhookLimitsTest {

  private static final int LIMIT = 100;

  private PublicPort port;
  private RawClient client;

  @BeforeEach
  void open() throws Exception {
    port =
        PublicPort.open(PublicPort.with(settings -> settings.maxBody(DataSize.ofBytes(LIMIT))))
            .receive("smartsurvey", "maxBody: 32MB")
            .switchOn("smartsurvey");
    client = port.connect();
  }

  @AfterEach
  void close() {
    client.close();
    port.close();
  }

  private static String head(String provider, String length) {
    return "POST /webhooks/%s/a HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n".formatted(provider, length);
  }

  private static String chunk(int length) {
    return Integer.toHexString(length) + "\r\n" + "x".repeat(length) + "\r\n";
  }

  @Test
  void takesABodyOfExactlyTheLimit() throws Exception {
    var announced = client.post("/webhooks/popsee", "x".repeat(LIMIT)).reply();
    var chunked =
        client
            .send(head("popsee", "Transfer-Encoding: chunked"))
            .send(chunk(LIMIT - 1) + chunk(1) + "0\r\n\r\n")
            .reply();

    assertThat(announced.status()).isEqualTo(200);
    assertThat(chunked.status()).isEqualTo(200);
    assertThat(port.seen().body()).hasSize(LIMIT);
    assertThat(port.seen().body()).hasSize(LIMIT);
  }

  @Test
  void refusesAnAnnouncedBodyOverTheLimitBeforeAnyOfItCame() {
    var reply = client.send(head("popsee", "Content-Length: 101")).reply();

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.header("Connection")).isEqualTo("close");
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(client.untilClosed()).isEmpty();
    assertThat(port.sawNothing()).isTrue();
    assertThat(port.refused())
        .containsExactly(
            new Refused("popsee", "a", 413, "The body is larger than the limit of 100 bytes"));
  }

  @Test
  void refusesAChunkedBodyAsSoonAsItIsOverTheLimit() {
    client.send(head("popsee", "Transfer-Encoding: chunked")).send(chunk(LIMIT)).send("1\r\nx");

    var reply = client.reply();

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.header("Connection")).isEqualTo("close");
    assertThat(client.untilClosed()).isEmpty();
    assertThat(port.sawNothing()).isTrue();
    assertThat(port.refused())
        .containsExactly(
            new Refused("popsee", "a", 413, "The body is larger than the limit of 100 bytes"));
    assertThat(port.server().door().buffered()).isZero();
  }

  @Test
  void hearsARefusedSenderOutForAWhileSoThatTheAnswerArrives() {
    client.send(head("popsee", "Content-Length: 20000000"));
    assertThat(client.reply().status()).isEqualTo(413);

    for (var times = 0; times < 100; times++) {
      // A connection that is closed already would break under this.
      client.send("x".repeat(10_000));
    }
    assertThat(client.untilClosed()).isEmpty();
  }

  @Test
  void aSenderWhoSendsAllOfItFirstReadsWhyItIsRefused() {
    client
        .send(head("popsee", "Content-Length: 20000000"))
        .sendIfHeard("x".repeat(20_000_000).getBytes());

    assertThat(client.reply().status()).isEqualTo(413);
    assertThat(client.untilClosed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775807", "2147483648", "4294967296"})
  void refusesALengthBeyondAllNumbers(String length) {
    assertThat(client.send(head("popsee", "Content-Length: " + length)).reply().status())
        .isEqualTo(413);
  }

  @Test
  void takesAsMuchAsAProvidersKameletSays() throws Exception {
    var body = "x".repeat(32 * 1024 * 1024);

    assertThat(client.post("/webhooks/smartsurvey", body).reply().status()).isEqualTo(200);
    assertThat(port.seen().body()).hasSize(body.length());
    assertThat(
            client
                .send(head("smartsurvey", "Content-Length: " + (body.length() + 1)))
                .reply()
                .status())
        .isEqualTo(413);
  }

  @Test
  void sizesOfKameletsAreRefusedWhenTheyAreNone() {
    for (var size : new String[] {"much", "0", "-1MB", "2GB"}) {
      assertThatThrownBy(() -> port.receive("other", "maxBody: '" + size + "'"))
          .rootCause()
          .hasMessage(
              "Expected parameter maxBody of kamelet:webhook-source of other to be a size from 1B"
                  + " to 1GB such as 8MB, got "
                  + size);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Encoding: gzip",
        "Content-Encoding: GZIP",
        "content-encoding: identity, br",
        "Content-Encoding: identity\r\nContent-Encoding: deflate",
        "Content-Encoding: x"
      })
  void refusesAContentCoding(String header) {
    var reply = client.send(head("popsee", header + "\r\nContent-Length: 2") + "{}").reply();

    assertThat(reply.status()).isEqualTo(415);
    assertThat(port.sawNothing()).isTrue();
    assertThat(port.refused())
        .containsExactly(new Refused("popsee", "a", 415, "The body came in a content coding"));
  }

  @Test
  void refusesATransferCodingThatWouldHaveToBeUndone() {
    assertThat(client.send(head("popsee", "Transfer-Encoding: gzip, chunked")).reply().status())
        .isEqualTo(415);
    assertThat(port.sawNothing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "Identity", ""})
  void takesABodyThatIsSaidToBePlain(String coding) throws Exception {
    client.send(head("popsee", "Content-Encoding: " + coding + "\r\nContent-Length: 2") + "{}");

    assertThat(client.reply().status()).isEqualTo(200);
    assertThat(port.seen().text()).isEqualTo("{}");
  }

  @Test
  void asksASenderWhoWaitsForItToGoOn() throws Exception {
    client.send(head("popsee", "Expect: 100-continue\r\nContent-Length: 2"));
    assertThat(client.reply().status()).isEqualTo(100);

    client.send("{}");

    assertThat(client.reply().status()).isEqualTo(200);
    assertThat(port.seen().text()).isEqualTo("{}");
  }

  @Test
  void asksNobodyToGoOnInVain() {
    var large = client.send(head("popsee", "Expect: 100-continue\r\nContent-Length: 101")).reply();
    RawClient.Reply lost;
    try (var other = port.connect()) {
      lost = other.send(head("nobody", "Expect: 100-continue\r\nContent-Length: 2")).reply();
    }

    assertThat(large.status()).isEqualTo(413);
    assertThat(lost.status()).isEqualTo(404);
  }

  @Test
  void holdsABoundedNumberOfBytesForAllSendersTogether() throws Exception {
    port.close();
    port = PublicPort.open(withBuffer(DataSize.ofKilobytes(8)));
    var first = port.connect().send(head("popsee", "Content-Length: 5000") + "x".repeat(4999));
    await().until(() -> port.server().door().buffered() >= 4999);

    try (var second = port.connect()) {
      second.send(head("popsee", "Content-Length: 5000") + "x".repeat(5000));

      var reply = second.reply();

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isEqualTo("30");
    }
    assertThat(first.send("x").reply().status()).isEqualTo(200);
    assertThat(port.server().door().buffered()).isZero();
    first.close();
  }

  @Test
  void aLoneRequestIsTakenWhateverTheBound() throws Exception {
    port.close();
    port = PublicPort.open(withBuffer(DataSize.ofBytes(10)));
    try (var alone = port.connect()) {
      assertThat(alone.post("/webhooks/popsee", "x".repeat(50_000)).reply().status())
          .isEqualTo(200);
    }
    assertThat(port.server().door().buffered()).isZero();
  }

  @Test
  void holdsTheBytesUntilTheAnswer() throws Exception {
    var goOn = new CountDownLatch(1);
    port.check(exchange -> goOn.await());
    client.post("/webhooks/popsee", "{}");
    port.seen();

    assertThat(port.server().door().buffered()).isEqualTo(2);
    assertThat(port.server().door().inFlight()).isEqualTo(1);

    goOn.countDown();
    client.reply();
    assertThat(port.server().door().buffered()).isZero();
    assertThat(port.server().door().inFlight()).isZero();
  }

  @Test
  void closesAConnectionTooManyUnheard() throws Exception {
    port.close();
    port = PublicPort.open(PublicPort.with(properties -> properties.maxConnections(1)));
    try (var one = port.connect();
        var other = port.connect()) {
      assertThat(one.post("/webhooks/popsee", "{}").reply().status()).isEqualTo(200);
      assertThat(other.untilClosed()).isEmpty();
    }
  }

  private static WebhookProperties withBuffer(DataSize size) {
    return PublicPort.with(properties -> properties.maxBuffered(size));
  }
}
