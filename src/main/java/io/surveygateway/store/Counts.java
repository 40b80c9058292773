package io.surveygateway.store;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one transaction changed, summed in memory, for {@link Counters#add}.
 *
 * <p>To be filled by what the statements did change, not by what they were meant to: then a
 * transaction that is repeated counts once. For one thread.
 */
public final class Counts {

  /** In the order in which every transaction takes the rows. */
  record Key(String name, String lane, String detail) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::name).thenComparing(Key::lane).thenComparing(Key::detail);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * @param taken what left again; never negative, nor is {@code added}
   */
  record Change(long added, long taken) {

    Change plus(Change other) {
      return new Change(added + other.added, taken + other.taken);
    }
  }

  private final Map<Key, Change> changes = new TreeMap<>();

  /**
   * @param n how many came; below zero: how many left
   */
  public Counts add(Counter counter, String lane, long n) {
    return add(counter, lane, "", n);
  }

  /**
   * @param detail one of a few: each is a row of its own
   * @param n how many came; below zero: how many left
   */
  public Counts add(Counter counter, String lane, String detail, long n) {
    if (n != 0) {
      changes.merge(
          new Key(counter.text(), lane, detail),
          new Change(Math.max(n, 0), Math.max(-n, 0)),
          Change::plus);
    }
    return this;
  }

  /**
   * @param n requests of this provider whose state was {@code from} and is {@code to}
   */
  public Counts requestsMoved(String provider, Work.State from, Work.State to, long n) {
    if (from != to) {
      Counter.ofRequests(from).ifPresent(counter -> add(counter, provider, -n));
      Counter.ofRequests(to).ifPresent(counter -> add(counter, provider, n));
    }
    return this;
  }

  /**
   * @param n deliveries to this destination whose state was {@code from} and is {@code to}
   */
  public Counts deliveriesMoved(String destination, Work.State from, Work.State to, long n) {
    if (from != to) {
      Counter.ofDeliveries(from).ifPresent(counter -> add(counter, destination, -n));
      Counter.ofDeliveries(to).ifPresent(counter -> add(counter, destination, n));
    }
    return this;
  }

  /** In the order of the keys. */
  Map<Key, Change> changes() {
    return changes;
  }
}
