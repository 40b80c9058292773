package io.surveygateway.lint;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Guesses what was meant by a name that is none of those that there are. */
final class Nearest {

  private static final int SHOWN = 12;

  private Nearest() {}

  /** The name that differs by the fewest letters, if they are few for its length. */
  static Optional<String> to(String wrong, Collection<String> names) {
    var most = Math.max(1, wrong.length() / 4);
    return names.stream()
        .filter(name -> Math.abs(name.length() - wrong.length()) <= most)
        .filter(name -> distance(wrong, name) <= most)
        .min(Comparator.comparingInt((String name) -> distance(wrong, name)).thenComparing(n -> n));
  }

  /** A remedy: the nearest name, or else those that there are, as far as they fit a line. */
  static String remedy(String wrong, Collection<String> names, String otherwise) {
    return to(wrong, names)
        .map(name -> "Did you mean " + name + "?")
        .orElseGet(
            () ->
                names.isEmpty() || names.size() > SHOWN
                    ? otherwise
                    : "There "
                        + (names.size() == 1 ? "is " : "are ")
                        + new TreeSet<>(names).stream().collect(Collectors.joining(", "))
                        + ".");
  }

  /** Letters to add, drop, replace or swap with the next, upper and lower case being one. */
  static int distance(String from, String to) {
    var a = from.toLowerCase(Locale.ROOT);
    var b = to.toLowerCase(Locale.ROOT);
    var costs = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          costs[i][j] = i + j;
          continue;
        }
        var same = a.charAt(i - 1) == b.charAt(j - 1);
        costs[i][j] =
            Math.min(
                Math.min(costs[i - 1][j], costs[i][j - 1]) + 1,
                costs[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          costs[i][j] = Math.min(costs[i][j], costs[i - 2][j - 2] + 1);
        }
      }
    }
    return costs[a.length()][b.length()];
  }
}
