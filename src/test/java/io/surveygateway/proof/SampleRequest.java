package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request to bend: each verb gives a changed copy. */
record SampleRequest(
    byte[] body, List<Map.Entry<String, String>> headers, List<Map.Entry<String, String>> queries)
    implements SignedRequest {

  static SampleRequest of(String body) {
    return of(body.getBytes(UTF_8));
  }

  static SampleRequest of(byte[] body) {
    return new SampleRequest(body, List.of(), List.of());
  }

  SampleRequest withBody(byte[] changed) {
    return new SampleRequest(changed, headers, queries);
  }

  SampleRequest withBody(String changed) {
    return withBody(changed.getBytes(UTF_8));
  }

  SampleRequest withHeader(String name, String value) {
    return new SampleRequest(body, with(headers, name, value), queries);
  }

  SampleRequest withQuery(String name, String value) {
    return new SampleRequest(body, headers, with(queries, name, value));
  }

  private static List<Map.Entry<String, String>> with(
      List<Map.Entry<String, String>> entries, String name, String value) {
    var more = new ArrayList<>(entries);
    more.add(Map.entry(name, value));
    return List.copyOf(more);
  }

  @Override
  public List<String> header(String name) {
    return headers.stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .toList();
  }

  @Override
  public List<String> query(String name) {
    return queries.stream()
        .filter(query -> query.getKey().equals(name))
        .map(Map.Entry::getValue)
        .toList();
  }
}
