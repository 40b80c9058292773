package io.surveygateway.lint;

import io.surveygateway.lint.Mistake.Weight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/** Gathers the mistakes of one run, so many at most. Not safe for use by several threads. */
final class Report {

  private static final int MOST = 1000;

  private final LinkedHashSet<Mistake> mistakes = new LinkedHashSet<>();

  void grave(Place place, String says, String remedy) {
    add(new Mistake(place, says, remedy, Weight.GRAVE));
  }

  void light(Place place, String says, String remedy) {
    add(new Mistake(place, says, remedy, Weight.LIGHT));
  }

  private void add(Mistake mistake) {
    if (mistakes.size() < MOST) {
      mistakes.add(mistake);
    }
  }

  void addAll(Report other) {
    other.mistakes.forEach(this::add);
  }

  /** By file, line and column. */
  List<Mistake> all() {
    var sorted = new ArrayList<>(mistakes);
    sorted.sort(
        Comparator.comparing((Mistake m) -> m.place().file())
            .thenComparingInt(m -> m.place().line())
            .thenComparingInt(m -> m.place().column()));
    return List.copyOf(sorted);
  }
}
