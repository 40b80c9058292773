package io.surveygateway.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The pause between two short steps of a long run, which leaves the store to others; and the end of
 * a run before its time. Safe for use by many threads.
 */
final class Breath implements AutoCloseable {

  private final Duration pause;
  private final CountDownLatch closed = new CountDownLatch(1);

  Breath(Duration pause) {
    this.pause = pause;
  }

  /** Whether a run may take its next step. */
  boolean goesOn() {
    return closed.getCount() > 0;
  }

  /** Returns at once where the run is to end; an interrupted thread ends it, and stays so. */
  void take() {
    try {
      closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends a run after the step under way. */
  @Override
  public void close() {
    closed.countDown();
  }
}
