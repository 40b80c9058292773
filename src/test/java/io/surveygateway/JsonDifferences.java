package io.surveygateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Where two JSON values differ, one line for each place, as a person wants to read it. */
final class JsonDifferences {

  private final List<String> lines = new ArrayList<>();

  private JsonDifferences() {}

  /**
   * @return lines such as {@code /data/status: expected "completed", got "partial"}; none where the
   *     two are equal, members of objects in any order
   */
  static List<String> between(JsonNode expected, JsonNode actual) {
    var differences = new JsonDifferences();
    differences.compare("", expected, actual);
    return differences.lines;
  }

  private void compare(String at, JsonNode expected, JsonNode actual) {
    if (expected.isObject() && actual.isObject()) {
      var names = new TreeSet<String>();
      expected.fieldNames().forEachRemaining(names::add);
      actual.fieldNames().forEachRemaining(names::add);
      names.forEach(name -> compareMember(at + "/" + name, expected.get(name), actual.get(name)));
    } else if (expected.isArray() && actual.isArray()) {
      for (var i = 0; i < Math.max(expected.size(), actual.size()); i++) {
        compareMember(at + "/" + i, expected.get(i), actual.get(i));
      }
    } else if (!expected.equals(actual)) {
      lines.add(at + ": expected " + expected + ", got " + actual);
    }
  }

  private void compareMember(String at, JsonNode expected, JsonNode actual) {
    if (expected == null) {
      lines.add(at + ": expected nothing, got " + actual);
    } else if (actual == null) {
      lines.add(at + ": expected " + expected + ", got nothing");
    } else {
      compare(at, expected, actual);
    }
  }
}
