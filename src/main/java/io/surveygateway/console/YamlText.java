package io.surveygateway.console;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A file's lines in pieces that are coloured: keys and comments of YAML, and the rest. By what a
 * line looks like alone: text within a folded value may be taken for a key.
 */
final class YamlText {

  /** A key at the head of a line, after dashes. */
  private static final Pattern KEY = Pattern.compile("(\\s*(?:- )*)([\\w./-]+)(:)(?=\\s|$)(.*)");

  private static final Pattern COMMENT = Pattern.compile("\\s*#.*");

  private YamlText() {}

  /**
   * @param kind class by which it is coloured; empty for what is not
   */
  record Piece(String kind, String text) {}

  /**
   * @param number from 1
   */
  record Line(int number, List<Piece> pieces) {}

  /**
   * @param path whose end says what it holds
   */
  static List<Line> lines(String path, String text) {
    var isYaml = path.endsWith(".yaml");
    var hasComments = isYaml || path.endsWith(".jq");
    var lines = new ArrayList<Line>();
    text.lines()
        .forEach(line -> lines.add(new Line(lines.size() + 1, pieces(line, isYaml, hasComments))));
    return lines;
  }

  private static List<Piece> pieces(String line, boolean isYaml, boolean hasComments) {
    if (hasComments && COMMENT.matcher(line).matches()) {
      return List.of(new Piece("y-comment", line));
    }
    var key = KEY.matcher(line);
    if (!isYaml || !key.matches()) {
      return List.of(new Piece("", line));
    }
    return List.of(
        new Piece("", key.group(1)),
        new Piece("y-key", key.group(2)),
        new Piece("", key.group(3)),
        new Piece(key.group(2).equals("id") ? "y-id" : "", key.group(4)));
  }
}
