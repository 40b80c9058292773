package io.surveygateway.lint;

import io.surveygateway.lint.JqTokens.Kind;
import io.surveygateway.lint.JqTokens.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The functions and variables that a jq program uses, and those that it makes itself.
 *
 * <p>jackson-jq looks for both only when it comes to them, with a message in hand: a misspelt one
 * in a branch that no sample takes would be found by a respondent. What the program makes counts
 * for all of it, wherever it was made.
 */
final class JqNames {

  /**
   * @param name of a function with its number of arguments, {@code map/1}; of a variable with its
   *     sign, {@code $x}
   */
  record Use(String name, int line, int column) {}

  private static final Set<String> KEYWORDS =
      Set.of(
          "def", "if", "then", "elif", "else", "end", "as", "reduce", "foreach", "try", "catch",
          "label", "break", "and", "or", "import", "include", "module", "null", "true", "false",
          "__loc__");

  private final List<Token> tokens;
  private final List<Use> uses = new ArrayList<>();
  private final Set<String> made = new HashSet<>(Set.of("$ENV", "$__loc__", "$__prog_args"));

  /** Brackets that are open: ( [ { and, in {, whether a key comes next. */
  private final Deque<String> open = new ArrayDeque<>();

  private JqNames(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** What a program uses and does not make itself. */
  static List<Use> notMade(String program) {
    var names = new JqNames(JqTokens.of(program));
    names.read();
    return names.uses.stream().filter(use -> !names.made.contains(use.name())).toList();
  }

  private void read() {
    for (var i = 0; i < tokens.size(); i++) {
      var token = tokens.get(i);
      if (token.is("def")) {
        i = readDefinition(i + 1);
      } else if (token.is("as")) {
        i = readPattern(i + 1);
      } else if (token.is("label") && i + 1 < tokens.size()) {
        made.add("$" + tokens.get(++i).text());
      } else if (token.kind() == Kind.VARIABLE) {
        uses.add(new Use("$" + token.text(), token.line(), token.column()));
      } else if (token.kind() == Kind.NAME
          && !KEYWORDS.contains(token.text())
          && !token.text().contains("::")
          && !isKey(i)) {
        uses.add(new Use(token.text() + "/" + argumentsAfter(i), token.line(), token.column()));
      }
      if (token.is("{") || token.is("(") || token.is("[")) {
        open.push(token.text());
      } else if ((token.is("}") || token.is(")") || token.is("]")) && !open.isEmpty()) {
        open.pop();
      }
    }
  }

  /** In braces, what follows the opening one or a comma is a member's name. */
  private boolean isKey(int i) {
    return "{".equals(open.peek()) && (tokens.get(i - 1).is("{") || tokens.get(i - 1).is(","));
  }

  /** {@code def name(f; $x): …}; returns where its colon is. */
  private int readDefinition(int i) {
    var name = tokens.get(i).text();
    var parameters = 0;
    var at = i + 1;
    for (; at < tokens.size() && !tokens.get(at).is(":"); at++) {
      var token = tokens.get(at);
      if (token.kind() == Kind.VARIABLE) {
        made.add("$" + token.text());
      }
      if (token.kind() == Kind.VARIABLE || token.kind() == Kind.NAME) {
        made.add(token.text() + "/0");
        parameters++;
      }
    }
    made.add(name + "/" + parameters);
    return at;
  }

  /** {@code . as [$a, {b: $c}] | …}; returns where it ends. */
  private int readPattern(int i) {
    var depth = 0;
    var at = i;
    for (; at < tokens.size(); at++) {
      var token = tokens.get(at);
      if (token.kind() == Kind.VARIABLE) {
        made.add("$" + token.text());
      } else if (token.is("[") || token.is("{")) {
        depth++;
      } else if (token.is("]") || token.is("}")) {
        depth--;
      } else if (depth == 0 && (token.is("|") || token.is("("))) {
        return at - 1;
      }
    }
    return at;
  }

  private int argumentsAfter(int i) {
    if (i + 1 >= tokens.size() || !tokens.get(i + 1).is("(")) {
      return 0;
    }
    var depth = 0;
    var arguments = 1;
    for (var at = i + 1; at < tokens.size(); at++) {
      var token = tokens.get(at);
      if (token.is("(") || token.is("[") || token.is("{")) {
        depth++;
      } else if (token.is(")") || token.is("]") || token.is("}")) {
        depth--;
        if (depth == 0) {
          return arguments;
        }
      } else if (token.is(";") && depth == 1) {
        arguments++;
      } else if (token.is("def")) {
        // Its own semicolons are no separators: jump over "def f(a; b): … ;" as a whole.
        at = endOfDefinition(at);
      }
    }
    return arguments;
  }

  private int endOfDefinition(int from) {
    var depth = 0;
    for (var at = from + 1; at < tokens.size(); at++) {
      var token = tokens.get(at);
      if (token.is("def")) {
        at = endOfDefinition(at);
      } else if (token.is("(") || token.is("[") || token.is("{")) {
        depth++;
      } else if (token.is(")") || token.is("]") || token.is("}")) {
        depth--;
      } else if (token.is(";") && depth == 0) {
        return at;
      }
    }
    return tokens.size();
  }
}
