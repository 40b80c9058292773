package io.surveygateway.console;

import io.surveygateway.operations.Overview.Part;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Bars of two kinds, one on the other, as a page draws them: a box of {@value #WIDTH} by {@value
 * #HEIGHT}, stretched to whatever room there is; words stand beside it.
 *
 * @param good what the lower bars are, and {@code bad} the upper ones
 * @param per what each bar is of
 * @param heights said beside the chart, from the top down
 * @param moments said below it, at equal distances
 */
record Chart(
    String title,
    Kind good,
    Kind bad,
    String per,
    List<Bar> bars,
    List<String> heights,
    List<String> moments) {

  static final int WIDTH = 1000;
  static final int HEIGHT = 100;

  private static final int MOMENTS = 5;

  /** Of one kind: what it is called, and how many there are in all. */
  record Kind(String name, long sum) {}

  /**
   * One bar; the upper one stands on the lower one.
   *
   * @param label what it shows, in words
   */
  record Bar(
      String x,
      String width,
      String goodY,
      String goodHeight,
      String badY,
      String badHeight,
      Instant start,
      long goodCount,
      long badCount,
      String label) {}

  /**
   * @param length of each part
   */
  static Chart of(String title, String good, String bad, Duration length, List<Part> parts) {
    var top = top(parts.stream().mapToLong(part -> part.good() + part.bad()).max().orElse(0));
    var format = format(length);
    var width = (double) WIDTH / parts.size();
    var bars = new ArrayList<Bar>();
    for (var i = 0; i < parts.size(); i++) {
      var part = parts.get(i);
      var goodHeight = (double) HEIGHT * part.good() / top;
      var badHeight = (double) HEIGHT * part.bad() / top;
      bars.add(
          new Bar(
              number(i * width + width * 0.1),
              number(width * 0.8),
              number(HEIGHT - goodHeight),
              number(goodHeight),
              number(HEIGHT - goodHeight - badHeight),
              number(badHeight),
              part.start(),
              part.good(),
              part.bad(),
              "%s: %,d %s, %,d %s"
                  .formatted(format.format(part.start()), part.good(), good, part.bad(), bad)));
    }
    return new Chart(
        title,
        new Kind(good, parts.stream().mapToLong(Part::good).sum()),
        new Kind(bad, parts.stream().mapToLong(Part::bad).sum()),
        per(length),
        bars,
        List.of("%,d".formatted(top), "%,d".formatted(top / 2), "0"),
        IntStream.range(0, MOMENTS)
            .mapToObj(i -> parts.get(i * (parts.size() - 1) / (MOMENTS - 1)).start())
            .map(format::format)
            .toList());
  }

  /** Even, so that half of it is a whole number, and not far above. */
  private static long top(long largest) {
    for (long ten = 1; ; ten *= 10) {
      for (var step : new long[] {2, 4, 6, 10}) {
        if (step * ten >= largest) {
          return step * ten;
        }
      }
    }
  }

  private static DateTimeFormatter format(Duration length) {
    var pattern = length.toHours() >= 24 ? "d MMM" : length.toHours() >= 1 ? "EEE HH:mm" : "HH:mm";
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  private static String per(Duration length) {
    if (length.toHours() >= 24) {
      return "per day";
    }
    if (length.toHours() >= 1) {
      return "per " + length.toHours() + " hours";
    }
    return length.toMinutes() == 1 ? "per minute" : "per " + length.toMinutes() + " minutes";
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }
}
