package io.surveygateway.operations;

import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
import io.surveygateway.store.Filter;
import io.surveygateway.store.Run;
import io.surveygateway.store.RunStore;
import io.surveygateway.store.Signals;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same done to many deliveries, events or requests: counted first, then started, watched,
 * stopped. Safe for use by many threads.
 */
public final class RunOperations {

  private static final Logger log = LoggerFactory.getLogger(RunOperations.class);
  private static final Set<String> RETRIED =
      Set.of("parked", "retrying", "cancelled", "skipped", "superseded");
  private static final Set<String> CANCELLED = Set.of("waiting", "retrying", "parked");
  private static final Set<String> MAPPED = Set.of("done", "parked", "retrying", "cancelled");

  private final RunStore runs;
  private final Takers takers;
  private final Signals signals;
  private final Audit audit;

  RunOperations(RunStore runs, Takers takers, Signals signals, Audit audit) {
    this.runs = runs;
    this.takers = takers;
    this.signals = signals;
    this.audit = audit;
  }

  /**
   * Counts what a run would change, and keeps it to be started.
   *
   * @param filter without states: retries what is parked, cancels what waits, is retried or is
   *     parked, maps again what is done or parked
   * @param destinations that events are replayed to; empty for those that each went to
   * @throws IllegalArgumentException if that would be no run; says what was expected
   */
  public Run prepare(Run.Action action, Filter filter, List<String> destinations, String by) {
    if (filter.equals(Filter.ALL)) {
      throw new IllegalArgumentException(
          "Expected a filter with at least one bound (provider, survey, destination, state,"
              + " failureKind, type, from, to), got none: it would change everything");
    }
    var stated = withStates(action, filter);
    var checked = checked(action, destinations);
    Run run =
        audit.record(
            new Asked(by, "prepare-" + action.text(), "all that match", filter.words()),
            () -> runs.prepare(action, stated, checked, by),
            prepared -> new Came(prepared.matches(), "Run " + prepared.id() + " is prepared"));
    log.info("Run {} ({}) is prepared by {}: {} match", run.id(), action.text(), by, run.matches());
    return run;
  }

  private static Filter withStates(Run.Action action, Filter filter) {
    return switch (action) {
      case RETRY -> states(filter, "parked", RETRIED, Set.of("parked"));
      case CANCEL -> states(filter, "waiting", CANCELLED, CANCELLED);
      case MAP_AGAIN -> {
        if (filter.destination() != null) {
          throw new IllegalArgumentException(
              "Expected no destination for map-again: the router decides where events go");
        }
        yield states(filter, "done", MAPPED, Set.of("done", "parked"));
      }
      case REPLAY -> {
        if (filter.destination() != null
            || filter.failureKind() != null
            || !filter.states().isEmpty()) {
          throw new IllegalArgumentException(
              "Expected no destination, state or failureKind in the filter of a replay, which is of"
                  + " events; name where they go in destinations, or retry deliveries");
        }
        yield filter;
      }
    };
  }

  private static Filter states(
      Filter filter, String example, Set<String> allowed, Set<String> without) {
    if (!allowed.containsAll(filter.states())) {
      throw new IllegalArgumentException(
          "Expected state to be of "
              + new java.util.TreeSet<>(allowed)
              + " here, such as "
              + example
              + ", got another one");
    }
    return filter.states().isEmpty() ? filter.in(without) : filter;
  }

  private List<String> checked(Run.Action action, List<String> destinations) {
    if (action != Run.Action.REPLAY && !destinations.isEmpty()) {
      throw new IllegalArgumentException("Expected destinations for a replay alone");
    }
    for (var destination : destinations) {
      var off = takers.offBecause(destination);
      if (off != null) {
        throw new IllegalArgumentException(off);
      }
    }
    return destinations.stream().distinct().sorted().toList();
  }

  /**
   * Starts a run that is prepared, or lets one go on that is stopped.
   *
   * @return whether it was one of these
   */
  public boolean start(long id, String by) {
    boolean started =
        audit.record(
            new Asked(by, "start", "run " + id),
            () -> runs.start(id),
            isStarted ->
                isStarted
                    ? new Came(1, "It is started")
                    : new Came(0, "Expected one that is prepared or stopped"));
    if (started) {
      log.info("Run {} is started by {}", id, by);
      signals.raise(RunWorker.LANE);
    }
    return started;
  }

  /**
   * Stops a run after the step under way.
   *
   * @return whether it was running
   */
  public boolean stop(long id, String by) {
    boolean stopped =
        audit.record(
            new Asked(by, "stop", "run " + id),
            () -> runs.stop(id, null),
            isStopped ->
                isStopped
                    ? new Came(1, "It is stopped")
                    : new Came(0, "Expected one that is running"));
    if (stopped) {
      log.info("Run {} is stopped by {}", id, by);
    }
    return stopped;
  }
}
