package io.surveygateway.reload;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the folder every now and then, and has it loaded once it has changed and stood still
 * from one look to the next: editors write in several steps, and folders are copied file by file.
 *
 * <p>Looks and is not told: what an operating system tells of changes gets lost on mounted folders,
 * and where new folders are made. A look reads a few hundred small files.
 */
final class RouteWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RouteWatch.class);

  /** Looks that fail one after the other before it is said. */
  private static final int OFTEN = 5;

  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final Supplier<RouteSet> folder;
  private final Supplier<RouteSet> tried;
  private final Consumer<RouteSet> load;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var daemon = new Thread(work, "reload");
            daemon.setDaemon(true);
            return daemon;
          });
  private @Nullable RouteSet unsettled;
  private int failed;

  /**
   * @param folder reads it, or throws {@link UncheckedIOException}
   * @param tried gives the folder as it was when it was last tried to load it
   * @param load tries
   */
  RouteWatch(Supplier<RouteSet> folder, Supplier<RouteSet> tried, Consumer<RouteSet> load) {
    this.folder = folder;
    this.tried = tried;
    this.load = load;
  }

  void start(Duration every) {
    thread.scheduleWithFixedDelay(
        this::lookAndGoOn, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whatever left this method would end the looks for good. */
  private void lookAndGoOn() {
    try {
      look();
    } catch (Throwable e) {
      log.error("The routes could not be looked at, and are looked at again", e);
    }
  }

  /** One look. By one thread at a time. */
  void look() {
    RouteSet now;
    try {
      now = folder.get();
      failed = 0;
    } catch (UncheckedIOException e) {
      // A file that is gone between two calls is met often; what lasts is said, once.
      unsettled = null;
      failed++;
      if (failed == OFTEN) {
        log.warn("The routes cannot be read; those that run go on: {}", e.getCause().toString());
      }
      return;
    }
    if (now.equals(tried.get())) {
      unsettled = null;
    } else if (!now.equals(unsettled)) {
      unsettled = now;
    } else {
      unsettled = null;
      load.accept(now);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
