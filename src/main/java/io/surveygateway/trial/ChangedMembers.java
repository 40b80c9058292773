package io.surveygateway.trial;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Where two JSON values differ. Keeps no state. */
final class ChangedMembers {

  /** So many are told apart; one difference more is not looked for. */
  private static final int MOST = 1000;

  private ChangedMembers() {}

  /**
   * @return JSON pointers (RFC 6901) to the smallest members that differ or are in one alone; empty
   *     if nothing does
   */
  static List<String> between(JsonNode before, JsonNode after) {
    var found = new ArrayList<String>();
    compare("", before, after, found);
    return found;
  }

  private static void compare(String at, JsonNode before, JsonNode after, List<String> found) {
    if (found.size() >= MOST || before.equals(after)) {
      return;
    }
    if (before.isObject() && after.isObject()) {
      var names = new LinkedHashSet<String>();
      before.fieldNames().forEachRemaining(names::add);
      after.fieldNames().forEachRemaining(names::add);
      names.forEach(
          name -> compare(at + "/" + escaped(name), before.path(name), after.path(name), found));
    } else if (before.isArray() && after.isArray()) {
      for (var i = 0; i < Math.max(before.size(), after.size()); i++) {
        compare(at + "/" + i, before.path(i), after.path(i), found);
      }
    } else {
      found.add(at);
    }
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
