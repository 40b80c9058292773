package io.surveygateway.store;

import io.surveygateway.store.StepResult.NewEvent;

/**
 * Events that no provider sent: made up to try a destination, each with one delivery.
 *
 * <p>Counted as a delivery, since it is one, and not as an event: no request brought it. Safe for
 * use by many threads.
 */
public final class TestDeliveries {

  /** In place of the request that other events come from; no request has it. */
  public static final long NO_REQUEST = 0;

  private final Store store;
  private final Ids ids;
  private final Signals signals;
  private final Counters counters;

  TestDeliveries(Store store, Ids ids, Signals signals, Counters counters) {
    this.store = store;
    this.ids = ids;
    this.signals = signals;
    this.counters = counters;
  }

  /** An id for the event, to be had before it is made. */
  public long nextId() {
    return ids.next();
  }

  /**
   * Keeps the event, and has it delivered as any other: in one transaction.
   *
   * @return the delivery's id
   * @throws StoreUnavailableException if the store could not be reached or failed
   */
  public long add(NewEvent event, String destination) {
    var delivery = ids.next();
    var now = event.createdAt().toEpochMilli();
    store.write(
        jdbc -> {
          jdbc.update(
              "INSERT INTO event (id, provider, event_key, request_id, type, subject, survey_id,"
                  + " event_time, created_at, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              event.id(),
              event.provider(),
              event.key(),
              NO_REQUEST,
              event.type(),
              event.subject(),
              event.surveyId(),
              event.time().toEpochMilli(),
              now,
              event.document());
          jdbc.update(
              "INSERT INTO delivery (id, event_id, destination, subject, event_time, state, due_at,"
                  + " created_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?)",
              delivery,
              event.id(),
              destination,
              event.subject(),
              event.time().toEpochMilli(),
              now,
              now);
          counters.add(jdbc, new Counts().add(Counter.DELIVERIES_MADE, destination, 1));
          return null;
        });
    signals.raise(OutboxStore.lane(destination));
    return delivery;
  }
}
