package io.surveygateway.inbox;

import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.store.InboxStore.ClaimedRequest;
import io.surveygateway.store.StepResult;
import io.surveygateway.store.Work;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * {@code inbox:} for a trial: claims nothing, keeps nothing, and maps what it is given as the inbox
 * would, by the very routes that start with it. Safe for use by many threads.
 */
public final class TrialInbox extends DefaultComponent {

  private final Clock clock;
  private final AtomicLong ids = new AtomicLong();
  private final Map<String, TrialConsumer> routes = new ConcurrentHashMap<>();

  public TrialInbox(Clock clock) {
    this.clock = clock;
    // Camel would configure it as the component whose name it bears.
    setAutowiredEnabled(false);
  }

  /** Whether a route maps this provider's requests. */
  public boolean maps(String provider) {
    return routes.containsKey(provider);
  }

  /**
   * What the inbox would write, were the request in it. Nothing of a route that fails is kept, as
   * there; the outcome then is retrying or parked, and says why.
   *
   * @throws IllegalArgumentException if no route maps this provider's requests
   */
  public StepResult map(ClaimedRequest request) {
    var route = routes.get(request.provider());
    if (route == null) {
      throw new IllegalArgumentException(
          "Expected a route that starts with inbox:" + request.provider());
    }
    var step =
        new MapStep(
            request.id(),
            request.provider(),
            request.isAgain(),
            route.errors,
            ids::incrementAndGet,
            clock);
    var thrown = route.route(request, step);
    if (thrown == null) {
      return step.done();
    }
    var failure = step.classify(thrown);
    var state = failure.isWorthRetrying() ? Work.State.RETRYING : Work.State.PARKED;
    return step.failed(new Work(state, clock.instant(), failure));
  }

  /** Of its parameters only what an exception means counts here. */
  @Override
  protected Endpoint createEndpoint(String uri, String provider, Map<String, Object> parameters) {
    FailureClassifier errors =
        resolveAndRemoveReferenceParameter(parameters, "errors", FailureClassifier.class);
    parameters.clear();
    return new TrialEndpoint(
        uri,
        provider,
        errors != null ? errors : thrown -> MappingFailures.classify(provider, thrown));
  }

  private final class TrialEndpoint extends DefaultEndpoint {

    private final String provider;
    private final FailureClassifier errors;

    TrialEndpoint(String uri, String provider, FailureClassifier errors) {
      super(uri, TrialInbox.this);
      this.provider = provider;
      this.errors = errors;
    }

    @Override
    public Producer createProducer() {
      return new DefaultProducer(this) {
        @Override
        public void process(Exchange exchange) {
          throw new IllegalStateException("A trial takes nothing in");
        }
      };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      var consumer = new TrialConsumer(this, processor, errors);
      routes.put(provider, consumer);
      return consumer;
    }
  }

  private static final class TrialConsumer extends MapRouteConsumer {

    private final FailureClassifier errors;

    TrialConsumer(Endpoint endpoint, Processor processor, FailureClassifier errors) {
      super(endpoint, processor);
      this.errors = errors;
    }
  }
}
