package io.surveygateway.routes;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * What Kaoto makes of a file that it opens and saves: the comments at its head, and the rest
 * written anew by the npm package {@code yaml} ({@code stringify(parse(text), {schema:
 * 'yaml-1.1'})}).
 *
 * <p>That package as far as routes need it: {@code stringifyString.js} and {@code foldFlowLines.js}
 * of 2.9.1, for maps, lists and scalars. Source of the comments: KaotoIO/kaoto, {@code
 * packages/ui/src/utils/yaml-comments.ts}. {@link KaotoFormTest} compares it with the package
 * itself where that is at hand.
 */
public final class KaotoForm {

  private static final int WIDTH = 80;
  private static final int NARROWEST = 20;

  /** What cannot stand without quotation marks. */
  private static final Pattern NOT_PLAIN =
      Pattern.compile(
          "^[\\n\\t ,\\[\\]{}#&*!|>'\"%@`]|^[?-]$|^[?-][ \\t]|[\\n:][ \\t]|[ \\t]\\n|[\\n\\t ]#"
              + "|[\\n\\t :]\\z");

  /** What YAML 1.1 would not read as a text. */
  private static final Pattern NO_TEXT =
      Pattern.compile(
          "(?:~|[Nn]ull|NULL)?"
              + "|Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF"
              + "|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+"
              + "|[-+]?\\.(?:inf|Inf|INF)|\\.nan|\\.NaN|\\.NAN"
              + "|[-+]?(?:[0-9][0-9_]*)?(?:\\.[0-9_]*)?[eE][-+]?[0-9]+"
              + "|[-+]?(?:[0-9][0-9_]*)?\\.[0-9_]*"
              + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?"
              + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[tT]|[ \\t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}"
              + "(?:\\.[0-9]+)?(?:[ \\t]*(?:Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?");

  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");

  private KaotoForm() {}

  public static String of(String text) {
    var settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    return head(text) + node(new Load(settings).loadFromString(text), "", null) + "\n";
  }

  /** Blank lines and comments, up to the first that is neither. */
  private static String head(String text) {
    var head = new StringBuilder();
    for (var line : text.split("\n", -1)) {
      if (!line.isBlank() && !line.strip().startsWith("#")) {
        break;
      }
      var comment = line.replaceFirst("^(\\s*)#+", "$1");
      head.append(comment.isBlank() ? "" : "#" + comment).append('\n');
    }
    return head.toString();
  }

  /**
   * @param first columns that its first line gives away, or null
   */
  private static String node(@Nullable Object node, String indent, @Nullable Integer first) {
    if (node instanceof Map<?, ?> map && !map.isEmpty()) {
      var pairs = new ArrayList<String>();
      map.forEach((key, value) -> pairs.add(pair(String.valueOf(key), value, indent)));
      return String.join("\n" + indent, pairs);
    }
    if (node instanceof List<?> list && !list.isEmpty()) {
      var items = list.stream().map(item -> "- " + node(item, indent + "  ", null)).toList();
      return String.join("\n" + indent, items);
    }
    return node instanceof Map ? "{}" : node instanceof List ? "[]" : scalar(node, indent, first);
  }

  private static String pair(String key, @Nullable Object value, String indent) {
    var name = (isPlain(key) ? key : quoted(key, "", null, false)) + ":";
    var isBlock =
        value instanceof Map<?, ?> map && !map.isEmpty()
            || value instanceof List<?> list && !list.isEmpty();
    var inner = indent + "  ";
    return name
        + (isBlock
            ? "\n" + inner + node(value, inner, null)
            : " " + node(value, inner, name.length() + 1));
  }

  private static String scalar(@Nullable Object value, String indent, @Nullable Integer first) {
    if (value instanceof String text) {
      return text(text, indent, first);
    }
    if (value instanceof Double number) {
      return new BigDecimal(String.valueOf(number)).stripTrailingZeros().toPlainString();
    }
    return String.valueOf(value);
  }

