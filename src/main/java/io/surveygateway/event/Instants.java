package io.surveygateway.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dates that providers write, and writes them in one form.
 *
 * <p>Read: ISO 8601 date and time of day, joined by {@code T} or a blank, seconds and their
 * fraction optional, with {@code Z}, an offset, or nothing, which means UTC. Written: RFC 3339 in
 * UTC with three digits of milliseconds, {@code 2026-03-02T09:16:55.182Z}, so that instants sort as
 * text. What is finer than a millisecond is cut off.
 */
final class Instants {

  private static final Pattern DATE_TIME =
      Pattern.compile(
          "(\\d{4})-(\\d{2})-(\\d{2})[Tt ](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,12}))?)?"
              + " ?([Zz]|[+-]\\d{2}(?::?\\d{2})?)?");

  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Instants() {}

  /** The instant, to the millisecond; or null if the text is none, or outside the years 0-9999. */
  static @Nullable Instant parse(String text) {
    var parts = DATE_TIME.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    try {
      var instant = dateTime(parts).toInstant(offset(parts.group(8)));
      var year = instant.atOffset(ZoneOffset.UTC).getYear();
      return year < 0 || year > 9999 ? null : instant;
    } catch (DateTimeException noSuchDate) {
      return null;
    }
  }

  static String format(Instant instant) {
    return MILLISECONDS.format(instant);
  }

  private static LocalDateTime dateTime(Matcher parts) {
    var second = parts.group(6) == null ? 0 : number(parts, 6);
    // A leap second has no place in java.time; the last millisecond before it comes nearest.
    var leap = second == 60;
    return LocalDateTime.of(
        number(parts, 1),
        number(parts, 2),
        number(parts, 3),
        number(parts, 4),
        number(parts, 5),
        leap ? 59 : second,
        leap ? 999_000_000 : milliseconds(parts.group(7)) * 1_000_000);
  }

  private static int milliseconds(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00").substring(0, 3));
  }

  private static ZoneOffset offset(@Nullable String offset) {
    return offset == null ? ZoneOffset.UTC : ZoneOffset.of(offset.toUpperCase(Locale.ROOT));
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }
}
