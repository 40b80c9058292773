package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * What a sender is answered: a status, a few headers of ours, and a body that is empty or a short
 * problem (RFC 9457). Nothing that came with the request can get into it.
 *
 * @param headers names and values, in the order of writing
 */
record Answer(int status, Map<String, String> headers, byte[] body) {

  /** A sender that meets us in trouble or stopping comes again after so long. */
  static final Duration COME_AGAIN = Duration.ofSeconds(30);

  static final String CONTENT_TYPE = "Content-Type";
  static final String PROBLEM = "application/problem+json";
  static final String RETRY_AFTER = "Retry-After";
  private static final String WWW_AUTHENTICATE = "WWW-Authenticate";

  private static final byte[] EMPTY = new byte[0];

  /** The headers that a route can give its answer. */
  private static final String[] FROM_A_ROUTE = {CONTENT_TYPE, WWW_AUTHENTICATE, RETRY_AFTER};

  static Answer ok() {
    return new Answer(200, Map.of(), EMPTY);
  }

  /**
   * @param detail for a person; plain words without quotation marks
   */
  static Answer problem(int status, String detail) {
    return new Answer(status, Map.of(CONTENT_TYPE, PROBLEM), problemBody(status, detail));
  }

  static Answer unavailable(String detail) {
    return problem(503, detail).with(RETRY_AFTER, String.valueOf(COME_AGAIN.toSeconds()));
  }

  static Answer unproved() {
    return problem(401, "The request does not prove who sent it.")
        .with(WWW_AUTHENTICATE, "Webhook realm=\"webhooks\"");
  }

  /**
   * Reads the answer off an exchange that has been through its route. Of its message the status
   * counts, and where that is a refusal the headers of an answer and the body.
   */
  static Answer of(Exchange exchange) {
    var message = exchange.getMessage();
    var status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
    if (exchange.getException() instanceof ProofRefusedException) {
      // No policy for refusals saw it; a refusal it is all the same.
      return unproved();
    }
    if (exchange.isFailed() || status < 200 || status > 599) {
      return unavailable("The request could not be taken; send it again later.");
    }
    if (status < 400) {
      return new Answer(status, Map.of(), EMPTY);
    }
    var answer = new Answer(status, Map.of(), body(message));
    for (var name : FROM_A_ROUTE) {
      var value = message.getHeader(name, String.class);
      if (value != null) {
        answer = answer.with(name, value);
      }
    }
    return answer;
  }

  Answer with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }

  static byte[] problemBody(int status, String detail) {
    var title = HttpResponseStatus.valueOf(status).reasonPhrase();
    return """
        {"type":"about:blank","title":"%s","status":%d,"detail":"%s"}"""
        .formatted(title, status, detail)
        .getBytes(UTF_8);
  }

  private static byte[] body(Message message) {
    var body = message.getBody(byte[].class);
    return body == null ? EMPTY : body;
  }
}
