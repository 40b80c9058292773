package io.surveygateway.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Map;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** To the same effect as jq's own. */
class QuickJqTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String EVERY_KIND =
      """
      [null, true, false, 0, 1.50, "", " \\t\\n", "text", "Ünï", "a1b22", [], [1, [2], "x"], {},
       {"a": {"b": [1, 2]}, "c": null}]
      """;

  /** What it gives of the values of every kind, or that it fails. */
  private static String outcome(String jq, Map<String, Function> more) throws Exception {
    var scope = Scope.newEmptyScope();
    BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, scope);
    more.forEach(scope::addFunction);
    var query = JsonQuery.compile(jq, Versions.JQ_1_7);
    var out = new ArrayList<String>();
    for (var in : JSON.readTree(EVERY_KIND)) {
      try {
        query.apply(Scope.newChildScope(scope), in, value -> out.add(value.toString()));
      } catch (JsonQueryException | RuntimeException e) {
        out.add("fails");
      }
    }
    return String.join(" ", out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select(.)",
        "select(true, false, null, 1)",
        "select(type == \"string\" and (test(\"\\\\S\") | not))",
        "[.. | select(type == \"number\")]",
        "[.[]? | objects, arrays, strings, numbers]",
        "objects // arrays // strings // numbers // \"none\"",
        "[values, scalars, iterables]",
        "test(\"[0-9]+\")",
        "test(\"B\"; \"i\")",
        "test([\"B\", \"i\"])",
        "test(\"a\", \"b\")",
        "test(1)",
        "test([])",
        "test([\"B\"])",
        "test([\"B\", null])",
        "test(null, \"B\")",
        "try test({}) catch .",
        "path(values)",
        "[.[]? | values]",
        "test(\"(\")",
        "[match(\"[0-9]+\"; \"g\").string]",
        "[paths(type == \"number\")]",
        "del(.[]? | select(. == null))",
        "[.[]? | select(. != null)] |= .",
        "path(select(. != null))",
        "path(.. | objects)",
        "to_entries? // \"no object\"",
        "with_entries(select(.value != null))?",
      })
  void givesTheSame(String jq) throws Exception {
    assertThat(outcome(jq, QuickJq.functions())).isEqualTo(outcome(jq, Map.of()));
  }
}
