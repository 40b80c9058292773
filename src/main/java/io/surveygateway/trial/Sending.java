package io.surveygateway.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.gson.Gson;
import com.google.gson.annotations.JsonAdapter;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.component.http.HttpConstants;
import org.jspecify.annotations.Nullable;

/**
 * What a component would send of an exchange, for a person: the message as the component reads it,
 * without headers that may hold a secret. Keeps no state.
 */
final class Sending {

  /** Names of columns, as camel-jdbc has them: {@code :?response_key}. */
  private static final Pattern PARAMETER = Pattern.compile(":\\?(\\w+)");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .build();

  private Sending() {}

  /**
   * @param uri of the endpoint, without parameters
   */
  static JsonNode of(String scheme, String uri, Map<String, Object> parameters, Exchange exchange) {
    return switch (scheme) {
      case "slack" -> json(bodyOf(exchange));
      case "salesforce" -> salesforce(parameters, exchange);
      case "jdbc", "spring-jdbc" -> rows(exchange);
      case "http", "https" -> http(uri, parameters, exchange);
      default -> anything(uri, exchange);
    };
  }

  private static ObjectNode salesforce(Map<String, Object> parameters, Exchange exchange) {
    var call = JSON.createObjectNode();
    call.put("operation", text(parameters, "operationName"));
    call.put("object", text(parameters, "sObjectName"));
    call.put("key", text(parameters, "sObjectIdName"));
    var body = json(bodyOf(exchange));
    call.set(body.isArray() ? "records" : "id", body);
    return call;
  }

  private static ObjectNode rows(Exchange exchange) {
    var sql = String.valueOf(exchange.getMessage().getBody());
    var call = JSON.createObjectNode();
    call.put("statement", withoutComments(sql));
    var names = PARAMETER.matcher(sql).results().map(found -> found.group(1)).distinct().toList();
    var given = exchange.getMessage().getHeader("CamelJdbcParameters");
    var rows = call.putArray("rows");
    for (var row :
        given instanceof List<?> list ? list : given == null ? List.of() : List.of(given)) {
      if (row instanceof Map<?, ?> columns) {
        var sent = rows.addObject();
        names.forEach(name -> sent.set(name, JSON.valueToTree(columns.get(name))));
      }
    }
    return call;
  }

  static String withoutComments(String sql) {
    return sql.replaceAll("(?m)--.*$", "").replaceAll("\\s+", " ").strip();
  }

  private static ObjectNode http(String uri, Map<String, Object> parameters, Exchange exchange) {
    var message = exchange.getMessage();
    var call = JSON.createObjectNode();
    var method = message.getHeader(HttpConstants.HTTP_METHOD, String.class);
    if (method == null) {
      method = text(parameters, "httpMethod");
    }
    call.put("method", method != null ? method : message.getBody() == null ? "GET" : "POST");
    var address = message.getHeader(HttpConstants.HTTP_URI, String.class);
    var path = message.getHeader(HttpConstants.HTTP_PATH, String.class);
    var query = message.getHeader(HttpConstants.HTTP_QUERY, String.class);
    call.put(
        "url",
        (address == null ? uri : hostOf(address))
            + (path == null ? "" : path.startsWith("/") ? path : "/" + path)
            + (query == null ? "" : "?" + namesOf(query)));
    if (!"GET".equals(method)) {
      call.put("contentType", message.getHeader("Content-Type", String.class));
      call.set("body", json(bodyOf(exchange)));
    }
    return call;
  }

  /** An address that stands in no route may hold a key behind its host. */
  private static String hostOf(String address) {
    if (address.startsWith("{")) {
      return address;
    }
    try {
      var uri = URI.create(address);
      return uri.getScheme() + "://" + uri.getHost() + "/…";
    } catch (IllegalArgumentException e) {
      return "…";
    }
  }

  /** A value may be a key. */
  private static String namesOf(String query) {
    return query.replaceAll("=[^&]*", "=…");
  }

  private static ObjectNode anything(String uri, Exchange exchange) {
    var call = JSON.createObjectNode();
    call.put("uri", uri);
    call.set("body", json(bodyOf(exchange)));
    return call;
  }

  private static @Nullable String text(Map<String, Object> parameters, String name) {
    var value = parameters.get(name);
    return value == null ? null : value.toString();
  }

  /** What streams is read, once for all. */
  private static @Nullable Object bodyOf(Exchange exchange) {
    var message = exchange.getMessage();
    if (message.getBody() instanceof InputStream || message.getBody() instanceof StreamCache) {
      message.setBody(message.getBody(byte[].class));
    }
    return message.getBody();
  }

  /** Text that is JSON as JSON, other text as text, and objects as their own writer writes them. */
  static JsonNode json(@Nullable Object body) {
    if (body == null) {
      return NullNode.getInstance();
    }
    if (body instanceof JsonNode node) {
      return node.deepCopy();
    }
    if (body instanceof byte[] bytes) {
      return parsed(new String(bytes, UTF_8));
    }
    if (body instanceof CharSequence text) {
      return parsed(text.toString());
    }
    try {
      return body.getClass().isAnnotationPresent(JsonAdapter.class)
          ? JSON.readTree(new Gson().toJson(body))
          : JSON.valueToTree(body);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return TextNode.valueOf("A " + body.getClass().getSimpleName());
    }
  }

  private static JsonNode parsed(String text) {
    if (text.startsWith("{") || text.startsWith("[")) {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException e) {
        return TextNode.valueOf(text);
      }
    }
    return TextNode.valueOf(text);
  }
}
