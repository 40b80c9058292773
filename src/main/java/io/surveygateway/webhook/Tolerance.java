package io.surveygateway.webhook;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;

/** Reads a kamelet's parameter {@code tolerance}. */
final class Tolerance {

  private Tolerance() {}

  static Duration parse(String tolerance) {
    try {
      return DurationStyle.SIMPLE.parse(tolerance.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Expected tolerance to be a duration such as 5m, got \"" + tolerance + "\"");
    }
  }
}
