package io.surveygateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A webhook request as a provider would send it.
 *
 * @param provider the provider's name in the gateway
 * @param path from the slash on, with the query if there is one
 * @param responseKeys what the gateway calls the responses that it is about; none for garbage
 * @param story what happened, in a few words
 */
public record SampleRequest(
    String provider,
    String path,
    Map<String, String> headers,
    byte[] body,
    List<String> responseKeys,
    String story) {

  public SampleRequest {
    headers = Map.copyOf(headers);
    responseKeys = List.copyOf(responseKeys);
  }

  /** The body as text. */
  public String text() {
    return new String(body, UTF_8);
  }

  /** The same, with a header as well, or with another value for it. */
  public SampleRequest withHeader(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new SampleRequest(provider, path, more, body, responseKeys, story);
  }
}
