package io.surveygateway.outbox;

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
    var off =
        endpoint
            .component()
            .destinations()
            .find(destination)
            .map(Destinations.Destination::offBecause)
            .map(because -> destination + " is off: " + because)
            .orElse(null);
    MapStep.of(exchange).deliver(exchange, destination, off);
  }
}
