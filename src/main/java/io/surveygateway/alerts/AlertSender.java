package io.surveygateway.alerts;

import io.surveygateway.failure.Backoff;
import io.surveygateway.failure.FailureException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each channel what it has still to tell, oldest first.
 *
 * <p>A channel that fails is tried again {@value #ATTEMPTS} times in three hours; then that notice
 * is given up, which the log has said anyway. It holds up no other channel. Not for several threads
 * at a time.
 */
final class AlertSender {

  static final int ATTEMPTS = 10;

  private static final Backoff AGAIN =
      new Backoff(Duration.ofSeconds(30), 2, Duration.ofHours(1), ATTEMPTS);

  private static final Logger log = LoggerFactory.getLogger(AlertSender.class);

  private final AlertStore store;
  private final List<AlertChannel> channels;
  private final Clock clock;
  private final RandomGenerator random;
  private final Set<String> failing = new HashSet<>();
  private volatile boolean stopping;

  AlertSender(AlertStore store, List<AlertChannel> channels, Clock clock, RandomGenerator random) {
    this.store = store;
    this.channels = channels;
    this.clock = clock;
    this.random = random;
  }

  /**
   * @param deadline that nothing is begun after
   */
  void send(Instant deadline) {
    for (var channel : channels) {
      if (channel.offBecause() != null) {
        store.forget(channel.name());
        continue;
      }
      while (sendNext(channel) && clock.instant().isBefore(deadline)) {
        // Until one fails, or there is none.
      }
    }
  }

  /** Nothing more is begun: what is left is told after the next start, or by another gateway. */
  void stop() {
    stopping = true;
  }

  private boolean sendNext(AlertChannel channel) {
    if (stopping) {
      return false;
    }
    var notice = store.next(channel.name()).orElse(null);
    if (notice == null || notice.dueAt().isAfter(clock.instant())) {
      return false;
    }
    try {
      channel.tell(notice.id(), notice.changes());
    } catch (FailureException e) {
      failed(channel, notice, e);
      return false;
    }
    store.remove(notice);
    if (failing.remove(channel.name())) {
      log.info("Alerts arrive by {} again", channel.name());
    }
    return true;
  }

  private void failed(AlertChannel channel, AlertStore.Notice notice, FailureException thrown) {
    var tries = notice.attempts() + 1;
    if (AGAIN.isLast(tries)) {
      store.remove(notice);
    } else {
      store.retry(notice, clock.instant().plus(AGAIN.after(tries, thrown.failure(), random)));
    }
    if (failing.add(channel.name())) {
      log.warn(
          "Alerts do not arrive by {}, each is tried {} times in three hours and then left to the"
              + " log: {}",
          channel.name(),
          ATTEMPTS,
          thrown.failure().reason());
    }
  }
}
