package io.surveygateway.lint;

import io.surveygateway.lint.RouteFile.Expression;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** What {@code {{…}}} and <code>${properties:…}</code> stand for. Shows no value to anyone. */
final class Settings {

  private static final int DEEPEST = 20;

  /** The innermost pair of braces. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{((?:(?!\\{\\{|}}).)*)}}");

  private static final Pattern IN_SIMPLE =
      Pattern.compile("\\$\\{(?:properties:|propertiesExist:)([^}:]+)(:[^}]*)?}");

  /** How a check is told which settings hold its secrets. */
  private static final Pattern OF_A_CHECK =
      Pattern.compile("(?<!\\{)\\{(gateway\\.[A-Za-z0-9._-]+)}(?!})");

  private final CamelContext camel;
  private final Set<String> names;

  /**
   * @param names what a template fills in itself
   */
  Settings(CamelContext camel, Set<String> names) {
    this.camel = camel;
    this.names = names;
  }

  /** The text with all of it filled in; nothing if a setting is not there. */
  Optional<String> resolve(String text) {
    var filled = text;
    for (var i = 0; i < DEEPEST; i++) {
      var found = PLACEHOLDER.matcher(filled);
      if (!found.find()) {
        return Optional.of(filled);
      }
      var value = value(found.group(1));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      filled = filled.substring(0, found.start()) + value.get() + filled.substring(found.end());
    }
    return Optional.empty();
  }

  private Optional<String> value(String placeholder) {
    if (names.contains(placeholder.replaceFirst("^[?!]", "").replaceFirst(":.*", ""))) {
      return Optional.of("<" + placeholder + ">");
    }
    try {
      // Camel itself, for its defaults, its optional ones and its functions (env:, sys:, bean: …).
      return Optional.of(camel.resolvePropertyPlaceholders("{{" + placeholder + "}}"));
    } catch (RuntimeException notThere) {
      return Optional.empty();
    }
  }

  /** Names each setting of a text that has no value and no default. */
  void check(Expression text, Report report) {
    var left = text.text();
    for (var found = PLACEHOLDER.matcher(left); found.find(); found = PLACEHOLDER.matcher(left)) {
      if (value(found.group(1)).isEmpty()) {
        sayMissing(found.group(1), "{{%s}}", "{{%s:…}}", text.place(), report);
      }
      left = left.substring(0, found.start()) + "?" + left.substring(found.end());
    }
    for (var found = IN_SIMPLE.matcher(text.text()); found.find(); ) {
      var isAsked = found.group().startsWith("${propertiesExist:");
      if (found.group(2) == null && !isAsked && value(found.group(1)).isEmpty()) {
        sayMissing(found.group(1), "${properties:%s}", "${properties:%s:…}", text.place(), report);
      }
    }
  }

  /**
   * Names each setting of a check's secrets that stands nowhere: its provider would be off for
   * good, as if only the secret were missing.
   */
  void checkSecrets(Expression text, Report report) {
    for (var found = OF_A_CHECK.matcher(text.text()); found.find(); ) {
      if (value(found.group(1)).isEmpty()) {
        report.light(
            text.place(),
            "There is no setting " + found.group(1) + ", so the provider stays off",
            "Check its spelling, or add it to application.yaml.");
      }
    }
  }

  private void sayMissing(
      String name, String written, String withDefault, Place place, Report report) {
    report.grave(
        place,
        written.formatted(name) + " has no value",
        (names.isEmpty() ? "Set " : "Add it to the kamelet's properties, set ")
            + name
            + " in application.yaml, or give it a default: "
            + withDefault.formatted(name));
  }
}
