package io.surveygateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.SettableClock;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.routes.DestinationRoute;
import io.surveygateway.standin.Answer;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.StandInRequest;
import io.surveygateway.standin.WebhookReceiverStandIn;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code routes/destinations/forward/forward.camel.yaml}, from the outbox to the wire. */
class ForwardRouteTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  // printf '%024d' 7 | base64
  private static final String NEWER = "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA3";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T10:00:00Z"));
  private final FakeDns dns = new FakeDns();
  private WebhookReceiverStandIn receiver;
  private @Nullable DestinationRoute route;

  /** Knows names that nobody else knows, and all that others know. */
  private static final class FakeDns implements DnsResolver {

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, List<String>> names =
        Map.of(
            "receiver.test", List.of("127.0.0.1"),
            "metadata.test", List.of("169.254.169.254"),
            "mixed.test", List.of("1.1.1.1", "10.0.0.5"));

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      asked.add(host);
      if (!names.containsKey(host)) {
        return SystemDefaultDnsResolver.INSTANCE.resolve(host);
      }
      var addresses = new ArrayList<InetAddress>();
      for (var address : names.get(host)) {
        addresses.add(InetAddress.getByName(address));
      }
      return addresses.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  @BeforeEach
  void startReceiver() {
    receiver = WebhookReceiverStandIn.start(clock, SECRET);
  }

  @AfterEach
  void stop() {
    if (route != null) {
      route.close();
    }
    receiver.close();
  }

  @Test
  void postsTheEventAsItIs() throws Exception {
    var thrown = deliver(receiver.url() + "/in/%C3%A4?key=a%2Fb&x={y}".replace("{y}", "%7B"));

    assertThat(thrown).isNull();
    assertThat(receiver.events()).hasSize(1);
    var request = onlyRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/in/%C3%A4");
    assertThat(request.query("key")).contains("a/b");
    assertThat(request.query("x")).contains("{");
    assertThat(request.header("Content-Type"))
        .contains("application/cloudevents+json; charset=utf-8");
    assertThat(SurveyJson.mapper().readTree(request.body())).isEqualTo(event());
  }

  @Test
  void sendsNothingBesideIt() throws Exception {
    deliver(receiver.url());

    assertThat(onlyRequest().headerNames())
        .containsExactlyInAnyOrder(
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature",
            "content-type",
            "content-length",
            "host",
            "connection",
            "user-agent");
  }

  @Test
  void letsNoHeaderSteerTheCall() throws Exception {
    route = route(receiver.url() + "/in", SECRET, true);

    route.deliver(
        event(),
        Map.of(
            "CamelHttpUri", "http://127.0.0.1:1/",
            "CamelHttpPath", "/elsewhere",
            "CamelHttpQuery", "a=b",
            "CamelHttpMethod", "GET",
            "webhook-id", "forged",
            "X-Other", "1"));

    var request = onlyRequest();
    assertThat(request).hasToString("POST /in");
    assertThat(request.query("a")).isEmpty();
    assertThat(request.headerNames()).doesNotContain("x-other");
    assertThat(receiver.events()).hasSize(1).doesNotContainKey("forged");
  }

  @ParameterizedTest
  @ValueSource(strings = {SECRET + "," + NEWER, NEWER + "," + SECRET})
  void signsByEachSecretWhileOneIsChanged(String secrets) throws Exception {
    assertThat(deliver(receiver.url(), secrets)).isNull();

    assertThat(receiver.events()).hasSize(1);
  }

  @Test
  void stopsWhereTheReceiverKnowsAnotherSecret() throws Exception {
    assertThat(failure(deliver(receiver.url(), NEWER)))
        .isEqualTo(
            Failure.auth(
                "The receiver of FORWARD_URL answered 401: it refuses us. Compare FORWARD_SECRET"
                    + " with the secret it has"));
    assertThat(receiver.events()).isEmpty();
  }

  @Test
  void sendsTheSameIdEachTimeAndALaterTime() throws Exception {
    route = route(receiver.url(), SECRET, true);
    receiver.faults().next(Fault.status(500));
    receiver.faults().next(Fault.lose());

    for (var attempt = 0; attempt < 3; attempt++) {
      route.deliver(event());
      clock.advance(Duration.ofMinutes(10));
    }

    assertThat(receiver.requests()).hasSize(3);
    assertThat(receiver.requests().stream().map(r -> r.header("webhook-id")).distinct()).hasSize(1);
    assertThat(receiver.requests().stream().map(r -> r.header("webhook-timestamp").orElseThrow()))
        .containsExactly("1772445600", "1772446200", "1772446800");
    assertThat(receiver.events()).hasSize(1);
  }

  @Test
  void sendsAnotherIdForAnotherEventAndForOneThatWasMappedAnew() throws Exception {
    route = route(receiver.url(), SECRET, true);

    route.deliver(event());
    route.deliver(event().put("id", "response.completed|other"));
    var mappedAnew = event();
    ((ObjectNode) mappedAnew.get("data")).put("status", "disqualified");
    route.deliver(mappedAnew);

    assertThat(receiver.events()).hasSize(3);
    assertThat(receiver.events().keySet()).allMatch(id -> id.matches("evt_[0-9a-f]{32}"));
  }

  @Test
  void followsNoRedirect() throws Exception {
    try (var elsewhere = WebhookReceiverStandIn.start(clock, SECRET)) {
      receiver
          .faults()
          .next(
              Fault.answer(Answer.empty(307).withHeader("Location", elsewhere.url() + "/secret")));

      assertThat(failure(deliver(receiver.url())))
          .isEqualTo(
              Failure.auth(
                  "The receiver of FORWARD_URL answered 307: it sends us elsewhere, and we do not"
                      + " follow. Set FORWARD_URL to the new address"));
      assertThat(elsewhere.requests()).isEmpty();
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void waitsAsLongAsTheReceiverAsks() throws Exception {
    receiver.faults().next(Fault.html(429).withHeader("Retry-After", "7"));

    assertThat(failure(deliver(receiver.url())))
        .isEqualTo(
            Failure.rateLimited(
                "The receiver of FORWARD_URL answered 429: too many for now",
                Duration.ofSeconds(7)));
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void repeatsNothingByItself() throws Exception {
    receiver.faults().next(Fault.drop());

    assertThat(failure(deliver(receiver.url())).kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(receiver.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1: this machine",
    "localhost, : this machine",
    "2130706433, 127.0.0.1: this machine",
    "[::1], 0:0:0:0:0:0:0:1: this machine",
    "[::ffff:127.0.0.1], 127.0.0.1: this machine",
    "[::ffff:7f00:1], 127.0.0.1: this machine",
    "0.0.0.0, 0.0.0.0: no host",
    "10.1.2.3, 10.1.2.3: private",
    "100.64.0.1, 100.64.0.1: a provider's own (carrier-grade NAT)",
    "'169.254.169.254', '169.254.169.254: link-local, where clouds keep credentials'",
    "[fd00:ec2::254], fd00:ec2:0:0:0:0:0:254: private (unique local)",
    "[fe80::1], fe80:0:0:0:0:0:0:1: link-local",
    "'metadata.test', '169.254.169.254: link-local, where clouds keep credentials'",
    "mixed.test, 10.0.0.5: private",
    "receiver.test, 127.0.0.1: this machine"
  })
  void refusesToConnectIntoOurOwnNetwork(String host, String words) throws Exception {
    var port = URI.create(receiver.url()).getPort();
    route = route("https://" + host + ":" + port + "/", SECRET, false);

    var failure = failure(route.deliver(event()).thrown());

    assertThat(failure.kind()).isEqualTo(Kind.PERMANENT);
    assertThat(failure.reason())
        .startsWith("Expected the host of FORWARD_URL to have a public address, and got ")
        .endsWith(words + ". For a network of your own, set FORWARD_ALLOW_PRIVATE=true");
    assertThat(receiver.requests()).isEmpty();
  }

  @Test
  void connectsToWhatWasLookedAtAndAsksNobodyAgain() throws Exception {
    var port = URI.create(receiver.url()).getPort();

    assertThat(deliver("http://receiver.test:" + port + "/")).isNull();

    assertThat(receiver.events()).hasSize(1);
    assertThat(dns.asked).containsExactly("receiver.test");
  }

  @Test
  void sendsNothingUnencryptedWhateverTheRouteSays() throws Exception {
    route = route("https://hooks.example.org/", SECRET, false);
    route
        .context()
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("direct:slip")
                    .errorHandler(noErrorHandler())
                    .setBody(constant("{}"))
                    .to(receiver.url() + "?httpClientConfigurer=#forwardHttp&httpMethod=POST");
              }
            });

    var exchange = route.context().createProducerTemplate().send("direct:slip", any -> {});

    assertThat(failure(exchange.getException()))
        .isEqualTo(
            Failure.permanent("Expected to forward by https, and a step of the route says http"));
    assertThat(receiver.requests()).isEmpty();
  }

  @Test
  void letsEventsWaitWhileASettingWillNotDo() throws Exception {
    assertThat(failure(deliver(receiver.url(), "whsec_short")).kind()).isEqualTo(Kind.AUTH);
    assertThat(receiver.requests()).isEmpty();
  }

  @Test
  void showsNeitherTheSecretNorASignatureNorTheAddress() throws Exception {
    route = route(receiver.url() + "/key4711", SECRET, true);
    receiver.faults().next(Fault.html(500));

    var outcome = route.deliver(event());

    var exchange = outcome.exchange();
    assertThat(exchange.getMessage().getHeaders().keySet())
        .noneMatch(name -> name.toLowerCase().startsWith("webhook-"));
    assertThat(
            exchange.getMessage().getHeaders().toString()
                + exchange.getAllProperties()
                + exchange.getVariables()
                + outcome.thrown())
        .doesNotContain(SECRET.substring(6), "v1,");
    assertThat(route.context().getEndpoints().toString()).doesNotContain("4711", "127.0.0.1");
    assertThat(failure(outcome.thrown()))
        .isEqualTo(Failure.transientFailure("The receiver of FORWARD_URL answered 500"));
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void readsNoAnswerToAnEndThatNeverComes() throws Exception {
    try (var endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var given = CompletableFuture.runAsync(() -> answerWithoutEnd(endless));

      var thrown = deliver("http://127.0.0.1:" + endless.getLocalPort() + "/");

      assertThat(thrown).isNull();
      // The one who answers learns that nobody listens.
      given.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void endsAnExchangeThatTakesTooLong() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      route =
          route(
              "http://127.0.0.1:" + silent.getLocalPort() + "/",
              SECRET,
              true,
              Duration.ofMillis(200));

      // A read that timed out would be a SocketTimeoutException, after 20 seconds.
      assertThat(failure(route.deliver(event()).thrown()))
          .isEqualTo(
              Failure.transientFailure(
                  "The receiver of FORWARD_URL was not reached, or did not answer in time:"
                      + " InterruptedIOException"));
    }
  }

  @Test
  void tellsTheOutboxWhatItNeeds() throws Exception {
    route = route("", "", false);

    assertThat(route.outboxParameters())
        .containsEntry("requires", "gateway.forward.url and gateway.forward.secret")
        .containsEntry("errors", "#forwardErrors");
    assertThat(route.context().getRouteController().getRouteStatus("forward").isStarted()).isTrue();
  }

  private static void answerWithoutEnd(ServerSocket server) {
    try (var connection = server.accept();
        OutputStream out = connection.getOutputStream()) {
      out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes());
      while (true) {
        out.write("400\r\n".getBytes());
        out.write(new byte[0x400]);
        out.write("\r\n".getBytes());
      }
    } catch (IOException gone) {
      // That is what the test waits for.
    }
  }

  private @Nullable Throwable deliver(String url) throws Exception {
    return deliver(url, SECRET);
  }

  private @Nullable Throwable deliver(String url, String secret) throws Exception {
    route = route(url, secret, true);
    return route.deliver(event()).thrown();
  }

  private Failure failure(@Nullable Throwable thrown) {
    assertThat(thrown).isNotNull();
    return new ForwardErrors(clock).classify(thrown);
  }

  private StandInRequest onlyRequest() {
    assertThat(receiver.requests()).hasSize(1);
    return receiver.requests().get(0);
  }

  private DestinationRoute route(String url, String secret, boolean allowPrivate) throws Exception {
    return route(url, secret, allowPrivate, PATIENCE);
  }

  private DestinationRoute route(String url, String secret, boolean allowPrivate, Duration whole)
      throws Exception {
    var settings = new ForwardSettings(new ForwardProperties(url, secret, allowPrivate));
    return new DestinationRoute(
        "forward",
        Map.of(),
        camel -> {
          camel.getRegistry().bind(SurveyJson.BEAN, SurveyJson.mapper());
          camel.getRegistry().bind("forwardAddress", new ForwardAddress(settings));
          camel
              .getRegistry()
              .bind("forwardHttp", new ForwardHttp(settings, clock, dns, null, whole));
        });
  }

  private static ObjectNode event() throws IOException {
    JsonNode event =
        SurveyJson.mapper()
            .readTree(
                """
                {"specversion": "1.0", "id": "response.completed|b6f1",
                 "source": "/providers/popsee", "type": "survey.response.completed",
                 "subject": "popsee:b6f1", "time": "2026-03-02T09:16:55.000Z",
                 "dataschema": "urn:survey-gateway:survey-event:1",
                 "data": {
                   "key": "popsee:b6f1", "provider": "popsee", "id": "b6f1",
                   "status": "completed", "survey": {"id": "3d0c"},
                   "answers": [
                     {"questionId": "q1", "position": 1, "value": 12.30},
                     {"questionId": "q2", "position": 2, "text": "Très bien 👍"}]}}
                """);
    return (ObjectNode) event;
  }
}
