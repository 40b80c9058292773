package io.surveygateway.upkeep;

import io.surveygateway.failure.FailureException;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.upkeep.SharedJobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is to be done at one provider beside its events: at the start, when it is due, and when
 * somebody asks, on a thread of its own. Safe for use by many threads.
 */
public final class ProviderJobs implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ProviderJobs.class);

  private static final Duration POLL = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofMinutes(15);

  /**
   * One kind of work.
   *
   * @param name such as {@code gap repair}
   * @param isOn whether there is anything to be done
   * @param atStart whether it is due at each start
   */
  public record Work(String name, BooleanSupplier isOn, boolean atStart, Job job) {}

  private final String provider;
  private final String shown;
  private final SharedJobs jobs;
  private final List<Work> works;
  private final Map<String, String> trouble = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread;

  /**
   * @param provider its name in paths
   * @param shown its name for people
   */
  public ProviderJobs(String provider, String shown, SharedJobs jobs, List<Work> works) {
    this.provider = provider;
    this.shown = shown;
    this.jobs = jobs;
    this.works = List.copyOf(works);
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              var daemon = new Thread(work, provider + "-jobs");
              daemon.setDaemon(true);
              return daemon;
            });
  }

  public void start() {
    thread.execute(() -> runAll(true));
    thread.scheduleWithFixedDelay(
        () -> runAll(false), POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What last went wrong here, by the name of the work; empty while all is well. */
  public Map<String, String> trouble() {
    return Map.copyOf(trouble);
  }

  /** How a kind of work stands, over all gateways. */
  public SharedJobs.State state(String name) {
    return jobs.state(key(name));
  }

  /** Keeps what came of a kind of work, for all gateways to show. */
  public void report(String name, String report) {
    jobs.report(key(name), report);
  }

  /**
   * Does it at once, whatever its date, on the jobs' own thread.
   *
   * @return false where a gateway is at it already, or this one is stopping
   */
  public boolean startNow(String name) {
    var work = works.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    if (!jobs.take(key(name), true)) {
      return false;
    }
    try {
      thread.execute(() -> guarded(work, () -> jobs.runTaken(key(name), RETRY, job(work))));
      return true;
    } catch (RejectedExecutionException stopping) {
      jobs.giveBack(key(name));
      return false;
    }
  }

  private void runAll(boolean isStart) {
    for (var work : works) {
      if (work.isOn().getAsBoolean()) {
        guarded(
            work, () -> jobs.run(key(work.name()), isStart && work.atStart(), RETRY, job(work)));
      }
    }
  }

  private String key(String name) {
    return provider + " " + name;
  }

  private Job job(Work work) {
    return deadline -> {
      var next = orLater(work, deadline);
      trouble.remove(work.name());
      return next;
    };
  }

  private Instant orLater(Work work, Instant deadline) {
    try {
      return work.job().run(deadline);
    } catch (GoesOnLaterException e) {
      log.info("{}: {} is {}", shown, work.name(), e.getMessage());
      return e.until();
    }
  }

  /** Whatever left this method would end the schedule for good. */
  private void guarded(Work work, Runnable run) {
    try {
      run.run();
    } catch (FailureException e) {
      say(work.name(), e.failure().reason());
    } catch (StoreUnavailableException e) {
      say(work.name(), e.getMessage());
    } catch (Throwable e) {
      trouble.put(work.name(), e.getClass().getSimpleName());
      log.warn("{}: {} failed, and is tried again", shown, work.name(), e);
    }
  }

  private void say(String name, String reason) {
    if (!reason.equals(trouble.put(name, reason))) {
      log.warn("{}: {} failed, and is tried again: {}", shown, name, reason);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
