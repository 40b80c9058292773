package io.surveygateway.alerts;

import io.surveygateway.store.Counter;
import io.surveygateway.store.CounterSpan;
import io.surveygateway.store.Counters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a provider that usually talks is silent. Reads counts alone. Not for several
 * threads at a time.
 */
final class Silence {

  /** Weeks are compared that seldom: every night is silent, for some providers. */
  private static final Duration BETWEEN = Duration.ofMinutes(5);

  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Counters counters;
  private final AlertSettings.Silent limits;
  private final Clock clock;

  /** By provider: its silence is not compared anew until then. */
  private final Map<String, Instant> usualUntil = new HashMap<>();

  Silence(Counters counters, AlertSettings.Silent limits, Clock clock) {
    this.counters = counters;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Whether it is silent at hours in which it was not in either of the last two weeks: nights and
   * weekends are no news. Null where it is not.
   *
   * @param before what was found of it at the last look: that ends when it sends again, and not
   *     when its silence has become usual
   */
  @Nullable Finding of(String provider, @Nullable Alert before) {
    var now = clock.instant();
    if (limits.leastRequests() == 0 || hasSentSince(provider, now.minus(limits.after()), now)) {
      return null;
    }
    if (before != null) {
      return new Finding(before.kind(), provider, before.since(), Duration.ZERO, before.text());
    }
    if (now.isBefore(usualUntil.getOrDefault(provider, now))) {
      return null;
    }
    var finding = comparedWithOtherWeeks(provider, now);
    usualUntil.put(provider, now.plus(BETWEEN));
    return finding;
  }

  private @Nullable Finding comparedWithOtherWeeks(String provider, Instant now) {
    var hours = hours(Counter.REQUESTS_ACCEPTED, provider, now.minus(WEEK.multipliedBy(3)), now);
    var last =
        hours.stream().map(point -> point.start().plus(HOUR)).max(Instant::compareTo).orElse(now);
    var since = last.isAfter(now) ? now : last;
    return Duration.between(since, now).compareTo(limits.after()) < 0
        ? null
        : unusual(provider, hours, since, now);
  }

  private @Nullable Finding unusual(
      String provider, List<Counters.Point> hours, Instant since, Instant now) {
    var from = since.isBefore(now.minus(WEEK)) ? now.minus(WEEK) : since;
    var lastWeek = sent(hours, from.minus(WEEK), now.minus(WEEK));
    var weekBefore = sent(hours, from.minus(WEEK.multipliedBy(2)), now.minus(WEEK.multipliedBy(2)));
    if (Math.min(lastWeek, weekBefore) < limits.leastRequests()) {
      return null;
    }
    var refused =
        hours(Counter.REQUESTS_REFUSED, provider, since, now).stream()
            .mapToLong(Counters.Point::added)
            .sum();
    return new Finding(
        AlertKind.PROVIDER_SILENT,
        provider,
        since,
        Duration.ZERO,
        "it has sent nothing since "
            + since
            + "; in the same hours it sent "
            + lastWeek
            + " requests last week and "
            + weekBefore
            + " the week before. "
            + (refused == 0
                ? "Is its webhook still there, and on?"
                : refused + " of its requests were refused meanwhile: /api/refusals"));
  }

  private boolean hasSentSince(String provider, Instant from, Instant now) {
    return !counters
        .series(Counter.REQUESTS_ACCEPTED, provider, CounterSpan.MINUTE, from, now)
        .isEmpty();
  }

  private List<Counters.Point> hours(Counter counter, String provider, Instant from, Instant to) {
    return counters.series(counter, provider, CounterSpan.HOUR, from, to).stream()
        .filter(point -> point.added() > 0)
        .toList();
  }

  /** In whole hours of that time. */
  private static long sent(List<Counters.Point> hours, Instant from, Instant to) {
    return hours.stream()
        .filter(point -> !point.start().isBefore(from) && !point.start().plus(HOUR).isAfter(to))
        .mapToLong(Counters.Point::added)
        .sum();
  }
}
