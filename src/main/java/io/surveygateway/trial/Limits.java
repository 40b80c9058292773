package io.surveygateway.trial;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Runs trials beside the gateway's work: few at once, each on a thread of its own that ends in
 * time.
 *
 * <p>A step that neither asks the watch nor hears an interrupt is left behind at the end of its
 * time, and its place stays taken until it ends: what cannot be stopped is not piled up. Safe for
 * use by many threads.
 */
final class Limits {

  private static final int AT_ONCE = 2;

  /** As the threads that map have it (store.Claims), so that a trial fails where they would. */
  private static final long STACK = 16L << 20;

  /** For a step that does not ask the watch, after the time is over. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Semaphore places = new Semaphore(AT_ONCE);

  /**
   * @throws TrialException if all places are taken, or it takes too long
   */
  <T> T run(Duration longest, Function<Watch, T> trial) {
    if (!places.tryAcquire()) {
      throw new TrialException(
          TrialException.Kind.BUSY, "Expected " + AT_ONCE + " tries at once at most: come back");
    }
    var done = new CompletableFuture<T>();
    var thread =
        new Thread(
            null,
            () -> {
              Runnable end;
              try {
                var made = trial.apply(new Watch(longest));
                end = () -> done.complete(made);
              } catch (Throwable e) {
                end = () -> done.completeExceptionally(e);
              }
              // First: whoever waits may try again at once.
              places.release();
              end.run();
            },
            "trial",
            STACK);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
    try {
      return done.get(longest.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw tooMuch("it took longer than " + longest.toMillis() / 1000.0 + " s");
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw tooMuch("the gateway stops");
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    }
  }

  static TrialException tooMuch(String why) {
    return new TrialException(
        TrialException.Kind.TOO_MUCH, "The try was ended: " + why + ". Does the jq loop?");
  }

  private static RuntimeException unwrapped(Throwable cause) {
    if (cause instanceof Watch.OverException || cause instanceof VirtualMachineError) {
      return tooMuch(
          cause instanceof VirtualMachineError
              ? "Java ran out of " + (cause instanceof StackOverflowError ? "stack" : "memory")
              : String.valueOf(cause.getMessage()));
    }
    return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
  }
}
