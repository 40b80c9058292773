package io.surveygateway.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.failure.Failures;
import io.surveygateway.inbox.MapStep;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * {@code outbox:} for a trial: claims nothing, writes nothing, and hands an event to the very route
 * that would deliver it. Whether anything is sent is a matter of the route's other endpoints. Safe
 * for use by many threads.
 */
public final class TrialOutbox extends DefaultComponent {

  private final Map<String, TrialConsumer> routes = new ConcurrentHashMap<>();

  public TrialOutbox() {
    // Camel would configure it as the component whose name it bears.
    setAutowiredEnabled(false);
  }

  /** Whether a route delivers to it. */
  public boolean delivers(String destination) {
    return routes.containsKey(destination);
  }

  /**
   * Runs the destination's route with this event alone.
   *
   * @return why it would not be delivered, or null if the route ended well
   */
  public @Nullable Failure deliver(String destination, JsonNode event) {
    var route = routes.get(destination);
    if (route == null) {
      return Failure.permanent("No route starts with outbox:" + destination);
    }
    var delivery = new TrialDelivery(event);
    var thrown = route.route(delivery);
    return delivery.failure != null || thrown == null
        ? delivery.failure
        : route.errors.classify(thrown);
  }

  @Override
  protected Endpoint createEndpoint(
      String uri, String destination, Map<String, Object> parameters) {
    FailureClassifier errors =
        resolveAndRemoveReferenceParameter(parameters, "errors", FailureClassifier.class);
    var batchSize = getAndRemoveParameter(parameters, "batchSize", Integer.class, 1);
    parameters.clear();
    return new TrialEndpoint(
        uri, destination, batchSize, errors != null ? errors : Failures::whileDelivering);
  }

  private final class TrialEndpoint extends DefaultEndpoint {

    private final String destination;
    private final int batchSize;
    private final FailureClassifier errors;

    TrialEndpoint(String uri, String destination, int batchSize, FailureClassifier errors) {
      super(uri, TrialOutbox.this);
      this.destination = destination;
      this.batchSize = batchSize;
      this.errors = errors;
    }

    /** Notes that the router has chosen it, as the outbox does. */
    @Override
    public Producer createProducer() {
      return new DefaultProducer(this) {
        @Override
        public void process(Exchange exchange) {
          MapStep.of(exchange).deliver(exchange, destination, null);
        }
      };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      var consumer = new TrialConsumer(this, processor, batchSize, errors);
      routes.put(destination, consumer);
      return consumer;
    }
  }

  private static final class TrialConsumer extends DeliveryRouteConsumer {

    private final FailureClassifier errors;

    TrialConsumer(Endpoint endpoint, Processor processor, int batchSize, FailureClassifier errors) {
      super(endpoint, processor, batchSize);
      this.errors = errors;
    }
  }

  private static final class TrialDelivery implements Deliveries {

    private final JsonNode event;
    private boolean isDecided;
    private @Nullable Failure failure;

    TrialDelivery(JsonNode event) {
      this.event = event;
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public JsonNode event(int index) {
      return event;
    }

    @Override
    public synchronized boolean isDecided(int index) {
      return isDecided;
    }

    @Override
    public synchronized void delivered(int index, @Nullable String externalReference) {
      isDecided = true;
    }

    @Override
    public synchronized void failed(int index, Failure why) {
      if (!isDecided) {
        isDecided = true;
        failure = why;
      }
    }
  }
}
