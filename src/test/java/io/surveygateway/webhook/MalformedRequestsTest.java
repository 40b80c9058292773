package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a sender puts into a request, it is never our fault, and others are served after it. */
class MalformedRequestsTest {

  private static final Pattern STATUS = Pattern.compile("HTTP/\\S+ (\\d{3}) ");
  private static final String POST = "POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\n";
  private static final int MUTATIONS = 600;

  private static PublicPort port;

  @BeforeAll
  static void open() throws Exception {
    port = PublicPort.open(PublicPort.with(change -> change.requestTimeout(Duration.ofSeconds(5))));
    // As a check would: it reads everything that a sender can write.
    port.check(
        exchange -> {
          var request = WebhookRequest.of(exchange);
          if (request.header("X-Signature").isEmpty() && request.query("key").isEmpty()) {
            throw new ProofRefusedException("Neither header nor parameter");
          }
        });
  }

  @AfterAll
  static void close() {
    port.close();
  }

  static List<String> malformed() {
    var requests = new ArrayList<String>();
    for (var target :
        new String[] {
          "",
          "*",
          "?",
          "//",
          "/webhooks/popsee?{",
          "/webhooks/popsee?%",
          "/webhooks/popsee?%zz=%f",
          "/webhooks/popsee?key=%ff%fe&key=%00",
          "/webhooks/popsee?a=b?c=d#e",
          "/webhooks/popsee?&&==&=&;",
          "/webhooks/popsee#a",
          "/webhooks/popsee/%",
          "/webhooks/popsee/%0",
          "/webhooks/popsee/%-1",
          "/webhooks/popsee/%00%0d%0a",
          "/webhooks/popsee/\u0000",
          "/webhooks/popsee/\u00ff\u00fe",
          "/webhooks/popsee/../../../etc/passwd",
          "/webhooks/popsee/..%2f..%2f",
          "/webhooks/popsee/..;/a",
          "/webhooks/popsee;a=b;c",
          "/webhooks/{provider}",
          "/webhooks/:provider",
          "/webhooks/*",
          "webhooks/popsee",
          "popsee:443",
          "http://",
          "http:///webhooks/popsee",
          "http://[/webhooks/popsee",
          "://webhooks/popsee",
          "/" + "a".repeat(5000),
          "/webhooks/popsee?" + "a".repeat(5000)
        }) {
      requests.add("POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
      requests.add("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    for (var header :
        new String[] {
          "Content-Length: -1",
          "Content-Length: +2",
          "Content-Length: two",
          "Content-Length: ",
          "Content-Length: 2, 2",
          "Content-Length: 2\r\nContent-Length: 3",
          "Content-Length: 2\r\nContent-Length: 2",
          "Content-Length: 99999999999999999999",
          "Content-Length: 0x2",
          "Content-Length: 2\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nContent-Length: 2",
          "Transfer-Encoding: chunked, chunked",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: identity",
          "Transfer-Encoding:",
          "Transfer-Encoding: \u000bchunked",
          "Content-Type: \u0000",
          "Content-Type: \u00ff/\u00fe; =;;charset=\"",
          "Content-Type: ;charset=;charset",
          "Content-Type: multipart/form-data; boundary=",
          "Content-Type: " + "a/b;".repeat(1500),
          "Content-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 2",
          "Content-Encoding: ,,,",
          "Accept: ;q=x, */*;q=9",
          "Accept-Language: -;q=",
          "Cookie: a=b; =; \"",
          "Expect: 200-maybe\r\nContent-Length: 2",
          "Connection: close, keep-alive, x\r\nContent-Length: 2",
          "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2",
          "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
          "Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 99",
          "Host: y",
          ": no name",
          "no colon",
          " folded: yes",
          "N\u0000l: x",
          "N l: x",
          "\u00e9: \u00e9",
          "X: " + "y".repeat(9000),
          "X: y\r\n".repeat(2000) + "Z: z",
          "X-Forwarded-Proto: %\r\nForwarded: for=\"[",
          "Authorization: Basic ///",
          "Authorization: Basic"
        }) {
      requests.add(POST + header + "\r\n\r\n{}");
      requests.add("HEAD /webhooks/popsee HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n");
    }
    for (var chunks :
        new String[] {
          "",
          "\r\n",
          "-1\r\n",
          "g\r\n",
          "0",
          "0\r\n",
          "1\r\nab\r\n0\r\n\r\n",
          "2;a=\"\r\n{}\r\n0",
          "7fffffff\r\n{}",
          "ffffffffffffffff\r\n{}",
          "2\r\n{}\r\n0\r\nX\r\n\r\n",
          "2\n{}\n0\n\n",
          "2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n"
        }) {
      requests.add(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
    }
    requests.addAll(
        List.of(
            "",
            "\r\n\r\n",
            "\u0000",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "POST /webhooks/popsee\r\n\r\n",
            "POST /webhooks/popsee HTTP/0.9\r\n\r\n",
            "POST /webhooks/popsee HTTP/1.0\r\n\r\n",
            "POST /webhooks/popsee HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "POST /webhooks/popsee HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
            "POST /webhooks/popsee HTTP/1.1\r\nHost: \r\n\r\n",
            "POST /webhooks/popsee HTTP/1.1\r\nHost: a b:c:d\r\n\r\n",
            "POST /webhooks/popsee HTTP/1.1\r\nHost: [::\r\n\r\n",
            "POST /webhooks/popsee HTTP/9.9\r\nHost: x\r\n\r\n",
            "POST /webhooks/popsee HTTP/x\r\nHost: x\r\n\r\n",
            "POST  /webhooks/popsee  HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST\t/webhooks/popsee\tHTTP/1.1\r\nHost: x\r\n\r\n",
            "P\u0000ST /webhooks/popsee HTTP/1.1\r\nHost: x\r\n\r\n",
            "P\u00d6ST /webhooks/popsee HTTP/1.1\r\nHost: x\r\n\r\n",
            "X".repeat(9000) + " /webhooks/popsee HTTP/1.1\r\nHost: x\r\n\r\n",
            "CONNECT popsee:443 HTTP/1.1\r\nHost: x\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /webhooks/popsee HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}"));
    return requests;
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void noRequestIsOurFault(String request) {
    assertIsAnsweredOrDropped(request.getBytes(ISO_8859_1));
  }

  @Test
  void noMutilatedRequestIsOurFault() {
    // The same numbers at every run; a failure names its request.
    var random = new Random(20_250_101);
    var requests = malformed();
    for (var mutation = 0; mutation < MUTATIONS; mutation++) {
      var bytes = requests.get(random.nextInt(requests.size())).getBytes(ISO_8859_1);
      for (var change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      assertIsAnsweredOrDropped(bytes);
    }
  }

  private static void assertIsAnsweredOrDropped(byte[] request) {
    String answers;
    try (var client = port.connect()) {
      answers = client.sendIfHeard(request).finish().untilClosed();
    }
    var statuses = STATUS.matcher(answers).results().map(found -> found.group(1)).toList();
    assertThat(statuses)
        .as(() -> "Answers to " + new String(request, ISO_8859_1))
        .allMatch(status -> status.startsWith("2") || status.startsWith("4"));
    try (var next = port.connect()) {
      assertThat(next.post("/webhooks/popsee?key=1", "{}").reply().status()).isEqualTo(200);
    }
    assertThat(port.server().door().buffered()).isZero();
  }
}
