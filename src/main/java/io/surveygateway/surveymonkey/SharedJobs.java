package io.surveygateway.surveymonkey;

import io.surveygateway.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Work that one gateway of a store does at a time, each kind by its name, and when it is due again.
 *
 * <p>A lease of {@link #LEASE} keeps the others off; one that died leaves it to run out. Work has
 * to end before it does. Safe for use by many threads.
 */
@Component
final class SharedJobs {

  static final Duration LEASE = Duration.ofMinutes(15);

  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** Names this process; a new one at each start. */
  private final String node = UUID.randomUUID().toString();

  private final Store store;
  private final Clock clock;

  SharedJobs(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** One kind of work. */
  interface Job {

    /**
     * @param deadline to end before
     * @return when it is due again
     */
    Instant run(Instant deadline);
  }

  /**
   * Does the work unless another gateway is at it, or it is not due.
   *
   * @param now whether it is due whatever its date
   * @param retry when it is due again where it fails
   * @return whether it was done
   */
  boolean run(String name, boolean now, Duration retry, Job job) {
    var start = clock.instant();
    if (!take(name, now, start)) {
      return false;
    }
    var next = start.plus(retry);
    try {
      next = job.run(start.plus(LEASE).minus(MARGIN));
    } finally {
      release(name, next);
    }
    return true;
  }

  private boolean take(String name, boolean now, Instant at) {
    return store.write(
        jdbc -> {
          jdbc.update(
              "INSERT INTO surveymonkey_job (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name);
          return jdbc.update(
                  "UPDATE surveymonkey_job SET lease_owner = ?, lease_until = ? WHERE name = ? AND"
                      + " lease_until <= ? AND (next_at <= ? OR ? = 1)",
                  node,
                  at.plus(LEASE).toEpochMilli(),
                  name,
                  at.toEpochMilli(),
                  at.toEpochMilli(),
                  now ? 1 : 0)
              == 1;
        });
  }

  private void release(String name, Instant next) {
    store.write(
        jdbc ->
            jdbc.update(
                "UPDATE surveymonkey_job SET next_at = ?, lease_owner = NULL, lease_until = 0 WHERE"
                    + " name = ? AND lease_owner = ?",
                next.toEpochMilli(),
                name,
                node));
  }
}
