package io.surveygateway.outbox;

import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.OutboxStore.Outcome;
import io.surveygateway.tracing.Step;
import io.surveygateway.tracing.Tracing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The attempt of one exchange, as a step in the trace of each of its deliveries: they come from
 * requests of their own, and go in one batch.
 */
final class TracedDeliveries {

  private final Map<Long, Step> steps = new HashMap<>();

  private TracedDeliveries() {}

  static TracedDeliveries begin(
      Tracing tracing, String destination, List<ClaimedDelivery> deliveries) {
    var traced = new TracedDeliveries();
    for (var delivery : deliveries) {
      var step = tracing.delivering(destination, delivery.origin().traceparent());
      if (step != Step.NONE) {
        traced.steps.put(
            delivery.id(),
            step.with("delivery_id", delivery.id())
                .with("event_id", delivery.eventId())
                .with("request_id", delivery.origin().requestId())
                .with("response", delivery.subject())
                .with("attempt", delivery.attempts())
                .with("batch_size", deliveries.size()));
      }
    }
    return traced;
  }

  void end(List<Outcome> outcomes) {
    if (steps.isEmpty()) {
      return;
    }
    for (var outcome : outcomes) {
      var step = steps.remove(outcome.delivery().id());
      if (step != null) {
        var failure = outcome.work().failure();
        step.with("state", outcome.work().state().text())
            .end(failure == null ? null : failure.reason());
      }
    }
    steps
        .values()
        .forEach(step -> step.end("It went in a batch that was refused as a whole; it goes alone"));
  }
}
