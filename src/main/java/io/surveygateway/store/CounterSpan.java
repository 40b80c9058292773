package io.surveygateway.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long a time one row of counts covers; hours and days are UTC's. */
public enum CounterSpan {
  MINUTE("minute", Duration.ofMinutes(1)),
  HOUR("hour", Duration.ofHours(1)),
  DAY("day", Duration.ofDays(1));

  /** What the rows are called that hold all since ever. */
  static final String EVER = "ever";

  private final String text;
  private final Duration length;

  CounterSpan(String text, Duration length) {
    this.text = text;
    this.length = length;
  }

  String text() {
    return text;
  }

  public Duration length() {
    return length;
  }

  long bucketOf(long millis) {
    return millis - Math.floorMod(millis, length.toMillis());
  }

  /** What this one becomes; empty for the longest. */
  Optional<CounterSpan> coarser() {
    return this == DAY ? Optional.empty() : Optional.of(values()[ordinal() + 1]);
  }

  /** This one and those that become it. */
  List<CounterSpan> andFiner() {
    return List.of(values()).subList(0, ordinal() + 1);
  }
}
