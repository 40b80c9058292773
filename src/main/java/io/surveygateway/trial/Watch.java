package io.surveygateway.trial;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends a trial that takes too long or too much: the steps of its routes ask, and so does each step
 * of each jq program.
 *
 * <p>There are limits on the time of the trial, and for one step of a route on the steps of jq and
 * on memory. Memory is what the thread has asked for, freed or not; where the Java machine does not
 * count that, the others have to do. For one thread.
 */
final class Watch {

  /** Far more than a mapping takes: a response of a thousand answers makes some 100,000. */
  static final int MOST_JQ_STEPS = 5_000_000;

  /** Bytes that one step of a route may ask for. */
  static final long MOST_MEMORY =
      Math.max(32L << 20, Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8));

  /** Asking for time and memory costs: it is done each so many steps. */
  private static final int STRIDE = 16;

  private static final @Nullable ThreadMXBean MEMORY =
      ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
              && bean.isThreadAllocatedMemorySupported()
          ? bean
          : null;

  /** What was asked for cannot be had; says which. */
  static final class OverException extends RuntimeException {

    OverException(String message) {
      super(message, null, false, false);
    }
  }

  private final Duration longest;
  private final long deadline;
  private long before = allocated();
  private int jqSteps;
  private @Nullable String over;

  Watch(Duration longest) {
    this.longest = longest;
    this.deadline = System.nanoTime() + longest.toNanos();
  }

  private static long allocated() {
    return MEMORY == null ? 0 : MEMORY.getCurrentThreadAllocatedBytes();
  }

  /**
   * A step of a route begins.
   *
   * @throws OverException if it is over; from then on each time
   */
  void step() {
    jqSteps = 0;
    before = allocated();
    checkNow();
  }

  /**
   * A step of a jq program begins or gives something.
   *
   * @throws OverException if it is over; from then on each time
   */
  void jqStep() {
    if (++jqSteps > MOST_JQ_STEPS && over == null) {
      over = "a mapping took more than " + MOST_JQ_STEPS + " steps";
    }
    if (over != null || jqSteps % STRIDE == 0) {
      checkNow();
    }
  }

  private void checkNow() {
    if (over == null && System.nanoTime() - deadline > 0) {
      over = "it took longer than " + longest.toMillis() / 1000.0 + " s";
    }
    if (over == null && allocated() - before > MOST_MEMORY) {
      over = "a step took more than " + (MOST_MEMORY >> 20) + " MB of memory";
    }
    if (over != null) {
      throw new OverException(over);
    }
  }

  /** Why it is over, or null while it is not. */
  @Nullable String over() {
    return over;
  }

  /** What is left of its time. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }
}
