package io.surveygateway.store;

import io.surveygateway.store.Counts.Change;
import io.surveygateway.store.Counts.Key;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All counts since ever, as of one moment: of the whole store, whichever gateway counted.
 *
 * <p>Never changes.
 */
public final class CounterTotals {

  private static final Change NONE = new Change(0, 0);

  private final Map<Key, Change> values;

  CounterTotals(Map<Key, Change> values) {
    this.values = new TreeMap<>(values);
  }

  /** How many there ever were: what came back later and ended again counts again. */
  public long total(Counter counter, String lane) {
    return sum(counter, lane).added();
  }

  /** The same of one detail. */
  public long total(Counter counter, String lane, String detail) {
    return values.getOrDefault(new Key(counter.text(), lane, detail), NONE).added();
  }

  /** How many there are now: those that left again do not count. */
  public long level(Counter counter, String lane) {
    var sum = sum(counter, lane);
    return sum.added() - sum.taken();
  }

  /** Requests of this provider that wait or are retried. */
  public long openRequests(String provider) {
    return level(Counter.REQUESTS_ACCEPTED, provider)
        - level(Counter.REQUESTS_DONE, provider)
        - level(Counter.REQUESTS_PARKED, provider)
        - level(Counter.REQUESTS_CANCELLED, provider);
  }

  /** Deliveries to this destination that wait or are retried. */
  public long openDeliveries(String destination) {
    return level(Counter.DELIVERIES_MADE, destination)
        - level(Counter.DELIVERIES_DELIVERED, destination)
        - level(Counter.DELIVERIES_PARKED, destination)
        - level(Counter.DELIVERIES_SKIPPED, destination)
        - level(Counter.DELIVERIES_SUPERSEDED, destination)
        - level(Counter.DELIVERIES_CANCELLED, destination);
  }

  /** The details that were ever counted, in order. */
  public Set<String> details(Counter counter, String lane) {
    var details = new TreeSet<String>();
    values
        .keySet()
        .forEach(
            key -> {
              if (key.name().equals(counter.text()) && key.lane().equals(lane)) {
                details.add(key.detail());
              }
            });
    return Collections.unmodifiableSet(details);
  }

  /** The providers or destinations of which this was ever counted, in order. */
  public Set<String> lanes(Counter counter) {
    var lanes = new TreeSet<String>();
    values
        .keySet()
        .forEach(
            key -> {
              if (key.name().equals(counter.text())) {
                lanes.add(key.lane());
              }
            });
    return Collections.unmodifiableSet(lanes);
  }

  private Change sum(Counter counter, String lane) {
    return details(counter, lane).stream()
        .map(detail -> values.get(new Key(counter.text(), lane, detail)))
        .reduce(NONE, Change::plus);
  }
}
