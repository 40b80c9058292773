package io.surveygateway.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a stand-in answers: status, headers, body. Immutable, but for the bytes of the body. */
public record Answer(int status, Map<String, String> headers, byte[] body) {

  public Answer {
    headers = Map.copyOf(headers);
  }

  public static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0]);
  }

  public static Answer text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text);
  }

  public static Answer html(int status, String html) {
    return of(status, "text/html; charset=utf-8", html);
  }

  public static Answer json(int status, JsonNode json) {
    return of(status, "application/json;charset=UTF-8", json.toString());
  }

  public static Answer json(int status, String json) {
    return of(status, "application/json;charset=UTF-8", json);
  }

  public Answer withHeader(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }

  public Answer withHeaders(Map<String, String> others) {
    var more = new LinkedHashMap<>(headers);
    more.putAll(others);
    return new Answer(status, more, body);
  }

  private static Answer of(int status, String type, String body) {
    return new Answer(status, Map.of("Content-Type", type), body.getBytes(UTF_8));
  }
}
