package io.surveygateway.lint;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.CamelContext;
import org.apache.camel.language.jq.JqLanguage;

/** Names what is wrong with a jq program, by Camel's own parser and with the functions it has. */
final class JqCheck {

  private static final Pattern POSITION = Pattern.compile("line (\\d+), column (\\d+)");

  /** The parser quotes the kind of a token and then the token: {@code " "}" "} "" at line 1}. */
  private static final Pattern MET =
      Pattern.compile("Encountered \"(?: (?:\"[^\"]+\"|<[A-Z_]+>) \"(.+?) \"\"|(<EOF>)\") at");

  private final Scope functions;

  JqCheck(CamelContext camel) {
    this.functions = ((JqLanguage) camel.resolveLanguage("jq")).getRootScope();
  }

  /** A whole file. */
  void checkFile(String file, String program, Report report) {
    check(program, (line, column) -> new Place(file, line, column), report);
  }

  /** One within YAML: folded there, so that only where it begins is known. */
  void checkInline(RouteFile.Expression expression, Report report) {
    check(expression.text(), (line, column) -> expression.place(), report);
  }

  private interface Places {
    Place at(int line, int column);
  }

  private void check(String program, Places places, Report report) {
    if (program.isBlank()) {
      report.grave(places.at(1, 1), "The jq program is empty", "Write one; . hands on all.");
      return;
    }
    try {
      JsonQuery.compile(program, Versions.JQ_1_7);
    } catch (JsonQueryException | Error e) {
      if (e instanceof VirtualMachineError) {
        throw (VirtualMachineError) e;
      }
      saySyntax(e, places, report);
      return;
    }
    for (var use : JqNames.notMade(program)) {
      if (use.name().startsWith("$")) {
        report.grave(
            places.at(use.line(), use.column()),
            "jq has no variable " + use.name(),
            "Bind it before it is used: … as " + use.name() + " | …");
      } else {
        checkFunction(use, places, report);
      }
    }
  }

  private void checkFunction(JqNames.Use use, Places places, Report report) {
    var slash = use.name().indexOf('/');
    var name = use.name().substring(0, slash);
    var arguments = Integer.parseInt(use.name().substring(slash + 1));
    if (functions.getFunction(name, arguments) != null) {
      return;
    }
    var others = numbersOfArguments(name);
    report.grave(
        places.at(use.line(), use.column()),
        "jq has no function " + use.name() + " (" + arguments + " arguments)",
        others.isEmpty()
            ? Nearest.remedy(name, names(), "Define it: def " + name + ": …;")
            : "Give "
                + name
                + " as many arguments as it takes: "
                + String.join(" or ", others)
                + ".");
  }

  private List<String> numbersOfArguments(String name) {
    return new TreeSet<>(functions.getLocalFunctions().keySet())
        .stream()
            .filter(key -> key.startsWith(name + "/"))
            .map(key -> key.substring(name.length() + 1))
            .toList();
  }

  private Set<String> names() {
    return functions.getLocalFunctions().keySet().stream()
        .map(key -> key.replaceFirst("/.*", ""))
        .collect(Collectors.toSet());
  }

  private static void saySyntax(Throwable thrown, Places places, Report report) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    var words = String.valueOf(cause.getMessage());
    var position = POSITION.matcher(words);
    var place =
        position.find()
            ? places.at(Integer.parseInt(position.group(1)), Integer.parseInt(position.group(2)))
            : places.at(1, 1);
    var met = MET.matcher(words);
    var token = met.find() ? Objects.requireNonNullElse(met.group(1), "<EOF>") : "";
    report.grave(
        place,
        "This is no jq"
            + (token.equals("<EOF>")
                ? ": it ends too early"
                : token.isEmpty() ? "" : ": '" + token + "' was not expected"),
        token.equals("<EOF>")
            ? "Look for a bracket, a text or an if that is not closed (if … then … else … end)."
            : "Look at what stands before it: a comma, a pipe or an end is missing mostly.");
  }
}
