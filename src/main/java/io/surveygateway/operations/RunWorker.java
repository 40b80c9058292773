package io.surveygateway.operations;

import io.surveygateway.store.Run;
import io.surveygateway.store.RunSteps;
import io.surveygateway.store.RunStore;
import io.surveygateway.store.Signals;
import io.surveygateway.store.StoreUnavailableException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the runs that were started, a step of each in turn, on a thread of its own.
 *
 * <p>What runs stands in the store: a gateway that starts goes on with what another one, or it
 * itself before, did not finish.
 */
final class RunWorker implements AutoCloseable {

  static final String LANE = "runs";

  private static final Logger log = LoggerFactory.getLogger(RunWorker.class);

  private final RunStore runs;
  private final RunSteps steps;
  private final Takers takers;
  private final Signals signals;
  private final RunSettings settings;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private boolean inTrouble;

  RunWorker(RunStore runs, RunSteps steps, Takers takers, Signals signals, RunSettings settings) {
    this.runs = runs;
    this.steps = steps;
    this.takers = takers;
    this.signals = signals;
    this.settings = settings;
    this.thread = new Thread(this::run, LANE);
    this.thread.setDaemon(true);
  }

  /** To be called once destinations and providers are known. */
  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (closed.getCount() > 0) {
        if (!stepOfEach()) {
          signals.await(LANE, settings.poll());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @return whether there was one to do
   */
  private boolean stepOfEach() throws InterruptedException {
    try {
      var running = runs.running();
      inTrouble = false;
      for (var id : running) {
        if (closed.getCount() > 0) {
          step(id);
          closed.await(settings.pause().toMillis(), TimeUnit.MILLISECONDS);
        }
      }
      return !running.isEmpty();
    } catch (StoreUnavailableException e) {
      if (!inTrouble) {
        inTrouble = true;
        log.warn("Runs wait: {}", e.getMessage());
      }
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      log.warn("Runs wait", e);
      return false;
    }
  }

  private void step(long id) {
    try {
      var run = steps.step(id, takers.forRuns(), settings.step());
      if (run != null && run.state() == Run.State.DONE) {
        log.info(
            "Run {} ({}) is done: {} looked at, {} changed, not possible {}",
            id,
            run.action().text(),
            run.done(),
            run.changed(),
            run.notPossible());
      }
    } catch (StoreUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      // The same step would fail again and again.
      log.error("Run {} is stopped", id, e);
      runs.stop(id, "It failed at a step, see the log: " + e.getClass().getSimpleName());
    }
  }

  /** Waits at most ten seconds for the step under way. */
  @Override
  public void close() {
    closed.countDown();
    signals.raise(LANE);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
