package io.surveygateway.outbox;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.inbox.MapStep;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Sends the exchange's event on its way to a destination: written with the rest of the map step.
 *
 * <p>A destination that is off gets a delivery that says so, and is skipped.
 */
final class OutboxProducer extends DefaultProducer {

  private final OutboxEndpoint endpoint;

  OutboxProducer(OutboxEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public void process(Exchange exchange) {
    var destination = endpoint.getDestination();
    var known =
        endpoint
            .component()
            .destinations()
            .find(destination)
            .orElseThrow(() -> new FailureException(nobodyDelivers(destination)));
    var off = known.isOn() ? null : destination + " is off: " + known.offBecause();
    MapStep.of(exchange).deliver(exchange, destination, off);
  }

  /**
   * Before the start has found a misspelt name, nothing must be written that would wait for ever.
   */
  private static Failure nobodyDelivers(String destination) {
    return Failure.transientFailure(
        "No route starts with outbox:" + destination + "; see routes/router.camel.yaml");
  }
}
