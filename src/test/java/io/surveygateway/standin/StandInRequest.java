package io.surveygateway.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request that a stand-in received, read whole. */
public final class StandInRequest {

  /** Refuses what follows the value, as the other sides do. */
  static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String method;
  private final String path;
  private final Map<String, String> query;
  private final Headers headers;
  private final byte[] body;

  private StandInRequest(
      String method, String path, Map<String, String> query, Headers headers, byte[] body) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.headers = headers;
    this.body = body;
  }

  static StandInRequest read(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI();
    return new StandInRequest(
        exchange.getRequestMethod(),
        uri.getRawPath(),
        pairs(uri.getRawQuery()),
        exchange.getRequestHeaders(),
        exchange.getRequestBody().readAllBytes());
  }

  /** A request that came inside another one, as in a Salesforce composite. */
  StandInRequest inner(String method, String url, byte[] body) {
    var mark = url.indexOf('?');
    var path = mark < 0 ? url : url.substring(0, mark);
    return new StandInRequest(
        method, path, pairs(mark < 0 ? null : url.substring(mark + 1)), headers, body);
  }

  public String method() {
    return method;
  }

  /** The path as it came, percent-encoded, without the query. */
  public String path() {
    return path;
  }

  /** The path's segments, percent-decoded, without empty ones at the ends. */
  public List<String> segments() {
    return Arrays.stream(path.replaceAll("^/+|/+$", "").split("/", -1))
        .map(segment -> decode(segment.replace("+", "%2B")))
        .toList();
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }

  /** All values of a header, in the order of arrival. */
  public List<String> headers(String name) {
    return List.copyOf(headers.getOrDefault(name, List.of()));
  }

  /** The names of all headers, in lower case. */
  public Set<String> headerNames() {
    return headers.keySet().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /** The token of {@code Authorization: Bearer}; the scheme's case does not matter. */
  public Optional<String> bearer() {
    return header("Authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).trim());
  }

  /** The media type in lower case, without its parameters; empty if none was given. */
  public String mediaType() {
    return header("Content-Type").orElse("").replaceFirst(";.*", "").trim().toLowerCase();
  }

  public byte[] body() {
    return body.clone();
  }

  public String text() {
    return new String(body, UTF_8);
  }

  /** The body as JSON; empty if it is none. */
  public Optional<JsonNode> json() {
    return parse(text());
  }

  /** The body as an urlencoded form; of a name that comes twice, the last value. */
  public Map<String, String> form() {
    return pairs(text());
  }

  /** A text as JSON; empty if it is none. */
  static Optional<JsonNode> parse(String text) {
    try {
      return Optional.of(JSON.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }

  private static Map<String, String> pairs(@Nullable String encoded) {
    var pairs = new LinkedHashMap<String, String>();
    if (encoded == null || encoded.isEmpty()) {
      return pairs;
    }
    for (var pair : encoded.split("&")) {
      var equals = pair.indexOf('=');
      var name = equals < 0 ? pair : pair.substring(0, equals);
      pairs.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return pairs;
  }

  private static String decode(String encoded) {
    try {
      return URLDecoder.decode(encoded, UTF_8);
    } catch (IllegalArgumentException malformed) {
      return encoded;
    }
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
