package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.inbox.InboxProperties;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing of a request comes back, and nothing but its body reaches a later step. */
class WebhookHygieneTest {

  private static final String HEADERS =
      """
      Host: c4nary\r
      Authorization: Bearer c4nary\r
      authorization: Basic YTpj\r
      Cookie: session=c4nary\r
      X-Popsee-Signature: sha256=c4nary\r
      CamelHttpResponseCode: 500\r
      camelhttpuri: http://c4nary/\r
      CamelFileName: c4nary\r
      sObjectName: c4nary\r
      breadcrumbId: c4nary\r
      Retry-After: c4nary\r
      WWW-Authenticate: c4nary\r
      Accept-Encoding: gzip, c4nary\r
      Origin: http://c4nary\r
      Upgrade: c4nary\r
      X-Forwarded-For: c4nary\r
      org.apache.camel.c4nary: c4nary\r
      Content-Type: text/c4nary\r
      """;

  private static final String QUERY =
      "?CamelHttpResponseCode=500&sObjectQuery=c4nary&Retry-After=c4nary&Content-Type=c4nary"
          + "&key=c4nary&c4nary=c4nary&{c4nary}&%zz=c4nary&=c4nary";

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

  private RawClient.Reply send(String method, String path, String more) {
    client.send(
        "%s %s%s HTTP/1.1\r\n%s%sContent-Length: 6\r\n\r\nc4nary"
            .formatted(method, path, QUERY, HEADERS, more));
    return client.reply();
  }

  @Test
  void nothingComesBackWithA200() {
    assertThat(send("POST", "/webhooks/popsee", "").everything())
        .isEqualTo("200\n{content-length=0}\n");
  }

  @Test
  void noHeaderAndNoParameterReachesALaterStep() throws Exception {
    send("POST", "/webhooks/popsee/a", "");

    var seen = port.seen();
    assertThat(seen.headers()).isEmpty();
    assertThat(seen.properties())
        .containsOnlyKeys(
            InboxProperties.PROVIDER,
            InboxProperties.PATH,
            InboxProperties.CONTENT_TYPE,
            WebhookRequest.PROPERTY,
            Exchange.TO_ENDPOINT,
            Exchange.CORRELATION_ID);
    assertThat(seen.properties().toString().replace("text/c4nary", "")).doesNotContain("c4nary");
  }

  @Test
  void theCheckReadsHeadersAndParametersBesideTheMessage() throws Exception {
    send("POST", "/webhooks/popsee", "");

    var request = port.seen().request();
    assertThat(request.header("x-popsee-signature")).containsExactly("sha256=c4nary");
    assertThat(request.header("Authorization")).isEqualTo(List.of("Bearer c4nary", "Basic YTpj"));
    assertThat(request.query("key")).containsExactly("c4nary");
    assertThat(request.query("Key")).isEmpty();
    assertThat(request.query("%zz")).containsExactly("c4nary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "401 POST /webhooks/popsee/c4nary",
        "404 POST /webhooks/c4nary/c4nary",
        "404 POST /c4nary",
        "405 C4NARY /webhooks/popsee",
        "415 POST /webhooks/popsee Content-Encoding:c4nary",
        "503 POST /webhooks/popsee/broken"
      })
  void nothingComesBackWithARefusal(String situation) {
    port.check(
        exchange -> {
          if ("broken".equals(exchange.getProperty(InboxProperties.PATH))) {
            throw new IllegalArgumentException(exchange.getMessage().getBody(String.class));
          }
          throw new ProofRefusedException("no");
        });
    var words = situation.split(" ");

    var reply = send(words[1], words[2], words.length > 3 ? words[3] + "\r\n" : "");

    assertThat(reply.status()).isEqualTo(Integer.parseInt(words[0]));
    assertThat(reply.everything()).doesNotContainIgnoringCase("c4nary");
    assertThat(reply.headers().keySet())
        .isSubsetOf(
            "content-type",
            "content-length",
            "connection",
            "www-authenticate",
            "allow",
            "retry-after");
  }

  @Test
  void whatAnEarlierRequestBroughtIsGone() throws Exception {
    send("POST", "/webhooks/popsee/a", "");
    port.seen();
    client.post("/webhooks/popsee", "2");
    assertThat(client.reply().everything()).isEqualTo("200\n{content-length=0}\n");

    var seen = port.seen();
    assertThat(seen.headers()).isEmpty();
    assertThat(seen.properties()).doesNotContainKey(InboxProperties.CONTENT_TYPE);
    assertThat(seen.path()).isEmpty();
  }
}
