package io.surveygateway.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says numbers, times and states as all pages do. Times are UTC's, as those of the API and the log.
 *
 * <p>Its methods are public because templates call them.
 *
 * @param now the moment that ages count from
 */
record Words(Instant now) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** To the second. */
  public String time(@Nullable Instant instant) {
    return instant == null ? "" : TIME.format(instant);
  }

  /** For an attribute {@code datetime}. */
  public String iso(@Nullable Instant instant) {
    return instant == null ? "" : instant.toString();
  }

  /** Such as {@code 3 min ago}, or {@code in 40 s}. */
  public String ago(@Nullable Instant instant) {
    if (instant == null) {
      return "";
    }
    var age = Duration.between(instant, now);
    return age.isNegative() ? "in " + length(age.negated()) : length(age) + " ago";
  }

  /** Such as {@code 3 min}; not below zero. */
  public String age(@Nullable Instant instant) {
    return instant == null ? "" : length(Duration.between(instant, now));
  }

  /** In its largest unit alone, rounded down. */
  static String length(Duration duration) {
    var seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 2 * 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }

  /** A short time, to two figures: {@code 2.1 ms}, {@code 350 ms}, {@code 1.4 s}, {@code 3 min}. */
  public String took(Duration duration) {
    var millis = duration.toNanos() / 1e6;
    if (millis < 9.95) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    if (millis < 995) {
      return String.format(Locale.ROOT, "%.0f ms", millis);
    }
    return millis < 120_000 ? String.format(Locale.ROOT, "%.1f s", millis / 1e3) : length(duration);
  }

  /** With commas, such as {@code 12,345}. */
  public String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Such as {@code 60} or {@code 0.5}. */
  public String rate(double number) {
    return number == Math.rint(number)
        ? number((long) number)
        : String.format(Locale.ROOT, "%.2f", number);
  }

  /** A number and its noun. */
  public String count(long number, String one, String many) {
    return number(number) + " " + (number == 1 ? one : many);
  }

  public String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** The look of a state: good, waits, warns, bad, or over. */
  public String tone(@Nullable String state) {
    return switch (state == null ? "" : state) {
      case "delivered", "done", "working", "on", "running", "active" -> "good";
      case "waiting", "prepared" -> "wait";
      case "retrying", "rate-limited", "paused", "stopped" -> "warn";
      case "parked", "credentials-refused", "failing", "failed" -> "bad";
      default -> "over";
    };
  }

  /** A survey's event type without what all have in common. */
  public String type(@Nullable String type) {
    return type == null ? "" : type.replaceFirst("^survey\\.", "");
  }
}
