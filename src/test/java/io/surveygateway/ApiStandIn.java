package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A provider's API, stood in for at the wire on the loopback: answers every request with what it
 * was told last, and remembers what it was asked.
 */
final class ApiStandIn implements AutoCloseable {

  /** A request as it came over the wire. */
  record Asked(String method, String pathAndQuery, Map<String, List<String>> headers) {

    String header(String name) {
      return String.join(", ", headers.getOrDefault(name, List.of()));
    }
  }

  /** What comes back; chunked, and so of unknown length, where it bears that header. */
  record Answer(int status, Map<String, String> headers, byte[] body) {

    static Answer ok(byte[] json) {
      return new Answer(200, Map.of("Content-Type", "application/json"), json);
    }

    static Answer of(int status, String json) {
      return new Answer(status, Map.of("Content-Type", "application/json"), json.getBytes(UTF_8));
    }

    Answer with(String header, String value) {
      var more = new HashMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body);
    }

    Answer chunked() {
      return with("Transfer-Encoding", "chunked");
    }

    private long length() {
      // What this server takes: 0 for unknown, -1 for none.
      return headers.containsKey("Transfer-Encoding") ? 0 : body.length == 0 ? -1 : body.length;
    }
  }

  private final HttpServer server;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Answer answer = Answer.of(501, "{}");

  ApiStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Its address, as a setting such as {@code SURVEYMONKEY_API_URL} holds it. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void answers(Answer next) {
    answer = next;
  }

  /** What it was asked since the last {@link #forget()}, oldest first. */
  List<Asked> asked() {
    return List.copyOf(asked);
  }

  void forget() {
    asked.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Map.copyOf(exchange.getRequestHeaders())));
      var now = answer;
      now.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(now.status(), now.length());
      if (now.body().length > 0) {
        exchange.getResponseBody().write(now.body());
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
