package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.surveygateway.inbox.InboxProperties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes that a check sees are the bytes that were sent. */
class WebhookBodiesTest {

  private static final String MULTIPART =
      """
      --b\r
      Content-Disposition: form-data; name="rawRequest"\r
      \r
      {"q":"1"}\r
      --b\r
      Content-Disposition: form-data; name="file"; filename="a.bin"\r
      Content-Type: application/octet-stream\r
      \r
      \u0000\u00ff\r
      --b--\r
      """;

  private static PublicPort port;

  @BeforeAll
  static void open() throws Exception {
    port = PublicPort.open();
  }

  @AfterAll
  static void close() {
    port.close();
  }

  static Stream<Arguments> bodies() {
    var form = "application/x-www-form-urlencoded";
    return Stream.of(
        arguments("application/json", "{\"a\":\"é\"}".getBytes(UTF_8)),
        arguments("application/json", "\uFEFF{\"a\":1}".getBytes(UTF_8)),
        arguments("application/json", "{\"a\":\"é\"}".getBytes(ISO_8859_1)),
        arguments("application/json; charset=iso-8859-1", "{\"a\":\"é\"}".getBytes(ISO_8859_1)),
        arguments("application/json; charset=utf-16le", "{\"a\":1}".getBytes(UTF_16LE)),
        arguments("application/json; charset=no-such", "{}".getBytes(UTF_8)),
        arguments("application/vnd.surveymonkey.response_completed.v1+json", "{ }".getBytes(UTF_8)),
        arguments("text/xml", "<?xml version='1.0'?>\r\n<a>\t</a>\n".getBytes(UTF_8)),
        arguments("text/plain", "\r\n \n".getBytes(UTF_8)),
        arguments(form, "a=1&b=%2B+c&a=2".getBytes(UTF_8)),
        arguments(form, "a&b=&=c&&{}".getBytes(UTF_8)),
        arguments(form, "%zz=%&%".getBytes(UTF_8)),
        arguments("multipart/form-data; boundary=b", MULTIPART.getBytes(ISO_8859_1)),
        arguments("multipart/form-data", MULTIPART.getBytes(ISO_8859_1)),
        arguments("multipart/form-data; boundary=b", "--c".getBytes(ISO_8859_1)),
        arguments("application/octet-stream", new byte[] {-1, -2, 0, -128, 13, 10}),
        arguments("", "{}".getBytes(UTF_8)),
        arguments("; ;/=\"", "{}".getBytes(UTF_8)),
        arguments("application/json, text/plain", "{}".getBytes(UTF_8)),
        arguments("application/json", new byte[0]));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void takesTheRawBytesOfEveryContentType(String contentType, byte[] body) throws Exception {
    try (var client = port.connect()) {
      client
          .send("POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nContent-Type: " + contentType)
          .send("\r\nContent-Length: " + body.length + "\r\n\r\n")
          .send(body);

      assertThat(client.reply().status()).isEqualTo(200);
    }
    var seen = port.seen();
    assertThat(seen.body()).isEqualTo(body);
    assertThat(seen.request().body()).isEqualTo(body);
    assertThat(seen.properties().get(InboxProperties.CONTENT_TYPE)).isEqualTo(contentType);
  }

  @Test
  void takesABodyWithoutContentType() throws Exception {
    try (var client = port.connect()) {
      assertThat(client.post("/webhooks/popsee", "{}").reply().status()).isEqualTo(200);
    }
    assertThat(port.seen().properties()).doesNotContainKey(InboxProperties.CONTENT_TYPE);
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void takesTheRawBytesOfChunksSplitAtEveryPosition(String contentType, byte[] body)
      throws Exception {
    try (var client = port.connect()) {
      for (var split = 1; split < Math.min(body.length, 40); split++) {
        client
            .send("POST /webhooks/popsee HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n")
            .send("Content-Type: " + contentType + "\r\n\r\n")
            .send(Integer.toHexString(split) + "\r\n")
            .send(body, 0, split)
            .send("\r\n" + Integer.toHexString(body.length - split) + ";extension=\"1\"\r\n")
            .send(body, split, body.length)
            .send("\r\n0\r\nX-Trailer: 1\r\n\r\n");

        assertThat(client.reply().status()).isEqualTo(200);
        assertThat(port.seen().body()).isEqualTo(body);
      }
    }
  }

  @Test
  void takesARequestThatIsSplitAtEveryPosition() throws Exception {
    var request =
        "POST /webhooks/popsee/a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{\"a\": 12}"
            .getBytes(UTF_8);
    try (var client = port.connect()) {
      for (var split = 1; split < request.length; split++) {
        client.send(request, 0, split).send(request, split, request.length);

        assertThat(client.reply().status()).isEqualTo(200);
        assertThat(port.seen().text()).isEqualTo("{\"a\": 12}");
      }
    }
  }
}
