package io.surveygateway.reload;

import java.util.List;

/**
 * The lines between the first and the last that differ from one text to another.
 *
 * @param from the first of these lines, from 1
 * @param to the last of these lines; one before {@code from} where the other text only has more
 * @param others what the other text has instead, {@value #SHOWN} lines at most
 * @param more how many further lines it has
 */
public record Difference(int from, int to, List<String> others, int more) {

  private static final int SHOWN = 200;

  static Difference of(String text, String other) {
    var ours = text.lines().toList();
    var others = other.lines().toList();
    var shorter = Math.min(ours.size(), others.size());
    var head = 0;
    while (head < shorter && ours.get(head).equals(others.get(head))) {
      head++;
    }
    var tail = 0;
    while (tail < shorter - head
        && ours.get(ours.size() - 1 - tail).equals(others.get(others.size() - 1 - tail))) {
      tail++;
    }
    var instead = others.subList(head, others.size() - tail);
    var shown = List.copyOf(instead.subList(0, Math.min(SHOWN, instead.size())));
    return new Difference(head + 1, ours.size() - tail, shown, instead.size() - shown.size());
  }

  /** {@code others} as one text. */
  public String text() {
    return String.join("\n", others);
  }

  /** Whether this line, from 1, is one of those that differ. */
  public boolean isOf(int line) {
    return line >= from && line <= to;
  }
}
