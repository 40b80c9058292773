package io.surveygateway.outbox;

import io.surveygateway.inbox.HeldLanes;
import io.surveygateway.inbox.LearnsRoutes;
import io.surveygateway.store.Ids;
import io.surveygateway.store.OutboxStore;
import io.surveygateway.store.Signals;
import io.surveygateway.store.StoreProperties;
import io.surveygateway.tracing.Tracing;
import java.time.Clock;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * {@code outbox:<destination>}: as a producer it sends the exchange's event on its way, as a
 * consumer it hands on what is due.
 */
@Component("outbox-component")
class OutboxComponent extends DefaultComponent implements LearnsRoutes {

  private final OutboxStore store;
  private final Destinations destinations;
  private final Ids ids;
  private final Signals signals;
  private final Clock clock;
  private final StoreProperties storeProperties;
  private final DeliverySettings settings;
  private final ObjectProvider<DeliveryTimes> times;
  private final ObjectProvider<Tracing> tracing;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final HeldLanes lanes = new HeldLanes();

  OutboxComponent(
      OutboxStore store,
      Destinations destinations,
      Ids ids,
      Signals signals,
      Clock clock,
      StoreProperties storeProperties,
      DeliverySettings settings,
      ObjectProvider<DeliveryTimes> times,
      ObjectProvider<Tracing> tracing) {
    this.store = store;
    this.destinations = destinations;
    this.ids = ids;
    this.signals = signals;
    this.clock = clock;
    this.storeProperties = storeProperties;
    this.settings = settings;
    this.times = times;
    this.tracing = tracing;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String destination, Map<String, Object> parameters)
      throws Exception {
    if (!destination.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          "Expected outbox:<destination> with lower-case letters, digits and hyphens, got outbox:"
              + destination);
    }
    var endpoint = new OutboxEndpoint(uri, destination, this);
    setProperties(endpoint, parameters);
    return endpoint;
  }

  @Override
  public void startAnew() {
    destinations.startAnew();
    lanes.hold();
  }

  @Override
  public void useNew() {
    destinations.checkWanted();
    destinations.checkSet(settings.destinations().keySet());
    destinations.useNew();
  }

  @Override
  public void begin() {
    lanes.release();
  }

  @Override
  public OutboxComponent forDryRun() {
    return new OutboxComponent(
        store,
        Destinations.quiet(),
        ids,
        signals,
        clock,
        storeProperties,
        settings,
        times,
        tracing);
  }

  HeldLanes lanes() {
    return lanes;
  }

  OutboxStore store() {
    return store;
  }

  Destinations destinations() {
    return destinations;
  }

  Ids ids() {
    return ids;
  }

  Signals signals() {
    return signals;
  }

  Clock clock() {
    return clock;
  }

  StoreProperties storeProperties() {
    return storeProperties;
  }

  DeliverySettings settings() {
    return settings;
  }

  DeliveryTimes times() {
    return times.getIfAvailable(() -> (destination, sinceReceived) -> {});
  }

  Tracing tracing() {
    return tracing.getIfAvailable(() -> Tracing.OFF);
  }

  RandomGenerator random() {
    return random;
  }
}
