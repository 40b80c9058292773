package io.surveygateway.proof;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells a request of now from one that somebody recorded, by the Unix seconds in a header.
 *
 * <p>Says something only together with a signature that covers the header. As far before as after
 * now, the tolerance itself included. Immutable.
 */
public final class Freshness {

  /** No sign, no leading zero, no fraction: one moment is written in one way. */
  private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,11}");

  private static final Duration LONGEST = Duration.ofDays(1);

  private final String header;
  private final Duration tolerance;
  private final Clock clock;

  /**
   * @param tolerance up to a day
   * @throws IllegalArgumentException if the header's name or the tolerance is none
   */
  public Freshness(String header, Duration tolerance, Clock clock) {
    if (tolerance.isNegative() || tolerance.isZero() || tolerance.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "Expected tolerance to be over zero and at most a day, such as 5m, got " + tolerance);
    }
    this.header = HeaderName.checked(header);
    this.tolerance = tolerance;
    this.clock = clock;
  }

  String header() {
    return header;
  }

  /** The same as {@link #complaint}, for a person. */
  Finding finding(SignedRequest request) {
    var asks =
        "%s is there, once, as Unix seconds, and at most %d seconds from now"
            .formatted(header, tolerance.toSeconds());
    return complaint(request)
        .map(words -> Finding.fails(asks, words + "; " + howOld(request)))
        .orElseGet(() -> Finding.holds(asks, howOld(request)));
  }

  private String howOld(SignedRequest request) {
    var came = request.header(header);
    if (came.size() != 1 || !SECONDS.matcher(came.get(0)).matches()) {
      return came.size() == 1 && came.get(0).matches("[1-9][0-9]{12}")
          ? "it looks like milliseconds."
          : "it tells no time.";
    }
    var age = clock.instant().getEpochSecond() - Long.parseLong(came.get(0));
    return "it is " + Math.abs(age) + (age < 0 ? " seconds ahead." : " seconds old.");
  }

  /** Why the request is not fresh; empty if it is. */
  Optional<String> complaint(SignedRequest request) {
    var came = request.header(header);
    if (came.isEmpty()) {
      return Optional.of(header + " is missing");
    }
    if (came.size() > 1) {
      return Optional.of(header + " came more than once");
    }
    if (!SECONDS.matcher(came.get(0)).matches()) {
      return Optional.of(header + " is malformed: expected Unix seconds");
    }
    var age = clock.instant().getEpochSecond() - Long.parseLong(came.get(0));
    if (Math.abs(age) > tolerance.toSeconds()) {
      return Optional.of(
          "%s is more than %d seconds %s: a repeat, or a clock that is wrong"
              .formatted(header, tolerance.toSeconds(), age > 0 ? "ago" : "ahead"));
    }
    return Optional.empty();
  }
}
