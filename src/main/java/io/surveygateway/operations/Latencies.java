package io.surveygateway.operations;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * How long senders waited for their answers, and responses for their arrival, in the last 15
 * minutes at this gateway. Safe for use by many threads.
 */
public final class Latencies {

  /**
   * @param destination where responses arrived, from their request on; null: senders that had their
   *     answer, of what was taken in
   * @param count how many
   * @param half took so long at most, and {@code most} 99 of 100 did; each up to 15 % too much
   */
  public record Latency(@Nullable String destination, long count, Duration half, Duration most) {}

  private final Clock clock;
  private final RecentTimes answers;
  private final Map<String, RecentTimes> arrivals = new ConcurrentSkipListMap<>();

  Latencies(Clock clock) {
    this.clock = clock;
    this.answers = new RecentTimes(clock);
  }

  void answered(long nanos) {
    answers.record(nanos);
  }

  /**
   * @param destination one of those that there are routes for
   */
  void delivered(String destination, Duration sinceReceived) {
    arrivals
        .computeIfAbsent(destination, each -> new RecentTimes(clock))
        .record(sinceReceived.toNanos());
  }

  /** Answers first, then destinations that something arrived at; none: nothing was taken in. */
  public List<Latency> read() {
    var read = new ArrayList<Latency>();
    add(read, null, answers);
    arrivals.forEach((destination, times) -> add(read, destination, times));
    return List.copyOf(read);
  }

  private static void add(List<Latency> read, @Nullable String destination, RecentTimes times) {
    var shares = times.shares();
    if (shares.count() > 0) {
      read.add(new Latency(destination, shares.count(), shares.half(), shares.most()));
    }
  }
}
