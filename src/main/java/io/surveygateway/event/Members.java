package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and writes members of JSON objects where null means that there is none. */
final class Members {

  private Members() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static @Nullable String text(JsonNode node, String name) {
    var member = node.path(name);
    return member.isTextual() ? member.textValue() : null;
  }

  static String requiredText(JsonNode node, String name) {
    var text = text(node, name);
    if (text == null) {
      throw missing(name);
    }
    return text;
  }

  static IllegalArgumentException missing(String name) {
    return new IllegalArgumentException(
        "Expected the member " + name + " to hold text, and it is missing or something else");
  }

  static @Nullable JsonNode value(JsonNode node, String name) {
    return node.hasNonNull(name) ? node.get(name) : null;
  }

  static @Nullable Instant instant(JsonNode node, String name) {
    var text = text(node, name);
    if (text == null) {
      return null;
    }
    var instant = Instants.parse(text);
    if (instant == null) {
      throw new IllegalArgumentException(
          "Expected the member " + name + " to hold an RFC 3339 date-time, and it does not");
    }
    return instant;
  }

  static <T> List<T> list(JsonNode node, String name, Function<JsonNode, T> read) {
    var list = new ArrayList<T>();
    if (node.path(name).isArray()) {
      node.path(name).forEach(item -> list.add(read.apply(item)));
    }
    return list;
  }

  static <T> Map<String, T> map(JsonNode node, String name, Function<JsonNode, T> read) {
    var map = new LinkedHashMap<String, T>();
    node.path(name)
        .properties()
        .forEach(member -> map.put(member.getKey(), read.apply(member.getValue())));
    return map;
  }

  static <T> Map<String, T> copy(Map<String, T> map) {
    return new LinkedHashMap<>(map);
  }

  static void put(ObjectNode node, String name, @Nullable String value) {
    if (value != null) {
      node.put(name, value);
    }
  }

  static void put(ObjectNode node, String name, @Nullable Instant value) {
    if (value != null) {
      node.put(name, Instants.format(value));
    }
  }

  static void put(ObjectNode node, String name, @Nullable JsonNode value) {
    if (value != null) {
      node.set(name, value);
    }
  }
}
