package io.surveygateway.proof;

import java.util.Locale;

/**
 * Writes JSON anew as serializers do, changing white space and escapes alone; what is no JSON gives
 * some text or other.
 */
final class JsonSpacing {

  /** How serializers put white space. */
  enum Style {
    COMPACT("without white space", "", ""),
    SPACED("with a space after each comma and colon, as Python does", "", " "),
    INDENTED("indented by two spaces", "  ", " "),
    INDENTED_BY_FOUR("indented by four spaces", "    ", " ");

    private final String words;
    private final String indent;
    private final String space;

    Style(String words, String indent, String space) {
      this.words = words;
      this.indent = indent;
      this.space = space;
    }

    String words() {
      return words;
    }
  }

  private JsonSpacing() {}

  static boolean isLikely(String text) {
    var bare = text.strip();
    return bare.startsWith("{") && bare.endsWith("}") || bare.startsWith("[") && bare.endsWith("]");
  }

  static String as(Style style, String text) {
    var out = new StringBuilder(text.length());
    var depth = 0;
    for (var at = 0; at < text.length(); at++) {
      var letter = text.charAt(at);
      switch (letter) {
        case ' ', '\t', '\r', '\n' -> {}
        case '"' -> {
          var end = endOfString(text, at);
          out.append(text, at, end);
          at = end - 1;
        }
        case '{', '[' -> {
          out.append(letter);
          depth++;
          if (isNotClosedNext(text, at)) {
            newLine(out, style, depth);
          }
        }
        case '}', ']' -> {
          depth = Math.max(0, depth - 1);
          if (out.length() > 0 && "{[".indexOf(out.charAt(out.length() - 1)) < 0) {
            newLine(out, style, depth);
          }
          out.append(letter);
        }
        case ',' -> {
          out.append(letter);
          if (style.indent.isEmpty()) {
            out.append(style.space);
          }
          newLine(out, style, depth);
        }
        case ':' -> out.append(letter).append(style.space);
        default -> out.append(letter);
      }
    }
    return out.toString();
  }

  private static void newLine(StringBuilder out, Style style, int depth) {
    if (!style.indent.isEmpty()) {
      // Deeper is no one's; and what is hostile must not grow by the square of its depth.
      out.append('\n').append(style.indent.repeat(Math.min(depth, 64)));
    }
  }

  private static boolean isNotClosedNext(String text, int at) {
    var next = at + 1;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next < text.length() && "}]".indexOf(text.charAt(next)) < 0;
  }

  /** After its closing quote, or the end of the text. */
  private static int endOfString(String text, int quote) {
    for (var at = quote + 1; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
      } else if (text.charAt(at) == '"') {
        return at + 1;
      }
    }
    return text.length();
  }

  static String slashesPlain(String text) {
    return text.replace("\\/", "/");
  }

  static String slashesEscaped(String text) {
    return text.replace("/", "\\/");
  }

  static String escaped(String text) {
    var out = new StringBuilder(text.length());
    for (var at = 0; at < text.length(); at++) {
      var letter = text.charAt(at);
      if (letter < 0x80) {
        out.append(letter);
      } else {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) letter));
      }
    }
    return out.toString();
  }

  /** Those alone that are no ASCII: the others have to be escaped. */
  static String unescaped(String text) {
    var out = new StringBuilder(text.length());
    for (var at = 0; at < text.length(); at++) {
      if (text.startsWith("\\u", at) && at + 6 <= text.length()) {
        var code = hex(text, at + 2);
        if (code >= 0x80) {
          out.append((char) code);
          at += 5;
          continue;
        }
      }
      out.append(text.charAt(at));
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
        out.append(text.charAt(at));
      }
    }
    return out.toString();
  }

  private static int hex(String text, int at) {
    var code = 0;
    for (var digit = at; digit < at + 4; digit++) {
      var value = Character.digit(text.charAt(digit), 16);
      if (value < 0) {
        return -1;
      }
      code = code << 4 | value;
    }
    return code;
  }
}
