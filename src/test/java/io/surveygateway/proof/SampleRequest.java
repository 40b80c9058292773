package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request to bend: each verb gives a changed copy. */
record SampleRequest(
    byte[] body,
    List<Map.Entry<String, String>> headers,
    List<Map.Entry<String, String>> queries,
    List<Map.Entry<String, String>> fields,
    List<Map.Entry<String, String>> members)
    implements WholeRequest {

  static SampleRequest of(String body) {
    return of(body.getBytes(UTF_8));
  }

  static SampleRequest of(byte[] body) {
    return new SampleRequest(body, List.of(), List.of(), List.of(), List.of());
  }

  @Override
  public SampleRequest withBody(byte[] changed) {
    return new SampleRequest(changed, headers, queries, fields, members);
  }

  SampleRequest withBody(String changed) {
    return withBody(changed.getBytes(UTF_8));
  }

  SampleRequest withHeader(String name, String value) {
    return new SampleRequest(body, with(headers, name, value), queries, fields, members);
  }

  SampleRequest withoutHeader(String name) {
    var others = headers.stream().filter(h -> !h.getKey().equalsIgnoreCase(name)).toList();
    return new SampleRequest(body, others, queries, fields, members);
  }

  SampleRequest withQuery(String name, String value) {
    return new SampleRequest(body, headers, with(queries, name, value), fields, members);
  }

  /** A field of the body, as if it was there; the body stays as it is. */
  SampleRequest withField(String name, String value) {
    return new SampleRequest(body, headers, queries, with(fields, name, value), members);
  }

  /** A string in the body, as if it was there; the body stays as it is. */
  SampleRequest withMember(String pointer, String value) {
    return new SampleRequest(body, headers, queries, fields, with(members, pointer, value));
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
  public List<String> headerNames() {
    return headers.stream().map(Map.Entry::getKey).distinct().toList();
  }

  @Override
  public List<String> queryNames() {
    return queries.stream().map(Map.Entry::getKey).distinct().toList();
  }

  @Override
  public List<String> query(String name) {
    return values(queries, name);
  }

  @Override
  public List<byte[]> form(String name) {
    return values(fields, name).stream().map(value -> value.getBytes(UTF_8)).toList();
  }

  @Override
  public List<byte[]> json(String pointer) {
    return values(members, pointer).stream().map(value -> value.getBytes(UTF_8)).toList();
  }

  private static List<String> values(List<Map.Entry<String, String>> entries, String name) {
    return entries.stream()
        .filter(entry -> entry.getKey().equals(name))
        .map(Map.Entry::getValue)
        .toList();
  }
}
