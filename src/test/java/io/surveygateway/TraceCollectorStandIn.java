package io.surveygateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * A collector of traces, stood in for at the wire on the loopback: takes OTLP by HTTP, protobuf.
 */
final class TraceCollectorStandIn implements AutoCloseable {

  /**
   * @param parent its parent's id, empty for the first of a trace
   * @param attributes text and numbers alike as text
   */
  record Traced(
      String service,
      String name,
      String trace,
      String id,
      String parent,
      Map<String, String> attributes,
      boolean isFailed) {

    String attribute(String name) {
      return attributes.getOrDefault("survey_gateway." + name, "");
    }
  }

  private final HttpServer server;
  private final List<Traced> steps = new CopyOnWriteArrayList<>();

  TraceCollectorStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Traced> steps() {
    return List.copyOf(steps);
  }

  List<Traced> steps(String name) {
    return steps.stream().filter(step -> step.name().equals(name)).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var sent = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
      for (var resource : sent.getResourceSpansList()) {
        var service = texts(resource.getResource().getAttributesList()).get("service.name");
        for (var scope : resource.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> steps.add(traced(service, span)));
        }
      }
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private static Traced traced(String service, Span span) {
    return new Traced(
        service,
        span.getName(),
        hex(span.getTraceId().toByteArray()),
        hex(span.getSpanId().toByteArray()),
        hex(span.getParentSpanId().toByteArray()),
        texts(span.getAttributesList()),
        span.getStatus().getCodeValue() == 2);
  }

  private static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }

  private static Map<String, String> texts(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                attribute ->
                    attribute.getValue().hasIntValue()
                        ? String.valueOf(attribute.getValue().getIntValue())
                        : attribute.getValue().getStringValue()));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
