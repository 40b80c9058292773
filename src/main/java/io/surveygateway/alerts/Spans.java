package io.surveygateway.alerts;

import java.time.Duration;
import java.time.Instant;

/** Times as a person says them. */
final class Spans {

  private Spans() {}

  /** Two units at most, such as {@code 2 h 5 min}. */
  static String words(Instant from, Instant to) {
    return words(Duration.between(from, to));
  }

  static String words(Duration span) {
    if (span.toDays() > 0) {
      return two(span.toDays(), "d", span.toHoursPart(), "h");
    }
    if (span.toHours() > 0) {
      return two(span.toHours(), "h", span.toMinutesPart(), "min");
    }
    return span.toMinutes() > 0 ? span.toMinutes() + " min" : Math.max(0, span.toSeconds()) + " s";
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }
}
