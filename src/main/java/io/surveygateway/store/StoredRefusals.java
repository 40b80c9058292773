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
 * <p>Those of the last moment before a kill are lost, and what does not fit while the store is
 * away: a refusal that is not kept harms nobody.
 *
 * <p>A scanner or a wrong secret can cause refusals at any rate: what goes over is counted, and the
 * count is logged once a minute at most. All are counted, by provider and status, in the next
 * write.
 */
final class StoredRefusals implements RefusalLog, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StoredRefusals.class);
  private static final int LARGEST_RATE = 20;
  private static final int MOST_WAITING = 10 * LARGEST_RATE;
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
  private final ArrayBlockingQueue<Refusal> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong second = new AtomicLong();
  private final AtomicInteger inSecond = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final ConcurrentHashMap<Counted, Long> uncounted = new ConcurrentHashMap<>();
  private final Thread writer;
  private volatile boolean closed;

  /** For the writer alone. */
  private long lastSaid;

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
    List<Refusal> waiting = new ArrayList<>();
    var isLast = false;
    while (!isLast) {
      try {
        var first = waiting.isEmpty() ? queue.poll(1, TimeUnit.SECONDS) : null;
        isLast = closed;
        if (first != null) {
          waiting.add(first);
        }
        queue.drainTo(waiting, MOST_WAITING - waiting.size());
        waiting.remove(END);
        if ((!waiting.isEmpty() || !uncounted.isEmpty()) && !isWritten(waiting) && !isLast) {
          TimeUnit.SECONDS.sleep(1);
        }
        if (dropped.get() > 0 && isTimeToSay()) {
          log.warn("{} more requests were refused than are kept one by one", dropped.getAndSet(0));
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** What cannot be written waits, so that a store that is away for a moment costs no answer. */
  private boolean isWritten(List<Refusal> waiting) {
    var counted = new HashMap<Counted, Long>();
    uncounted.keySet().forEach(key -> counted.put(key, uncounted.remove(key)));
    var counts = new Counts();
    counted.forEach(
        (key, n) ->
            counts.add(Counter.REQUESTS_REFUSED, key.provider, String.valueOf(key.status), n));
    try {
      write(waiting, counts);
      waiting.clear();
      return true;
    } catch (RuntimeException e) {
      counted.forEach((key, n) -> uncounted.merge(key, n, Long::sum));
      if (isTimeToSay()) {
        log.warn(
            "{} refused requests cannot be kept yet, and are tried again: {}",
            waiting.size(),
            e.getClass().getSimpleName());
      }
      return false;
    }
  }

  private boolean isTimeToSay() {
    var isTime = clock.millis() - lastSaid > 60_000;
    lastSaid = isTime ? clock.millis() : lastSaid;
    return isTime;
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
