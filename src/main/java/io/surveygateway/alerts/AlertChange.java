package io.surveygateway.alerts;

import java.time.Instant;
import java.util.Locale;

/**
 * What people are told.
 *
 * @param since when it began, as far as known
 * @param at when that was seen
 * @param text for a person, without the name of what it is about
 */
record AlertChange(
    What what, AlertKind kind, String about, Instant since, Instant at, String text) {

  enum What {
    RAISED,
    STILL,
    CLEARED;

    /** As receivers name it. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static AlertChange of(What what, Alert alert, Instant at) {
    return new AlertChange(what, alert.kind(), alert.about(), alert.since(), at, alert.text());
  }

  static AlertChange cleared(Alert alert, Instant at) {
    return new AlertChange(
        What.CLEARED,
        alert.kind(),
        alert.about(),
        alert.since(),
        at,
        alert.kind().over() + ", after " + Spans.words(alert.since(), at));
  }
}