  private static String text(String text, String indent, @Nullable Integer first) {
    if (CONTROL.matcher(text).find()) {
      throw new UnsupportedOperationException("A control character in a route: " + text);
    }
    if (text.contains("\n")) {
      return lines(text, indent);
    }
    return isPlain(text) ? fold(text, indent, first, false) : quoted(text, indent, first, true);
  }

  private static boolean isPlain(String text) {
    return !NOT_PLAIN.matcher(text).find() && !NO_TEXT.matcher(text).matches();
  }

  private static String quoted(String text, String indent, @Nullable Integer first, boolean folds) {
    if (text.contains("\"") && !text.contains("'")) {
      var single = "'" + text + "'";
      return folds ? fold(single, indent, first, false) : single;
    }
    var escaped =
        "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t") + "\"";
    return folds ? fold(escaped, indent, first, true) : escaped;
  }

  /** A text of several lines, as {@code |} has it. */
  private static String lines(String text, String indent) {
    var body = text.replaceFirst("\\n+\\z", "");
    var end = text.substring(body.length());
    var isTooLong = body.lines().anyMatch(line -> line.length() > WIDTH - indent.length());
    if (isTooLong || end.length() > 1 || body.isBlank() || body.matches("(?s)[ \\n].*|.*[ \\t]")) {
      throw new UnsupportedOperationException(
          "A text of several lines that Kaoto would fold; put it into a file: " + text);
    }
    return (end.isEmpty() ? "|-" : "|")
        + "\n"
        + indent
        + body.replaceAll("\\n+", "$0" + indent)
        + "";
  }

  /** Breaks a long text at blanks; one in double quotation marks anywhere, if there is none. */
  private static String fold(
      String text, String indent, @Nullable Integer first, boolean isEscaped) {
    var step = Math.max(1 + NARROWEST, 1 + WIDTH - indent.length());
    if (text.length() <= step) {
      return text;
    }
    var folds = new ArrayList<Integer>();
    var within = new ArrayList<Integer>();
    var end = WIDTH - indent.length();
    if (first != null) {
      if (first > WIDTH - Math.max(2, NARROWEST)) {
        folds.add(0);
      } else {
        end = WIDTH - first;
      }
    }
    var split = -1;
    var previous = '\0';
    var escapeFrom = -1;
    var escapeTo = -1;
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (isEscaped && c == '\\') {
        escapeFrom = i;
        i++;
        escapeTo = i;
      }
      var next = i + 1 < text.length() ? text.charAt(i + 1) : '\0';
      if (c == ' ' && previous != '\0' && !isBlank(previous) && next != '\0' && !isBlank(next)) {
        split = i;
      }
      if (i >= end) {
        if (split > 0) {
          folds.add(split);
          end = split + step;
          split = -1;
        } else if (isEscaped) {
          while (isBlank(previous)) {
            previous = c;
            i++;
            c = i < text.length() ? text.charAt(i) : '\0';
          }
          var at = i > escapeTo + 1 ? i - 2 : escapeFrom - 1;
          if (within.contains(at)) {
            return text;
          }
          folds.add(at);
          within.add(at);
          end = at + step;
          split = -1;
        }
      }
      previous = c;
    }
    return folds.isEmpty() ? text : folded(text, indent, folds, within);
  }

  private static String folded(
      String text, String indent, List<Integer> folds, List<Integer> within) {
    var lines = new StringBuilder(text.substring(0, folds.get(0)));
    for (var i = 0; i < folds.size(); i++) {
      int fold = folds.get(i);
      var end = i + 1 < folds.size() ? folds.get(i + 1) : text.length();
      if (fold == 0) {
        lines.append('\n').append(indent).append(text, 0, end);
      } else {
        if (within.contains(fold)) {
          lines.append(text.charAt(fold)).append('\\');
        }
        lines.append('\n').append(indent).append(text, fold + 1, end);
      }
    }
    return lines.toString();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
