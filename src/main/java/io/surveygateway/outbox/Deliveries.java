package io.surveygateway.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.failure.Failure;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that one exchange of an {@code outbox:} consumer carries, and what became of each.
 *
 * <p>A route that says nothing about a delivery has delivered it if it ends well, and failed it if
 * it ends with an exception. A route that carries a batch says what differs: one bad record costs
 * one record. The first word on a delivery holds. Safe for use by the threads of one exchange.
 */
public interface Deliveries {

  /** Exchange property that holds the {@link Deliveries}. */
  String PROPERTY = "gatewayDeliveries";

  static Deliveries of(Exchange exchange) {
    var deliveries = exchange.getProperty(PROPERTY, Deliveries.class);
    if (deliveries == null) {
      throw new IllegalStateException(
          "Expected an exchange that comes from outbox:, and "
              + exchange.getFromRouteId()
              + " has none: start the route with outbox:<destination>");
    }
    return deliveries;
  }

  int size();

  /** The canonical event (CloudEvents envelope) of delivery {@code index}, from 0. Not a copy. */
  JsonNode event(int index);

  /** Whether something was said about delivery {@code index} already. */
  boolean isDecided(int index);

  /**
   * @param externalReference what the destination calls it (a record id, a message's ts), or null
   */
  void delivered(int index, @Nullable String externalReference);

  void failed(int index, Failure failure);
}
