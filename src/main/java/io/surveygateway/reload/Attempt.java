package io.surveygateway.reload;

import com.fasterxml.jackson.annotation.JsonValue;
import io.surveygateway.lint.Findings;
import io.surveygateway.lint.Mistake;
import io.surveygateway.lint.Mistake.Weight;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * One time that the routes were to be loaded anew, and what became of it.
 *
 * @param tookMillis from the reading of the folder to the end
 * @param changed files that differ from those that were loaded last, by path
 * @param mistakes what was found, by file and line; the grave ones are why it was refused, or are
 *     in the folders that are left out
 * @param leftOut folders of providers and destinations that are not loaded, for their mistakes
 */
public record Attempt(
    Instant at,
    long tookMillis,
    Outcome outcome,
    List<String> changed,
    List<Mistake> mistakes,
    List<String> leftOut) {

  private static final int SHOWN = 10;

  /** What became of it. */
  public enum Outcome {
    /** These routes run. */
    LOADED,
    /** They run already; more or less than before may be left out beside them. */
    UNCHANGED,
    /** They have mistakes; those before have not been touched. */
    REFUSED,
    /** They did not start; those before run again. */
    PUT_BACK,
    /** They did not start, and those before did not either: none run. */
    NONE_RUN;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Attempt {
    changed = List.copyOf(changed);
    mistakes = List.copyOf(mistakes);
    leftOut = List.copyOf(leftOut);
  }

  /** The grave mistakes for a person to read, two lines each, so many at most. */
  String listed() {
    var grave = mistakes.stream().filter(mistake -> mistake.weight() == Weight.GRAVE).toList();
    return Findings.listed(grave.stream().limit(SHOWN).toList())
        + (grave.size() > SHOWN ? "\n  and " + (grave.size() - SHOWN) + " more" : "");
  }

  /** What changed, in a few words. */
  String changes() {
    return changed.isEmpty()
        ? "no file changed"
        : String.join(", ", changed.subList(0, Math.min(SHOWN, changed.size())))
            + (changed.size() > SHOWN ? " and " + (changed.size() - SHOWN) + " more" : "");
  }
}
