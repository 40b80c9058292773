package io.surveygateway.upkeep;

import io.surveygateway.failure.FailureException;
import io.surveygateway.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Work that one gateway of a store does at a time, each kind by its name, and when it is due again.
 *
 * <p>A lease of {@link #LEASE} keeps the others off; one that died leaves it to run out. Work has
 * to end before it does. Safe for use by many threads.
 */
@Component
public final class SharedJobs {

  static final Duration LEASE = Duration.ofMinutes(15);

  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** Names this process; a new one at each start. */
  private final String node = UUID.randomUUID().toString();

  private final Store store;
  private final Clock clock;

  public SharedJobs(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** One kind of work. */
  public interface Job {

    /**
     * @param deadline to end before
     * @return when it is due again
     */
    Instant run(Instant deadline);
  }

  /**
   * How a kind of work stands, over all gateways of the store.
   *
   * @param isUnderWay whether a gateway is at it
   * @param nextAt when it is due; null before its first time
   * @param endedAt when it last ended; null before that
   * @param failure why it last failed; null where it did not
   * @param report what it told last, as it was told; null for nothing
   */
  public record State(
      boolean isUnderWay,
      @Nullable Instant nextAt,
      @Nullable Instant endedAt,
      @Nullable String failure,
      @Nullable String report) {

    private static final State NEVER = new State(false, null, null, null, null);
  }

  /**
   * Does the work unless another gateway is at it, or it is not due.
   *
   * @param now whether it is due whatever its date
   * @param retry when it is due again where it fails
   * @return whether it was done
   */
  public boolean run(String name, boolean now, Duration retry, Job job) {
    if (!take(name, now)) {
      return false;
    }
    runTaken(name, retry, job);
    return true;
  }

  /** Does what {@link #take} gave. */
  void runTaken(String name, Duration retry, Job job) {
    var start = clock.instant();
    var next = start.plus(retry);
    String failure = null;
    try {
      next = job.run(start.plus(LEASE).minus(MARGIN));
    } catch (FailureException e) {
      failure = e.failure().reason();
      throw e;
    } catch (RuntimeException | Error e) {
      failure = e.getClass().getSimpleName();
      throw e;
    } finally {
      release(name, next, failure);
    }
  }

  /**
   * @param now whether it is due whatever its date
   * @return false where a gateway is at it, or it is not due
   */
  boolean take(String name, boolean now) {
    var at = clock.instant();
    return store.write(
        jdbc -> {
          jdbc.update(
              "INSERT INTO provider_job (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name);
          return jdbc.update(
                  "UPDATE provider_job SET lease_owner = ?, lease_until = ? WHERE name = ? AND"
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

  private void release(String name, Instant next, @Nullable String failure) {
    store.write(
        jdbc ->
            jdbc.update(
                "UPDATE provider_job SET next_at = ?, lease_owner = NULL, lease_until = 0,"
                    + " ended_at = ?, failure = ? WHERE name = ? AND lease_owner = ?",
                next.toEpochMilli(),
                clock.millis(),
                failure,
                name,
                node));
  }

  /** Gives back what {@link #take} gave and nobody did. */
  void giveBack(String name) {
    store.write(
        jdbc ->
            jdbc.update(
                "UPDATE provider_job SET lease_owner = NULL, lease_until = 0 WHERE name = ? AND"
                    + " lease_owner = ?",
                name,
                node));
  }

  /** Keeps what came of the work, for all gateways to show. */
  public void report(String name, String report) {
    store.write(
        jdbc -> jdbc.update("UPDATE provider_job SET report = ? WHERE name = ?", report, name));
  }

  public State state(String name) {
    var now = clock.millis();
    return store.read(
        jdbc ->
            jdbc
                .query(
                    "SELECT lease_until, next_at, ended_at, failure, report FROM provider_job WHERE"
                        + " name = ?",
                    (row, n) ->
                        new State(
                            row.getLong(1) > now,
                            date(row.getLong(2)),
                            date(row.getLong(3)),
                            row.getString(4),
                            row.getString(5)),
                    name)
                .stream()
                .findFirst()
                .orElse(State.NEVER));
  }

  private static @Nullable Instant date(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
