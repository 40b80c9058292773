package io.surveygateway.inbox;

import io.surveygateway.store.Ids;
import io.surveygateway.store.InboxStore;
import io.surveygateway.store.Signals;
import io.surveygateway.store.StoreProperties;
import io.surveygateway.tracing.Tracing;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * {@code inbox:<provider>}: as a producer it keeps a request, as a consumer it hands on what was
 * kept.
 */
@Component("inbox-component")
class InboxComponent extends DefaultComponent implements LearnsRoutes {

  private final InboxStore store;
  private final Ids ids;
  private final Signals signals;
  private final Clock clock;
  private final StoreProperties storeProperties;
  private final InboxSettings settings;
  private final ObjectProvider<Tracing> tracing;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final Map<String, String> consumers = new ConcurrentHashMap<>();
  private final HeldLanes lanes = new HeldLanes();

  InboxComponent(
      InboxStore store,
      Ids ids,
      Signals signals,
      Clock clock,
      StoreProperties storeProperties,
      InboxSettings settings,
      ObjectProvider<Tracing> tracing) {
    this.store = store;
    this.ids = ids;
    this.signals = signals;
    this.clock = clock;
    this.storeProperties = storeProperties;
    this.settings = settings;
    this.tracing = tracing;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String provider, Map<String, Object> parameters)
      throws Exception {
    if (!provider.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          "Expected inbox:<provider> with lower-case letters, digits and hyphens, got inbox:"
              + provider);
    }
    var endpoint = new InboxEndpoint(uri, provider, this);
    setProperties(endpoint, parameters);
    return endpoint;
  }

  /**
   * @throws IllegalStateException if another route maps this provider's requests
   */
  void consumedBy(String provider, String endpoint) {
    var former = consumers.putIfAbsent(provider, endpoint);
    if (former != null && !former.equals(endpoint)) {
      throw new IllegalStateException(
          "Expected one route that starts with inbox:"
              + provider
              + ", got two: "
              + former
              + " and "
              + endpoint
              + ". Was a provider's folder copied, and its name left as it was?");
    }
  }

  @Override
  public void startAnew() {
    consumers.clear();
    lanes.hold();
  }

  @Override
  public void useNew() {
    // Nobody asks it; what does not fit together was said while the routes were built.
  }

  @Override
  public void begin() {
    lanes.release();
  }

  @Override
  public InboxComponent forDryRun() {
    return new InboxComponent(store, ids, signals, clock, storeProperties, settings, tracing);
  }

  HeldLanes lanes() {
    return lanes;
  }

  InboxStore store() {
    return store;
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

  InboxSettings settings() {
    return settings;
  }

  Tracing tracing() {
    return tracing.getIfAvailable(() -> Tracing.OFF);
  }

  RandomGenerator random() {
    return random;
  }
}
