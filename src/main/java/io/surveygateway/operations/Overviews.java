package io.surveygateway.operations;

import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.Overview.Books;
import io.surveygateway.operations.Overview.Destination;
import io.surveygateway.operations.Overview.Part;
import io.surveygateway.operations.Overview.Provider;
import io.surveygateway.operations.Overview.Range;
import io.surveygateway.store.Counter;
import io.surveygateway.store.CounterSpan;
import io.surveygateway.store.CounterTotals;
import io.surveygateway.store.Counters;
import io.surveygateway.store.Counters.Point;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Reads the overview from counts, lanes and one look at an index for each destination: nothing that
 * grows with what is stored. Safe for use by many threads.
 */
public final class Overviews {

  /** What {@link Counter#ATTEMPTS_MADE} calls a try that worked. */
  private static final String DELIVERED = "delivered";

  private final LaneOperations lanes;
  private final Counters counters;
  private final Clock clock;

  Overviews(LaneOperations lanes, Counters counters, Clock clock) {
    this.lanes = lanes;
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * @throws io.surveygateway.store.StoreUnavailableException if the store could not be reached
   */
  public Overview read(Range range) {
    var now = clock.instant();
    var totals = counters.totals();
    var destinations = lanes.destinations();
    var providers = lanes.providers();
    var names = destinations.stream().map(Lane::name).toList();
    var oldest = counters.oldestWaiting(names);

    var accepted = series(Counter.REQUESTS_ACCEPTED, totals, range, now);
    var refused = series(Counter.REQUESTS_REFUSED, totals, range, now);
    var setAside = sums(series(Counter.ITEMS_SET_ASIDE, totals, range, now));
    var delivered = series(Counter.DELIVERIES_DELIVERED, totals, range, now);
    var failed =
        series(Counter.ATTEMPTS_MADE, totals, range, now).stream()
            .filter(Predicate.not(point -> point.detail().equals(DELIVERED)))
            .toList();

    var acceptedOf = sums(accepted);
    var refusedOf = sums(refused);
    var deliveredOf = sums(delivered);
    var failedOf = sums(failed);
    return new Overview(
        now,
        range,
        destinations.stream()
            .map(
                lane ->
                    new Destination(
                        lane,
                        deliveredOf.getOrDefault(lane.name(), 0L),
                        failedOf.getOrDefault(lane.name(), 0L),
                        totals.openDeliveries(lane.name()),
                        totals.level(Counter.DELIVERIES_PARKED, lane.name()),
                        oldest.get(lane.name())))
            .toList(),
        providers.stream()
            .map(
                lane ->
                    new Provider(
                        lane,
                        acceptedOf.getOrDefault(lane.name(), 0L),
                        refusedOf.getOrDefault(lane.name(), 0L),
                        setAside.getOrDefault(lane.name(), 0L),
                        totals.openRequests(lane.name()),
                        totals.level(Counter.REQUESTS_PARKED, lane.name())))
            .toList(),
        parts(range, now, accepted, refused),
        parts(range, now, delivered, failed),
        books(totals));
  }

  /** When something last arrived at each destination, as exactly as {@link Counters#last} says. */
  public Map<String, Instant> lastDelivered(Overview overview) {
    return counters.last(
        Counter.DELIVERIES_DELIVERED,
        overview.destinations().stream().map(each -> each.lane().name()).toList());
  }

  /** When each provider last sent something that was taken, as exactly. */
  public Map<String, Instant> lastAccepted(Overview overview) {
    return counters.last(
        Counter.REQUESTS_ACCEPTED,
        overview.providers().stream().map(each -> each.lane().name()).toList());
  }

  /** Of all lanes that were ever counted: one that has no route any more has its past. */
  private List<Point> series(Counter counter, CounterTotals totals, Range range, Instant now) {
    return counters.seriesOf(
        counter, totals.lanes(counter), span(range), range.start(now), now.plusMillis(1));
  }

  private static CounterSpan span(Range range) {
    return switch (range) {
      case HOUR, DAY -> CounterSpan.MINUTE;
      case WEEK -> CounterSpan.HOUR;
      case MONTH -> CounterSpan.DAY;
    };
  }

  private static Map<String, Long> sums(List<Point> points) {
    return points.stream()
        .collect(Collectors.groupingBy(Point::lane, Collectors.summingLong(Point::added)));
  }

  private static List<Part> parts(Range range, Instant now, List<Point> good, List<Point> bad) {
    var start = range.start(now);
    var goods = new long[range.parts()];
    var bads = new long[range.parts()];
    add(goods, range, start, good);
    add(bads, range, start, bad);
    var parts = new ArrayList<Part>();
    for (var i = 0; i < range.parts(); i++) {
      parts.add(new Part(start.plus(range.part().multipliedBy(i)), goods[i], bads[i]));
    }
    return parts;
  }

  /** Another gateway's clock may be a little ahead: what it counted is of the last part. */
  private static void add(long[] sums, Range range, Instant start, List<Point> points) {
    for (var point : points) {
      var since = point.start().toEpochMilli() - start.toEpochMilli();
      var part = Math.floorDiv(since, range.part().toMillis());
      sums[(int) Math.max(0, Math.min(part, sums.length - 1))] += point.added();
    }
  }

  private static Books books(CounterTotals totals) {
    Function<Counter, Long> level =
        counter -> sum(totals.lanes(counter), lane -> totals.level(counter, lane));
    Function<Counter, Long> total =
        counter -> sum(totals.lanes(counter), lane -> totals.total(counter, lane));
    return new Books(
        level.apply(Counter.REQUESTS_ACCEPTED),
        level.apply(Counter.REQUESTS_DONE),
        sum(totals.lanes(Counter.REQUESTS_ACCEPTED), totals::openRequests),
        level.apply(Counter.REQUESTS_PARKED),
        level.apply(Counter.REQUESTS_CANCELLED),
        total.apply(Counter.EVENTS_STORED),
        total.apply(Counter.EVENTS_REPEATED),
        total.apply(Counter.ITEMS_SET_ASIDE),
        level.apply(Counter.DELIVERIES_MADE),
        level.apply(Counter.DELIVERIES_DELIVERED),
        sum(totals.lanes(Counter.DELIVERIES_MADE), totals::openDeliveries),
        level.apply(Counter.DELIVERIES_PARKED),
        level.apply(Counter.DELIVERIES_SUPERSEDED),
        level.apply(Counter.DELIVERIES_SKIPPED),
        level.apply(Counter.DELIVERIES_CANCELLED));
  }

  private static long sum(Collection<String> lanes, ToLongFunction<String> value) {
    return lanes.stream().mapToLong(value).sum();
  }
}
