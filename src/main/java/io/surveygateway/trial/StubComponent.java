package io.surveygateway.trial;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.trial.Trial.Answers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Stands in a trial for every component that reaches the outside: notes what would be sent, and
 * lets the route go on as if that had worked.
 *
 * <p>Where a map route asks its provider's API, the answer is the one that was given, or the API's
 * own where the trial is to fetch; without either the route is told that there is none.
 *
 * <p>Camel warns of components that stand under several names, but not of one that is called so.
 */
final class StubComponent extends DefaultComponent {

  private final String scheme;
  private final Supplier<Notes> notes;

  StubComponent(String scheme, Supplier<Notes> notes) {
    this.scheme = scheme;
    this.notes = notes;
    setAutowiredEnabled(false);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    var copy = Map.copyOf(parameters);
    parameters.clear();
    return new StubEndpoint(uri, copy);
  }

  private boolean isHttp() {
    return scheme.equals("http") || scheme.equals("https");
  }

  private final class StubEndpoint extends DefaultEndpoint {

    private final Map<String, Object> parameters;

    StubEndpoint(String uri, Map<String, Object> parameters) {
      super(uri, StubComponent.this);
      this.parameters = parameters;
    }

    @Override
    public Producer createProducer() {
      return new StubProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      throw new UnsupportedOperationException("A trial listens to nothing");
    }
  }

  private final class StubProducer extends DefaultProducer {

    private final StubEndpoint endpoint;
    private @Nullable Producer real;

    StubProducer(StubEndpoint endpoint) {
      super(endpoint);
      this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
      var now = notes.get();
      var uri = endpoint.getEndpointUri().replaceFirst("\\?.*", "");
      now.call(exchange, scheme, Sending.of(scheme, uri, endpoint.parameters, exchange));
      if (!now.isMapping()) {
        SendAnswers.answer(scheme, endpoint.parameters, exchange);
      } else if (now.answers() == Answers.GIVEN) {
        exchange.getMessage().setBody(now.fetched());
      } else if (now.answers() == Answers.FETCHED && isHttp()) {
        real().process(exchange);
      } else {
        now.unanswered();
        throw new FailureException(
            Failure.permanent(
                "A try asks no API by itself: let it fetch, or give what the API answers"));
      }
    }

    /** Made when it is wanted, and never for a destination. */
    private Producer real() throws Exception {
      if (real == null) {
        var http = new HttpComponent();
        http.setCamelContext(getCamelContext());
        ServiceHelper.startService(http);
        var uri = endpoint.getEndpointUri().replaceFirst("\\?.*", "");
        real = http.createEndpoint(uri, new HashMap<>(endpoint.parameters)).createProducer();
        ServiceHelper.startService(real);
      }
      return real;
    }

    @Override
    protected void doStop() throws Exception {
      ServiceHelper.stopService(real);
      super.doStop();
    }
  }
}
