package io.surveygateway.store;

import java.time.Duration;
import java.util.LinkedHashMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the gateway keeps what is done with.
 *
 * @param requests with their inbox rows, since they came and were mapped
 * @param setAside items that could not be made an event, since they were set aside
 * @param events with their deliveries and attempts, since they were kept and last delivered. As
 *     long as an event is kept, a repeat of it is told; a repeat that comes later counts as new
 * @param deliveries with their attempts, since they ended; at the latest they leave with their
 *     event
 * @param refusals since the request was turned away
 * @param runs what was done to many at once, since it was prepared
 * @param audit what people changed, since they asked for it
 * @param destinationVersions what tells that an event is older than what a destination has, since
 *     the destination got it
 * @param counts how many things were, by time; totals stay
 * @param interval from the end of one run to the start of the next
 * @param firstAfter from the gateway's start to the first run
 * @param step rows of one transaction at most
 * @param pause after each transaction
 */
@ConfigurationProperties("gateway.retention")
record RetentionProperties(
    @DefaultValue("30d") Duration requests,
    @DefaultValue("30d") Duration setAside,
    @DefaultValue("30d") Duration events,
    @DefaultValue("30d") Duration deliveries,
    @DefaultValue("30d") Duration refusals,
    @DefaultValue("30d") Duration runs,
    @DefaultValue("400d") Duration audit,
    @DefaultValue("180d") Duration destinationVersions,
    @DefaultValue Kept counts,
    @DefaultValue("1h") Duration interval,
    @DefaultValue("5m") Duration firstAfter,
    @DefaultValue("500") int step,
    @DefaultValue("100ms") Duration pause) {

  /**
   * How long counts are kept at each length; older ones are summed up to the next.
   *
   * @param byDay after which they are gone
   */
  record Kept(
      @DefaultValue("2d") Duration byMinute,
      @DefaultValue("60d") Duration byHour,
      @DefaultValue("1100d") Duration byDay) {

    Kept {
      if (byMinute.compareTo(SHORTEST) < 0
          || byHour.compareTo(byMinute) < 0
          || byDay.compareTo(byHour) < 0) {
        throw new IllegalArgumentException(
            "Expected gateway.retention.counts by-minute of 1h or more, by-hour not shorter and"
                + " by-day not shorter than that, got "
                + byMinute
                + ", "
                + byHour
                + " and "
                + byDay);
      }
    }
  }

  /** Shorter ones are slips, such as a number without its unit, which counts as milliseconds. */
  private static final Duration SHORTEST = Duration.ofHours(1);

  RetentionProperties {
    var kept = new LinkedHashMap<String, Duration>();
    kept.put("requests", requests);
    kept.put("set-aside", setAside);
    kept.put("events", events);
    kept.put("deliveries", deliveries);
    kept.put("refusals", refusals);
    kept.put("runs", runs);
    kept.put("audit", audit);
    kept.forEach(
        (name, time) -> {
          if (time.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                "Expected gateway.retention." + name + " of 1h or more, got " + time);
          }
        });
    if (destinationVersions.compareTo(events) < 0) {
      throw new IllegalArgumentException(
          "Expected gateway.retention.destination-versions not to be shorter than"
              + " gateway.retention.events ("
              + events
              + "), got "
              + destinationVersions);
    }
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          "Expected a gateway.retention.interval above zero, got " + interval);
    }
    if (step < 1 || step > 10_000) {
      throw new IllegalArgumentException(
          "Expected a gateway.retention.step from 1 to 10000, got " + step);
    }
  }
}
