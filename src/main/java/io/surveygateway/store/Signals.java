package io.surveygateway.store;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes consumers of this process as soon as there is work for them.
 *
 * <p>A signal that nobody waits for is kept until someone does; several are one. What other
 * processes write, and what falls due by time, is found by polling. Safe for use by many threads.
 */
public final class Signals {

  private final ConcurrentHashMap<String, Semaphore> lanes = new ConcurrentHashMap<>();

  /** There is work in this lane, such as {@code inbox:popsee}. */
  public void raise(String lane) {
    var semaphore = of(lane);
    if (semaphore.availablePermits() == 0) {
      semaphore.release();
    }
  }

  /** Returns when the lane is signalled, or the time is over. */
  public void await(String lane, Duration longest) throws InterruptedException {
    var semaphore = of(lane);
    if (semaphore.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      semaphore.drainPermits();
    }
  }

  private Semaphore of(String lane) {
    return lanes.computeIfAbsent(lane, name -> new Semaphore(0));
  }
}
