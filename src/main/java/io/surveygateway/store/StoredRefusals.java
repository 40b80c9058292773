package io.surveygateway.store;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes refusals to the store in the background, at most {@value #LARGEST_RATE} rows a second.
 *
 * <p>A scanner or a wrong secret can cause refusals at any rate: what goes over is counted, and the
 * count is logged once a minute at most. All are counted, by provider and status, in the next
 * write.
 */
final class StoredRefusals implements RefusalLog, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StoredRefusals.class);
  private static final int LARGEST_RATE = 20;
  private static final int LONGEST_PATH = 255;
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  /** Wakes the writer for its end. */
  private static final Refusal END = new Refusal(0, "", "", 0, "");

  private record Counted(String provider, int status) {}

  private record Refusal(long at, String provider, String path, int status, String cause) {}

  private final Store store;
  private final Ids ids;
  private final Clock clock;
  private final Counters counters;
  private final ArrayBlockingQueue<Refusal> queue = new ArrayBlockingQueue<>(10 * LARGEST_RATE);
  private final AtomicLong second = new AtomicLong();
  private final AtomicInteger inSecond = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final ConcurrentHashMap<Counted, Long> uncounted = new ConcurrentHashMap<>();
  private final Thread writer;
  private volatile boolean closed;

  StoredRefusals(Store store, Ids ids, Clock clock, Counters counters) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.counters = counters;
    this.writer = new Thread(this::run, "refusals");
    this.writer.setDaemon(true);
    this.writer.start();
  }

  @Override
  public void refused(String provider, String path, int status, String cause) {
    uncounted.merge(new Counted(provider, status), 1L, Long::sum);
    var now = clock.millis();
    if (second.getAndSet(now / 1000) != now / 1000) {
      inSecond.set(0);
    }
    var shortPath = path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH);
    if (inSecond.incrementAndGet() > LARGEST_RATE
        || !queue.offer(new Refusal(now, provider, printable(shortPath), status, cause))) {
      dropped.incrementAndGet();
    }
  }

  /** A path is a stranger's text: nothing in it may trouble the database or a terminal. */
  private static String printable(String path) {
    return path.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private void run() {
    long lastSaid = 0;
    var isLast = false;
    while (!isLast) {
      try {
        var first = queue.poll(1, TimeUnit.SECONDS);
        isLast = closed;
        List<Refusal> group = new ArrayList<>();
        if (first != null) {
          group.add(first);
          queue.drainTo(group);
          group.remove(END);
        }
        if (!group.isEmpty() || !uncounted.isEmpty()) {
          write(group);
        }
        if (dropped.get() > 0 && clock.millis() - lastSaid > 60_000) {
          lastSaid = clock.millis();
          log.warn("{} more requests were refused than are kept one by one", dropped.getAndSet(0));
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void write(List<Refusal> group) {
    var counted = new HashMap<Counted, Long>();
    uncounted.keySet().forEach(key -> counted.put(key, uncounted.remove(key)));
    var counts = new Counts();
    counted.forEach(
        (key, n) ->
            counts.add(Counter.REQUESTS_REFUSED, key.provider, String.valueOf(key.status), n));
    try {
      write(group, counts);
    } catch (RuntimeException e) {
      // A refusal that cannot be kept harms nobody; the store says elsewhere that it is down.
      dropped.addAndGet(group.size());
      counted.forEach((key, n) -> uncounted.merge(key, n, Long::sum));
    }
  }

  private void write(List<Refusal> group, Counts counts) {
    // Ids first: not within the transaction.
    var numbered = group.stream().map(refusal -> new Object[] {ids.next(), refusal}).toList();
    store.write(
        jdbc -> {
          jdbc.batchUpdate(
              "INSERT INTO refusal (id, refused_at, provider, path, status, cause) VALUES (?, ?,"
                  + " ?, ?, ?, ?)",
              numbered.stream()
                  .map(
                      pair -> {
                        var refusal = (Refusal) pair[1];
                        return new Object[] {
                          pair[0],
                          refusal.at,
                          refusal.provider,
                          refusal.path,
                          refusal.status,
                          refusal.cause
                        };
                      })
                  .toList());
          counters.add(jdbc, counts);
          return null;
        });
  }

  /** Writes what waits, then stops; waits at most five seconds for it. */
  @Override
  public void close() {
    closed = true;
    queue.offer(END);
    try {
      writer.join(LONGEST_STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
