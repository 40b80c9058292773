package io.surveygateway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JqNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "f ~ f/0",
        ".f | g(.a; .b) ~ g/2",
        "{f: 1, g, \"h\": 2, $i, (j): k} ~ $i j/0 k/0",
        "{a: [b, c], d: {e: f}} ~ b/0 c/0 f/0",
        "{a: (b, c), d: 1} ~ b/0 c/0",
        "\"text f \\(g) \\\"h\\\" \\(\"i \\(j; k)\")\" ~ g/0 j/0 k/0",
        "1 # f ~ ``",
        "if f then . elif g then . else h end ~ f/0 g/0 h/0",
        ".[f]? // .g ~ f/0",
        "@base64 \"x\\(f)\" ~ f/0",
        ". as $x | $x + $y ~ $y",
        ". as [$a, {b: $c, d: [$e]}] | $a + $c + $e ~ ``",
        "reduce .[] as $i (0; . + $i + $j) ~ $j",
        "foreach .[] as [$i] (0; 1; f) ~ f/0",
        "label $out | break $out ~ ``",
        "def f: g; f ~ g/0",
        "def f(x): x; f(1) ~ ``",
        "def f($x): $x + x; f(1; 2) ~ f/2",
        "f(def g(a; b): a; g(1; 2)) ~ f/1",
        "f(def g: 1; g; 2) ~ f/2",
        "$ENV.HOME, $__loc__ ~ ``",
        "1e3 + 0.5e-2 ~ ``",
        "try f catch g ~ f/0 g/0",
        ". and f or (g | not) ~ f/0 g/0 not/0",
        ".. | .a.b?.c ~ ``"
      })
  void findsWhatIsUsedAndNotMade(String program, String uses) {
    assertThat(names(program)).containsExactlyInAnyOrderElementsOf(words(uses));
  }

  @Test
  void saysWhereItStands() {
    var use = JqNames.notMade("# one\n{a: 1}\n  | f(2)").get(0);

    assertThat(use.line()).isEqualTo(3);
    assertThat(use.column()).isEqualTo(5);
  }

  /** The functions that jackson-jq has written in jq itself use none that it lacks. */
  @Test
  void findsNothingInWhatJqBringsWithIt() throws IOException {
    var known = Scope.newEmptyScope();
    BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, known);
    var json = new ObjectMapper().enable(JsonParser.Feature.ALLOW_YAML_COMMENTS);
    var programs = new ArrayList<String>();
    for (JsonNode function :
        json.readTree(JsonQuery.class.getResource("jq.json")).path("functions")) {
      if (!function.path("name").asText().startsWith("@")) {
        programs.add(asDefinition(function));
      }
    }

    assertThat(programs).hasSizeGreaterThan(60);
    for (var program : programs) {
      for (var use : JqNames.notMade(program)) {
        var slash = use.name().indexOf('/');
        assertThat(slash).as(program + ": " + use).isPositive();
        var arguments = Integer.parseInt(use.name().substring(slash + 1));
        assertThat(known.getFunction(use.name().substring(0, slash), arguments))
            .as(program + ": " + use)
            .isNotNull();
      }
    }
  }

  private static String asDefinition(JsonNode function) {
    var arguments = new ArrayList<String>();
    function.path("args").forEach(argument -> arguments.add(argument.asText()));
    return "def "
        + function.path("name").asText()
        + (arguments.isEmpty() ? "" : "(" + String.join("; ", arguments) + ")")
        + ": "
        + function.path("body").asText()
        + "; .";
  }

  private static List<String> names(String program) {
    return JqNames.notMade(program).stream().map(JqNames.Use::name).toList();
  }

  private static List<String> words(String uses) {
    return uses.isBlank() ? List.of() : List.of(uses.split(" "));
  }
}
