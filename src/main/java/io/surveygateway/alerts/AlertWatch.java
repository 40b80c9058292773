package io.surveygateway.alerts;

import io.surveygateway.logs.LogFields;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.upkeep.SharedJobs;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Looks now and again for what is amiss, says it in the log, and has the channels tell it.
 *
 * <p>One gateway of a store does so at a time, on a thread of its own, whose waiting for a channel
 * keeps nothing else from its work. What was said is known after a restart, and to the others.
 */
final class AlertWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AlertWatch.class);

  private static final String JOB = "alerts";

  /** A little longer than one call takes at most. */
  private static final Duration LONGEST_STOP = AlertHttp.LONGEST.plusSeconds(2);

  private final AlertStore store;
  private final List<Findings> findings;
  private final AlertBook book;
  private final List<AlertChannel> channels;
  private final AlertSender sender;
  private final SharedJobs jobs;
  private final AlertSettings settings;
  private final Clock clock;
  private @Nullable ScheduledExecutorService thread;
  private boolean failed;

  AlertWatch(
      AlertStore store,
      List<Findings> findings,
      List<AlertChannel> channels,
      AlertSender sender,
      SharedJobs jobs,
      AlertSettings settings,
      Clock clock) {
    this.store = store;
    this.findings = findings;
    this.book = new AlertBook(settings.clearedAfter(), settings.stillAfter());
    this.channels = channels;
    this.sender = sender;
    this.jobs = jobs;
    this.settings = settings;
    this.clock = clock;
  }

  /** When the routes are built: until then neither a provider nor a destination is known. */
  @EventListener(ApplicationReadyEvent.class)
  void start() {
    sayChannels();
    thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              var daemon = new Thread(work, JOB);
              daemon.setDaemon(true);
              return daemon;
            });
    var millis = settings.interval().toMillis();
    thread.scheduleWithFixedDelay(this::run, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void sayChannels() {
    for (var channel : channels) {
      if (channel.offBecause() == null) {
        log.info("Alerts go to the log and by {}", channel.name());
      } else {
        log.info("Alerts by {} are off: {}", channel.name(), channel.offBecause());
      }
    }
  }

  /** What left this would end the schedule for good. */
  void run() {
    try {
      // Due before its next turn: another gateway's clock may be a little behind.
      var pause = settings.interval().dividedBy(2);
      jobs.run(
          JOB,
          false,
          pause,
          deadline -> {
            look();
            sender.send(deadline.minus(Duration.ofMinutes(1)));
            return clock.instant().plus(pause);
          });
      failed = false;
    } catch (StoreUnavailableException e) {
      log.debug("No look for what is amiss: {}", e.getMessage());
    } catch (Throwable e) {
      if (!failed) {
        log.warn("A look for what is amiss failed, and is tried again", e);
      }
      failed = true;
    }
  }

  private void look() {
    var before = store.all();
    var found = new ArrayList<Finding>();
    findings.forEach(side -> found.addAll(side.look(before)));
    var now = clock.instant();
    var next = book.next(before, found, now);
    var on =
        channels.stream()
            .filter(channel -> channel.offBecause() == null)
            .map(AlertChannel::name)
            .toList();
    store.change(before, next, on, now);
    next.changes().forEach(AlertWatch::say);
  }

  private static void say(AlertChange change) {
    var name = change.about();
    try (var fields =
        change.kind().isOfProvider()
            ? LogFields.open().provider(name)
            : LogFields.open().destination(name)) {
      switch (change.what()) {
        case CLEARED -> log.info("ALERT over: {}: {}", name, change.text());
        case STILL ->
            log.warn("ALERT, still, since {}: {}: {}", change.since(), name, change.text());
        case RAISED -> {
          if (change.kind() == AlertKind.CREDENTIALS_REFUSED) {
            log.error("ALERT: {}: {}", name, change.text());
          } else {
            log.warn("ALERT: {}: {}", name, change.text());
          }
        }
      }
    }
  }

  /** Waits for a look that is under way, and for one call to a channel: another one may be next. */
  @Override
  public void close() {
    if (thread == null) {
      return;
    }
    sender.stop();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
