package io.surveygateway.surveymonkey;

import io.surveygateway.failure.FailureException;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.surveymonkey.SharedJobs.Job;
import io.surveygateway.surveymonkey.SurveyMonkeyApi.NoCallLeftException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Runs what is to be done at SurveyMonkey beside its events: at the start, and when it is due, on a
 * thread of its own.
 */
@Component
public final class SurveyMonkeyJobs implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SurveyMonkeyJobs.class);

  private static final Duration POLL = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofMinutes(15);
  private static final Duration TIDY = Duration.ofHours(1);

  private final SharedJobs jobs;
  private final Subscriptions subscriptions;
  private final SubscriptionSettings subscriptionSettings;
  private final GapRepair gapRepair;
  private final GapRepairSettings gapRepairSettings;
  private final StoredCallBudget budget;
  private final Clock clock;
  private final Map<String, String> trouble = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var daemon = new Thread(work, "surveymonkey-jobs");
            daemon.setDaemon(true);
            return daemon;
          });

  SurveyMonkeyJobs(
      SharedJobs jobs,
      Subscriptions subscriptions,
      SubscriptionSettings subscriptionSettings,
      GapRepair gapRepair,
      GapRepairSettings gapRepairSettings,
      StoredCallBudget budget,
      Clock clock) {
    this.jobs = jobs;
    this.subscriptions = subscriptions;
    this.subscriptionSettings = subscriptionSettings;
    this.gapRepair = gapRepair;
    this.gapRepairSettings = gapRepairSettings;
    this.budget = budget;
    this.clock = clock;
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    thread.execute(() -> runAll(true));
    thread.scheduleWithFixedDelay(
        () -> runAll(false), POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What last went wrong, by the name of the work; empty while all is well. */
  Map<String, String> trouble() {
    return Map.copyOf(trouble);
  }

  private void runAll(boolean now) {
    run("tidy", false, deadline -> tidy());
    if (subscriptions.isOn()) {
      run("subscriptions", now, deadline -> checkSubscriptions());
    }
    if (gapRepair.isOn()) {
      run("gap repair", now, this::repair);
    }
  }

  private Instant tidy() {
    budget.tidy();
    return clock.instant().plus(TIDY);
  }

  /**
   * Looks at once for responses that SurveyMonkey never told of, on the jobs' own thread.
   *
   * @return false where it is off: no access token, or no survey that it is set for
   */
  public boolean repairNow() {
    if (gapRepair.isOn()) {
      thread.execute(() -> run("gap repair", true, this::repair));
    }
    return gapRepair.isOn();
  }

  private Instant repair(Instant deadline) {
    gapRepair.run(deadline);
    return clock.instant().plus(gapRepairSettings.interval());
  }

  private Instant checkSubscriptions() {
    subscriptions.check();
    return clock.instant().plus(subscriptionSettings.interval());
  }

  /** Whatever left this method would end the schedule for good. */
  void run(String name, boolean now, Job job) {
    try {
      if (jobs.run(name, now, RETRY, deadline -> orWhenThereAreCalls(name, deadline, job))) {
        trouble.remove(name);
      }
    } catch (FailureException e) {
      say(name, e.failure().reason());
    } catch (StoreUnavailableException e) {
      say(name, e.getMessage());
    } catch (Throwable e) {
      trouble.put(name, e.getClass().getSimpleName());
      log.warn("SurveyMonkey: {} failed, and is tried again", name, e);
    }
  }

  private static Instant orWhenThereAreCalls(String name, Instant deadline, Job job) {
    try {
      return job.run(deadline);
    } catch (NoCallLeftException e) {
      log.info("SurveyMonkey: {} is {}", name, e.getMessage());
      return e.until().until();
    }
  }

  private void say(String name, String reason) {
    if (!reason.equals(trouble.put(name, reason))) {
      log.warn("SurveyMonkey: {} failed, and is tried again: {}", name, reason);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
