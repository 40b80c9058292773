package io.surveygateway.console;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lines of comma-separated values (RFC 4180), safe to be opened by a spreadsheet.
 *
 * <p>A cell that a spreadsheet would take for a formula gets an apostrophe in front. Source: OWASP,
 * "CSV Injection".
 */
final class Csv {

  private static final Pattern FORMULA = Pattern.compile("^[\\s\\p{Cntrl}]*[=+\\-@\\t\\r＝＋－＠]");

  private Csv() {}

  static String line(@Nullable String... cells) {
    return Stream.of(cells).map(Csv::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String cell(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    var safe = FORMULA.matcher(text).lookingAt() ? "'" + text : text;
    return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? '"' + safe.replace("\"", "\"\"") + '"'
        : safe;
  }
}
