package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.webhook.PublicPort.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What the public port answers, and where it lets a request go. */
class WebhookAnswersTest {

  private PublicPort port;
  private RawClient client;

  @BeforeEach
  void open() throws Exception {
    port = PublicPort.open();
    client = port.connect();
  }

  @AfterEach
  void close() {
    client.close();
    port.close();
  }

  @Test
  void answersExactly200AndNothingElse() {
    var reply = client.post("/webhooks/popsee", "{}").reply();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers()).isEqualTo(Map.of("content-length", "0"));
  }

  @Test
  void tellsHowLongTheSenderWaited() throws Exception {
    var before = System.nanoTime();

    client.post("/webhooks/popsee", "{}").reply();

    var answered = port.nextAnswered();
    assertThat(answered.provider()).isEqualTo("popsee");
    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.nanos()).isBetween(1L, System.nanoTime() - before);
    assertThat(port.answered()).isEmpty();
  }

  @Test
  void tellsNoTimeOfWhatWasNotLetIn() throws Exception {
    client.send("GET /webhooks/popsee HTTP/1.1\r\nHost: x\r\n\r\n").reply();
    try (var scanner = port.connect()) {
      scanner.post("/webhooks/whatever-a-scanner-tries", "{}").reply();
    }
    client.post("/webhooks/popsee", "{}").reply();

    assertThat(port.nextAnswered().status()).isEqualTo(200);
    assertThat(port.answered()).isEmpty();
  }

  @Test
  void keepsWhatAStepLeavesInTheMessageOutOfA200() {
    port.check(
        exchange -> {
          exchange.getMessage().setHeader("X-Inner", "1");
          exchange.getMessage().setHeader("Content-Type", "text/plain");
          exchange.getMessage().setBody("kept as 17");
        });

    var reply = client.post("/webhooks/popsee", "{}").reply();

    assertThat(reply.everything()).isEqualTo("200\n{content-length=0}\n");
  }

  @ParameterizedTest
  @CsvSource({
    "/webhooks/popsee, ''",
    "/webhooks/popsee/, ''",
    "/webhooks/popsee/response_completed, response_completed",
    "/webhooks/popsee/a/b/, a/b",
    "/webhooks//popsee, ''",
    "/webhooks/popsee//a, a",
    "/webhooks/popsee/x/../a, a",
    "/webhooks/nobody/../popsee/a, a",
    "/webhooks/p%6Fpsee/response%5Fcompleted, response_completed",
    "/webhooks/popsee/a%20b%00, a%20b%00",
    "/webhooks/popsee;v=1/../popsee/a?b=c, a",
    "http://elsewhere/webhooks/popsee/a, a"
  })
  void bringsARequestToItsProvider(String path, String rest) throws Exception {
    var reply = client.post(path, "{}").reply();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(port.seen().path()).isEqualTo(rest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/webhooks",
        "/webhooks/",
        "/webhooks/nobody",
        "/webhooks/Popsee",
        "/webhooks/popseeX",
        "/webhooks/popsee-2/a",
        "/webhooks/pops",
        "/webhooks/popsee;v=1",
        "/webhooks/popsee%2Fa",
        "/webhooks/popsee/../nobody",
        "/webhooks/%zz",
        "/webhooks/popsee/%",
        "/webhooks/%",
        "/webhooks/popsee/\u0000",
        "/webhooks/popsee/\u007f",
        "/WEBHOOKS/popsee",
        "/actuator/health",
        "/webhooks/../actuator/health"
      })
  void hasNothingElse(String path) {
    var reply = client.post(path, "{}").reply();

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reply.body())
        .isEqualTo(
            """
            {"type":"about:blank","title":"Not Found","status":404,"detail":"There is nothing here."}""");
    assertThat(port.sawNothing()).isTrue();
    assertThat(port.refused()).as("a scanner is no news").isEmpty();
  }

  @Test
  void tellsProvidersApartWhoseNamesBeginAlike() throws Exception {
    port.receive("pop", "").receive("popsee2", "").switchOn("pop").switchOn("popsee2");

    for (var provider : new String[] {"popsee2", "pop", "popsee"}) {
      assertThat(client.post("/webhooks/" + provider, "{}").reply().status()).isEqualTo(200);
      assertThat(port.seen().route()).isEqualTo(provider + "-receive");
    }
  }

  @Test
  void hidesAProviderThatIsOffAndTellsOperators() {
    port.providers().off("popsee", "gateway.providers.popsee.secret is empty; set POPSEE_SECRET");

    var reply = client.post("/webhooks/popsee/a", "").reply();

    assertThat(reply.status()).isEqualTo(404);
    assertThat(port.refused())
        .containsExactly(
            new Refused(
                "popsee",
                "a",
                404,
                "The provider is switched off: gateway.providers.popsee.secret is empty; set"
                    + " POPSEE_SECRET"));
    assertThat(port.sawNothing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/webhooks/popsee", "/webhooks/popsee/response_completed?a=b"})
  void answersATryOfTheAddressWithoutSideEffect(String path) {
    var get = client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").reply();
    var head = client.send("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").replyToHead();

    assertThat(get.everything()).isEqualTo("200\n{content-length=0}\n");
    assertThat(head.status()).isEqualTo(200);
    assertThat(port.sawNothing()).isTrue();
    assertThat(port.refused()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW", "post"})
  void takesNoOtherMethod(String method) {
    var reply = client.send(method + " /webhooks/popsee HTTP/1.1\r\nHost: x\r\n\r\n").reply();

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, POST");
    assertThat(port.sawNothing()).isTrue();
  }

  @Test
  void refusesWhatIsNotProvedInTheSameWordsForEveryReason() {
    port.check(
        exchange -> {
          exchange.getMessage().setHeader("X-Inner", "1");
          throw new ProofRefusedException("X-Popsee-Signature does not match the body");
        });

    var reply = client.post("/webhooks/popsee/a/b", "{}").reply();

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers())
        .isEqualTo(
            Map.of(
                "content-type", "application/problem+json",
                "www-authenticate", "Webhook realm=\"webhooks\"",
                "content-length", "109"));
    assertThat(reply.body())
        .isEqualTo(
            """
            {"type":"about:blank","title":"Unauthorized","status":401,\
            "detail":"The request does not prove who sent it."}""");
    assertThat(port.refused())
        .containsExactly(
            new Refused("popsee", "a/b", 401, "X-Popsee-Signature does not match the body"));
  }

  @Test
  void asksTheSenderToComeAgainWhenTheStoreIsAway() {
    port.check(
        exchange -> {
          throw new StoreUnavailableException(
              "The disk is full", Duration.ofSeconds(7), new IOException());
        });

    var reply = client.post("/webhooks/popsee", "{}").reply();

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("7");
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reply.body()).doesNotContain("disk");
    assertThat(port.refused()).as("the store keeps the refusals too").isEmpty();
  }

  @Test
  void asksTheSenderToComeAgainWhenSomethingIsBroken() {
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(log);
    port.check(
        exchange -> {
          throw new IllegalStateException(
              exchange.getMessage().getBody(String.class), new IOException("c4nary"));
        });

    var reply = client.post("/webhooks/popsee", "c4nary").reply();

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("30");
    assertThat(reply.body()).doesNotContain("c4nary").doesNotContain("IllegalState");
    assertThat(log.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.WARN))
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement()
        .asString()
        .startsWith(
            "A request of popsee was answered 503: java.lang.IllegalStateException at"
                + " io.surveygateway.webhook.WebhookAnswersTest")
        .contains("caused by java.io.IOException at")
        .doesNotContain("c4nary");
  }

  @Test
  void refusesWhatIsNotProvedEvenWhereTheProvidersRouteNamesNoPolicy() throws Exception {
    port.receiveWithoutPolicy("careless").switchOn("careless");
    port.check(
        exchange -> {
          throw new ProofRefusedException("no");
        });

    assertThat(client.post("/webhooks/careless", "{}").reply().status()).isEqualTo(401);
    assertThat(port.refused()).containsExactly(new Refused("careless", "", 401, "no"));
  }

  @Test
  void asksTheSenderToComeAgainWhileTheProvidersRouteIsStopped() throws Exception {
    port.camel().getRouteController().stopRoute("popsee-receive");

    var stopped = client.post("/webhooks/popsee", "{}").reply();
    port.camel().getRouteController().startRoute("popsee-receive");
    var started = client.post("/webhooks/popsee", "{}").reply();

    assertThat(stopped.status()).isEqualTo(503);
    assertThat(stopped.header("Retry-After")).isEqualTo("30");
    assertThat(started.status()).isEqualTo(200);
  }

  @Test
  void keepsTheConnectionAfterEveryAnswerToAWholeRequest() {
    assertThat(client.post("/webhooks/popsee", "1").reply().status()).isEqualTo(200);
    port.check(
        exchange -> {
          throw new ProofRefusedException("no");
        });
    assertThat(client.post("/webhooks/popsee", "2").reply().status()).isEqualTo(401);
    assertThat(client.post("/webhooks/nobody", "").reply().status()).isEqualTo(404);
    port.check(exchange -> {});
    assertThat(client.post("/webhooks/popsee", "3").reply().status()).isEqualTo(200);
  }

  @Test
  void closesTheConnectionWhereTheSenderSaysSo() {
    client.send(
        "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

    assertThat(client.reply().status()).isEqualTo(200);
    assertThat(client.untilClosed()).isEmpty();
  }

  @Test
  void leavesFurtherRequestsWithASenderWhoDoesNotWait() throws Exception {
    var goOn = new CountDownLatch(1);
    port.check(exchange -> goOn.await());
    client.post("/webhooks/popsee", "{}");
    port.seen();
    var request = "GET /webhooks/popsee HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20_000).getBytes();

    var sending =
        CompletableFuture.runAsync(
            () -> {
              for (var times = 0; times < 100; times++) {
                client.send(request);
              }
            });

    // Were they all read, then the heap would fill, and everyone else wait for their list to grow.
    assertTimeoutPreemptively(
        Duration.ofSeconds(PublicPort.PATIENCE_SECONDS),
        () -> {
          for (var times = 0; times < 200; times++) {
            try (var other = port.connect()) {
              assertThat(other.post("/webhooks/nobody", "{}").reply().status()).isEqualTo(404);
            }
          }
        });
    assertThat(sending).isNotDone();
    goOn.countDown();
    assertThat(client.reply().status()).isEqualTo(200);
  }

  @Test
  void answersRequestsThatComeBeforeTheAnswersInTheirOrder() throws Exception {
    var requests = new StringBuilder();
    for (var number = 0; number < 50; number++) {
      var body = "request " + number;
      requests
          .append("POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nContent-Length: ")
          .append(body.length())
          .append("\r\n\r\n")
          .append(body);
    }
    client.send(requests.toString());

    for (var number = 0; number < 50; number++) {
      assertThat(client.reply().status()).isEqualTo(200);
      assertThat(port.seen().text()).isEqualTo("request " + number);
    }
  }
}
