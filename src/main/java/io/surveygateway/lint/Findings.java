package io.surveygateway.lint;

import java.util.List;
import java.util.Map;

/**
 * What one run over {@code routes/} has found.
 *
 * @param mistakes all of them, by file and line
 * @param leftOut folders of one provider or destination that the others can do without, each with
 *     the grave mistakes for which it is left out; by path, such as {@code routes/providers/acme}
 * @param stopping the grave mistakes that leave nothing to start; empty if the rest can start
 */
public record Findings(
    List<Mistake> mistakes, Map<String, List<Mistake>> leftOut, List<Mistake> stopping) {

  /** One report shows so many mistakes at most. */
  private static final int SHOWN = 50;

  /** Each mistake in two lines, with the number of those that no longer fit. */
  public static String listed(List<Mistake> mistakes) {
    var lines = new StringBuilder();
    mistakes.stream().limit(SHOWN).forEach(m -> lines.append("  ").append(m).append('\n'));
    if (mistakes.size() > SHOWN) {
      lines.append("  and ").append(mistakes.size() - SHOWN).append(" more\n");
    }
    return lines.toString().stripTrailing();
  }

  /**
   * Whether a file is in a folder that is left out.
   *
   * @param file by its path in reports, such as {@code routes/providers/acme/acme.jq}
   */
  public boolean leavesOut(String file) {
    return leftOut.keySet().stream().anyMatch(folder -> file.startsWith(folder + "/"));
  }

  /** All of them for a person to read; empty if there are none. */
  public String report() {
    return listed(mistakes);
  }
}
