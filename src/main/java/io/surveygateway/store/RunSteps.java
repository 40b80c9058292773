package io.surveygateway.store;

import io.surveygateway.store.DeliveryChanges.SendAgain;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Does runs, a step at a time: some changes and how far the run has come are one transaction.
 *
 * <p>What to change is looked for before it. A step that finds the run elsewhere by then, because
 * another gateway was quicker, changes nothing: so several may work on one run, none has to hold
 * it, and one that dies leaves nothing behind. Safe for use by many threads.
 */
public final class RunSteps {

  /** Rows that a step looks at, at most. */
  private static final int STRETCH = 2000;

  /**
   * Who takes what is sent again.
   *
   * @param offBecause why nothing is sent to a destination, or null if something is
   * @param unmappedBecause why nobody maps a provider's requests, or null if somebody does
   */
  public record Takers(
      UnaryOperator<@Nullable String> offBecause,
      UnaryOperator<@Nullable String> unmappedBecause) {}

  private final Store store;
  private final RunStore runs;
  private final DeliveryChanges deliveries;
  private final EventReplays events;
  private final RequestChanges requests;
  private final Counters counters;
  private final Signals signals;

  RunSteps(
      Store store,
      RunStore runs,
      DeliveryChanges deliveries,
      EventReplays events,
      RequestChanges requests,
      Counters counters,
      Signals signals) {
    this.store = store;
    this.runs = runs;
    this.deliveries = deliveries;
    this.events = events;
    this.requests = requests;
    this.counters = counters;
    this.signals = signals;
  }

  /**
   * Changes the next ones of a run, at most {@code size}; nothing unless it is running.
   *
   * @return how far it is, or null if it was not running
   */
  public @Nullable Run step(long id, Takers takers, int size) {
    var before = runs.progress(id).orElse(null);
    if (before == null || before.run().state() != Run.State.RUNNING) {
      return null;
    }
    var run = before.run();
    var stretch =
        Walk.of(run.action().walkedAlong(), run.filter(), false)
            .next(store, before.position(), STRETCH, size);
    var found = stretch.matches();
    var newIds = events.idsFor(found.size(), new HashSet<>(run.destinations()));
    List<Change> changes =
        store.write(
            jdbc -> {
              var now = runs.lock(jdbc, id);
              if (now.run().state() != Run.State.RUNNING
                  || !java.util.Objects.equals(now.position(), before.position())) {
                return List.of();
              }
              var counts = new Counts();
              var made =
                  found.isEmpty()
                      ? List.<Change>of()
                      : switch (run.action()) {
                        case RETRY ->
                            deliveries.sendAgain(
                                jdbc,
                                found,
                                new SendAgain(false, run.filter().states(), takers.offBecause),
                                counts);
                        case CANCEL ->
                            deliveries.cancel(
                                jdbc,
                                found,
                                run.filter().states(),
                                "Cancelled by " + run.askedBy() + " in run " + id,
                                counts);
                        case REPLAY ->
                            events.replay(
                                jdbc,
                                found,
                                new HashSet<>(run.destinations()),
                                takers.offBecause,
                                newIds,
                                counts);
                        case MAP_AGAIN ->
                            requests.mapAgain(
                                jdbc, found, run.filter().states(), takers.unmappedBecause, counts);
                      };
              runs.advance(jdbc, now.run(), found.size(), made, stretch.reached());
              counters.add(jdbc, counts);
              return made;
            });
    DeliveryChanges.raise(signals, changes);
    return runs.find(id).orElse(null);
  }
}
