package io.surveygateway.store;

import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.OutboxStore.Outcome;
import java.util.List;

/**
 * Tells from what a group's statements changed what is to be counted of them.
 *
 * <p>Relies on the count of rows that each statement of a batch reports. PostgreSQL's driver keeps
 * it back for an {@code INSERT ... VALUES}, since it makes one statement of many there ({@code
 * reWriteBatchedInserts}); inserts that may do nothing are {@code INSERT ... SELECT} therefore,
 * which it leaves alone.
 */
final class Tally {

  private Tally() {}

  static Counts ofArrivals(List<NewRequest> group) {
    var counts = new Counts();
    group.forEach(request -> counts.add(Counter.REQUESTS_ACCEPTED, request.provider(), 1));
    return counts;
  }

  /**
   * @param counts that the others are added to
   * @param events rows that each event of the group made
   * @param deliveries rows that each delivery made
   * @param items rows that the end of each step changed: none where another step was first
   */
  static Counts ofSteps(
      Counts counts, List<StepResult> group, int[][] events, int[][] deliveries, int[][] items) {
    var event = new Rows(events);
    var delivery = new Rows(deliveries);
    var item = new Rows(items);
    for (var step : group) {
      var provider = step.provider();
      counts.add(
          Counter.ITEMS_BROUGHT, provider, step.events().size() + (long) step.setAside().size());
      for (var each : step.events()) {
        var isNew = event.next() == 1;
        counts.add(isNew ? Counter.EVENTS_STORED : Counter.EVENTS_REPEATED, provider, 1);
      }
      for (var each : step.deliveries()) {
        var rows = delivery.next();
        counts.add(Counter.DELIVERIES_MADE, each.destination(), rows);
        counts.deliveriesMoved(each.destination(), Work.State.WAITING, each.state(), rows);
      }
      counts.add(Counter.ITEMS_SET_ASIDE, provider, step.setAside().size());
      counts.requestsMoved(provider, Work.State.WAITING, step.outcome().state(), item.next());
    }
    return counts;
  }

  /**
   * @param attempts rows that each attempt of the group made
   */
  static Counts ofAttempts(Counts counts, List<Outcome> group, int[][] attempts) {
    var attempt = new Rows(attempts);
    for (var outcome : group) {
      var kind = outcome.work().kindText();
      counts.add(
          Counter.ATTEMPTS_MADE,
          outcome.destination(),
          kind == null ? outcome.work().state().text() : kind,
          attempt.next());
    }
    return counts;
  }

  /** What the statements of one batch report, in their order. */
  private static final class Rows {

    private final int[][] batches;
    private int next;

    Rows(int[][] batches) {
      this.batches = batches;
    }

    int next() {
      var rows = batches[0][next++];
      if (rows < 0) {
        throw new IllegalStateException(
            "Expected the database's driver to report how many rows a statement changed, got "
                + rows
                + ": counts would be guesses");
      }
      return rows;
    }
  }
}
