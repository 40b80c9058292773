package io.surveygateway.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one consumer: claim what is due, work on it, hold the leases meanwhile.
 *
 * <p>Each lane has threads of its own, so that one that is slow or stuck delays no other. A signal
 * wakes them at once; without one they look at every poll. Trouble with the store is said once, and
 * tried again at every poll.
 *
 * @param <C> what is claimed
 */
public final class Claims<C> {

  /** What a consumer does with claims. */
  public interface Lane<C> {

    /** Takes a lease on what is due, at most {@code limit}. */
    List<C> claim(int limit);

    long idOf(C claim);

    void renew(Collection<Long> ids);

    void release(Collection<Long> ids);

    /** Works on the claims in order, telling {@code progress} of each; must not throw for one. */
    void work(List<C> claimed, Progress progress);

    /** How long to rest where nothing was claimed and nothing signals, {@code poll} at most. */
    default Duration rest(Duration poll) {
      return poll;
    }
  }

  /** What a worker tells of its claims. Safe for use by many threads. */
  public interface Progress {

    /**
     * False when the gateway is stopping, or could not renew a lease in time, so that another may
     * have it: what has not begun then is given back.
     */
    boolean begin(Collection<Long> ids);

    /** The same for one. */
    default boolean begin(long id) {
      return begin(List.of(id));
    }

    /** Its outcome is recorded, or lost: the lease is not renewed any more. */
    void end(long id);
  }

  private static final Logger log = LoggerFactory.getLogger(Claims.class);

  /**
   * Bytes, taken as they are needed. jq's steps call each other deeply: on a JVM that has just
   * started, a long form takes most of the one megabyte that a thread has by default.
   */
  private static final long STACK = 16L << 20;

  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  private final Lane<C> lane;
  private final String name;
  private final int limit;
  private final int threads;
  private final Duration lease;
  private final Duration poll;
  private final Signals signals;
  private final LongSupplier nanos;

  /** What is worked on, and until when its lease is sure to hold, as {@code nanos} counts. */
  private final Map<Long, Long> held = new ConcurrentHashMap<>();

  private final List<Thread> running = new ArrayList<>();
  private @Nullable ScheduledExecutorService renewals;
  private volatile boolean stopping;
  private volatile boolean inTrouble;

  /**
   * @param name of the lane, as in {@link Signals}
   * @param limit of one claim
   */
  public Claims(
      Lane<C> lane,
      String name,
      int limit,
      int threads,
      Duration lease,
      Duration poll,
      Signals signals) {
    this(lane, name, limit, threads, lease, poll, signals, System::nanoTime);
  }

  Claims(
      Lane<C> lane,
      String name,
      int limit,
      int threads,
      Duration lease,
      Duration poll,
      Signals signals,
      LongSupplier nanos) {
    this.lane = lane;
    this.name = name;
    this.limit = limit;
    this.threads = threads;
    this.lease = lease;
    this.poll = poll;
    this.signals = signals;
    this.nanos = nanos;
  }

  public synchronized void start() {
    stopping = false;
    for (var i = 1; i <= threads; i++) {
      var thread = new Thread(null, this::run, name + "-" + i, STACK);
      thread.setDaemon(true);
      running.add(thread);
      thread.start();
    }
    renewals =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              var thread = new Thread(work, name + "-leases");
              thread.setDaemon(true);
              return thread;
            });
    renewals.scheduleWithFixedDelay(
        this::renew, lease.toMillis() / 3, lease.toMillis() / 3, TimeUnit.MILLISECONDS);
  }

  /** Lets what has begun come to its end, within bounds, and gives back the rest. */
  public synchronized void stop() {
    stopping = true;
    var end = System.nanoTime() + LONGEST_STOP.toNanos();
    try {
      for (var thread : running) {
        signals.raise(name);
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        if (thread.isAlive()) {
          log.warn("{} did not come to an end in time; its leases run out", thread.getName());
          thread.interrupt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.clear();
    if (renewals != null) {
      renewals.shutdownNow();
      renewals = null;
    }
  }

  private void run() {
    while (!stopping) {
      try {
        if (!claimAndWork()) {
          signals.await(name, lane.rest(poll));
        }
        if (inTrouble) {
          inTrouble = false;
          log.info("{} works again", name);
        }
      } catch (InterruptedException e) {
        return;
      } catch (Throwable e) {
        // An Error too: a lane whose thread has ended would be silent for ever.
        sayAndWait(e);
      }
    }
    // A signal wakes one thread: pass it on to those that wait beside this one.
    signals.raise(name);
  }

  private boolean claimAndWork() {
    var leasedUntil = leaseFromNow();
    var claimed = lane.claim(limit);
    if (claimed.isEmpty()) {
      return false;
    }
    if (claimed.size() == limit) {
      // There may be more: another thread of this lane need not wait for its poll.
      signals.raise(name);
    }
    // A lease that ran out under our own hands, by a jump of the clock, is still work of ours.
    var ours =
        claimed.stream()
            .filter(claim -> held.putIfAbsent(lane.idOf(claim), leasedUntil) == null)
            .toList();
    if (ours.isEmpty()) {
      return false;
    }
    var ids = ours.stream().map(lane::idOf).toList();
    var progress = new Held(ids);
    try {
      lane.work(ours, progress);
    } finally {
      release(progress.untouched());
      ids.forEach(held::remove);
    }
    return true;
  }

  private void release(List<Long> ids) {
    try {
      lane.release(ids);
    } catch (RuntimeException e) {
      log.warn("{} could not give back its leases, they run out: {}", name, e.getMessage());
    }
  }

  private void sayAndWait(Throwable e) {
    if (!inTrouble) {
      inTrouble = true;
      // The database's own messages quote values, and say no more than ours.
      var isStores = e instanceof StoreUnavailableException || e instanceof DataRefusedException;
      log.warn("{} waits: {}", name, e.getMessage(), isStores ? null : e);
    }
    try {
      Thread.sleep(poll.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long leaseFromNow() {
    return nanos.getAsLong() + lease.toNanos();
  }

  private boolean isOver(long leasedUntil) {
    return nanos.getAsLong() - leasedUntil >= 0;
  }

  private boolean isSurelyOurs(long id) {
    var leasedUntil = held.get(id);
    return leasedUntil != null && !isOver(leasedUntil);
  }

  void renew() {
    try {
      var leasedUntil = leaseFromNow();
      var ids = List.copyOf(held.keySet());
      lane.renew(ids);
      // What was over before may be another's: the renewal did not tell.
      ids.forEach(
          id -> held.computeIfPresent(id, (same, old) -> isOver(old) ? old : (Long) leasedUntil));
    } catch (Throwable e) {
      // Whatever left this method would end the renewals for good.
      log.warn("{} could not renew its leases: {}", name, e.getMessage());
    }
  }

  private final class Held implements Progress {

    private final Set<Long> untouched = ConcurrentHashMap.newKeySet();

    Held(List<Long> ids) {
      untouched.addAll(ids);
    }

    @Override
    public boolean begin(Collection<Long> ids) {
      if (stopping || !ids.stream().allMatch(Claims.this::isSurelyOurs)) {
        return false;
      }
      untouched.removeAll(ids);
      return true;
    }

    @Override
    public void end(long id) {
      held.remove(id);
    }

    List<Long> untouched() {
      return List.copyOf(untouched);
    }
  }
}
