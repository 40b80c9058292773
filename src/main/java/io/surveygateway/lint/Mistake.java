package io.surveygateway.lint;

/**
 * One thing in {@code routes/} that does not do what its author thinks.
 *
 * @param place where it stands
 * @param says what is wrong, and what was expected; without a full stop
 * @param remedy what to do about it, as a sentence
 * @param weight what becomes of the start
 */
public record Mistake(Place place, String says, String remedy, Weight weight) {

  /** What becomes of the start. */
  public enum Weight {
    /** The file cannot be used: its folder is left out, or nothing starts. */
    GRAVE,
    /** Everything starts; {@code ./mvnw verify} fails. */
    LIGHT
  }

  boolean isGrave() {
    return weight == Weight.GRAVE;
  }

  /** Two lines: place and mistake, remedy. */
  @Override
  public String toString() {
    return place + ": " + says + "\n    " + remedy;
  }
}
