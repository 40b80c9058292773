package io.surveygateway.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The tokens of a jq program that its parser has taken. Comments are left out; of a text with parts
 * put in, {@code "\(…)"}, the parts stand as if they were in brackets of their own.
 */
final class JqTokens {

  /** What a token is. */
  enum Kind {
    NAME,
    VARIABLE,
    FIELD,
    TEXT,
    OTHER
  }

  /**
   * @param text a name without its sign: {@code x} of {@code $x}
   * @param line from 1
   * @param column from 1
   */
  record Token(Kind kind, String text, int line, int column) {

    boolean is(String other) {
      return kind == Kind.OTHER && text.equals(other) || kind == Kind.NAME && text.equals(other);
    }
  }

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)*");

  private final String program;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int lineStart;

  private JqTokens(String program) {
    this.program = program;
  }

  static List<Token> of(String program) {
    var tokens = new JqTokens(program);
    tokens.readUntil('\0');
    return List.copyOf(tokens.tokens);
  }

  /** Reads up to the bracket that closes what is being read, or to the end. */
  private void readUntil(char closing) {
    var depth = 0;
    while (at < program.length()) {
      var c = program.charAt(at);
      if (c == closing && depth == 0) {
        return;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == '#') {
        while (at < program.length() && program.charAt(at) != '\n') {
          at++;
        }
      } else if (c == '"') {
        readText();
      } else if (Character.isWhitespace(c)) {
        step();
      } else if (c == '$' && nameAt(at + 1) > 0) {
        take(Kind.VARIABLE, at + 1, nameAt(at + 1));
      } else if (c == '.' && nameAt(at + 1) > 0) {
        take(Kind.FIELD, at + 1, nameAt(at + 1));
      } else if (c == '@' && nameAt(at + 1) > 0) {
        take(Kind.OTHER, at, 1 + nameAt(at + 1));
      } else if (nameAt(at) > 0) {
        take(Kind.NAME, at, nameAt(at));
      } else if (Character.isDigit(c)) {
        var number =
            Pattern.compile("[0-9.]+(?:[eE][+-]?[0-9]+)?")
                .matcher(program)
                .region(at, program.length());
        take(Kind.OTHER, at, number.lookingAt() ? number.end() - at : 1);
      } else {
        take(Kind.OTHER, at, 1);
      }
    }
  }

  private void readText() {
    add(Kind.TEXT, "\"");
    step();
    while (at < program.length() && program.charAt(at) != '"') {
      if (program.startsWith("\\(", at)) {
        at++;
        add(Kind.OTHER, "(");
        step();
        readUntil(')');
        add(Kind.OTHER, ")");
      } else if (program.charAt(at) == '\\') {
        step();
      }
      step();
    }
    step();
  }

  private int nameAt(int from) {
    var name = NAME.matcher(program).region(Math.min(from, program.length()), program.length());
    return name.lookingAt() ? name.end() - name.start() : 0;
  }

  private void take(Kind kind, int from, int length) {
    add(kind, program.substring(from, from + length));
    at = from + length;
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line, at - lineStart + 1));
  }

  private void step() {
    if (at < program.length() && program.charAt(at) == '\n') {
      line++;
      lineStart = at + 1;
    }
    at++;
  }
}
