package io.surveygateway.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.logs.LogFields;
import io.surveygateway.store.StepResult;
import io.surveygateway.store.StepResult.NewDelivery;
import io.surveygateway.store.StepResult.NewEvent;
import io.surveygateway.store.StepResult.SetAside;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.store.Work;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what the mapping of one request makes, until all of it is written in one transaction.
 *
 * <p>Goes with the exchange, and with the parts that a split makes of it, as a property. Safe for
 * use by the threads of a parallel split.
 */
public final class MapStep {

  private static final String PROPERTY = "gatewayMapStep";
  private static final String EVENT_ID = "gatewayEventId";

  private final long requestId;
  private final String provider;
  private final boolean isAgain;
  private final FailureClassifier errors;
  private final LongSupplier ids;
  private final Clock clock;
  private final List<NewEvent> events = new ArrayList<>();
  private final List<NewDelivery> deliveries = new ArrayList<>();
  private final List<SetAside> setAside = new ArrayList<>();
  private @Nullable Work again;

  /**
   * @param isAgain whether a person has it mapped again
   */
  MapStep(
      long requestId,
      String provider,
      boolean isAgain,
      FailureClassifier errors,
      LongSupplier ids,
      Clock clock) {
    this.requestId = requestId;
    this.provider = provider;
    this.isAgain = isAgain;
    this.errors = errors;
    this.ids = ids;
    this.clock = clock;
  }

  void startOn(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
  }

  /**
   * @throws IllegalStateException if the exchange does not come from {@code inbox:}
   */
  public static MapStep of(Exchange exchange) {
    var step = exchange.getProperty(PROPERTY, MapStep.class);
    if (step == null) {
      throw new IllegalStateException(
          "Expected an exchange that comes from inbox:<provider>, at " + exchange.getFromRouteId());
    }
    return step;
  }

  /** Keeps a canonical event; what goes to an outbox afterwards is this event. */
  synchronized void keep(Exchange exchange, JsonNode event, String document) {
    var id = ids.getAsLong();
    var time = Instant.parse(event.path("time").textValue());
    var survey = event.path("data").path("survey").path("id").textValue();
    events.add(
        new NewEvent(
            id,
            provider,
            event.path("id").textValue(),
            requestId,
            event.path("type").textValue(),
            event.path("subject").textValue(),
            survey,
            time,
            clock.instant(),
            document,
            event.path("data").path("respondent").path("email").textValue(),
            Facts.of(event)));
    exchange.setProperty(EVENT_ID, id);
    nameInLog(exchange, id, event.path("subject").textValue());
  }

  /** Until the exchange is done with, which may be a part of a split: the next one is another. */
  private static void nameInLog(Exchange exchange, long id, String response) {
    var fields = LogFields.open().event(id).response(response);
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange done) {
                fields.close();
              }
            });
  }

  /**
   * Sends the exchange's event on its way to a destination.
   *
   * @param skippedBecause why it will not be sent, or null if it will
   */
  public synchronized void deliver(
      Exchange exchange, String destination, @Nullable String skippedBecause) {
    var eventId = exchange.getProperty(EVENT_ID, Long.class);
    if (eventId == null) {
      throw new IllegalStateException(
          "Expected a canonical event before outbox:"
              + destination
              + ", at "
              + exchange.getFromRouteId()
              + ": put the step keepEvent first");
    }
    deliveries.add(
        new NewDelivery(
            ids.getAsLong(),
            eventId,
            destination,
            skippedBecause == null ? Work.State.WAITING : Work.State.SKIPPED,
            skippedBecause,
            clock.instant()));
  }

  /**
   * Leaves an item out of what is kept and delivered, for a person to look at.
   *
   * <p>What was kept of it already goes too: were its event there, the item would count as a repeat
   * when it comes again, and would be delivered to nobody.
   */
  synchronized void setAside(Exchange exchange, @Nullable Integer index, String reason) {
    var eventId = exchange.getProperty(EVENT_ID, Long.class);
    if (eventId != null) {
      events.removeIf(event -> event.id() == eventId);
      deliveries.removeIf(delivery -> delivery.eventId() == eventId);
    }
    setAside.add(
        new SetAside(ids.getAsLong(), requestId, provider, index, reason, clock.instant()));
  }

  /**
   * Lets the request come once more at that date, where its route ends well: it waits for
   * something, and that is no attempt. What the route makes of it until then is kept and sent.
   *
   * @param reason what it waits for, for a person
   */
  public synchronized void again(Instant at, String reason) {
    again = new Work(Work.State.RETRYING, at, Failure.rateLimited(reason, null));
  }

  /** What an exception means, in the words of the provider's own classifier. */
  Failure classify(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      // The store is ours, whatever the provider's classifier thinks of it.
      if (t instanceof StoreUnavailableException) {
        return Failure.transientFailure(t.getMessage());
      }
    }
    return errors.classify(thrown);
  }

  synchronized StepResult done() {
    return new StepResult(
        requestId,
        provider,
        again != null ? again : new Work(Work.State.DONE, clock.instant(), null),
        List.copyOf(events),
        List.copyOf(deliveries),
        List.copyOf(setAside),
        isAgain);
  }

  /** Nothing of a failed step is kept: it is done again whole, or parked. */
  StepResult failed(Work work) {
    return new StepResult(requestId, provider, work, List.of(), List.of(), List.of());
  }
}
