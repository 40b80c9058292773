package io.surveygateway.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.outbox.Deliveries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/**
 * A destination's routes as shipped, {@code routes/destinations/<name>/<name>.camel.yaml}, alone in
 * a Camel context of their own: the outbox is a stub that hands over what the test gives it.
 */
public final class DestinationRoute implements AutoCloseable {

  private static final long LONGEST_WAIT_SECONDS = 30;

  private final CamelContext context = new DefaultCamelContext();
  private final String name;
  private final Map<String, Object> outboxParameters = new HashMap<>();

  /**
   * @param settings what {@code {{…}}} in the routes stands for
   * @param setUp binds the destination's beans and sets up its components
   */
  public DestinationRoute(String name, Map<String, String> settings, Consumer<CamelContext> setUp)
      throws Exception {
    this.name = name;
    settings.forEach(context.getPropertiesComponent()::addInitialProperty);
    context.addComponent("outbox", new OutboxStub());
    setUp.accept(context);
    var file = Path.of("routes/destinations", name, name + ".camel.yaml");
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromBytes("file:" + file, Files.readAllBytes(file)));
    context.start();
  }

  public CamelContext context() {
    return context;
  }

  /** What the route says to the outbox at {@code outbox:<name>}. */
  public Map<String, Object> outboxParameters() {
    return Map.copyOf(outboxParameters);
  }

  /** Hands this over as the outbox does, and waits. */
  public Outcome deliver(JsonNode body) throws Exception {
    return deliver(body, Map.of());
  }

  /** The same, with headers that no outbox would set. */
  public Outcome deliver(JsonNode body, Map<String, Object> headers) throws Exception {
    var deliveries = new RecordedDeliveries(body);
    var exchange = new DefaultExchange(context);
    exchange.setProperty(Deliveries.PROPERTY, deliveries);
    exchange.getMessage().setBody(body);
    exchange.getMessage().setHeaders(new HashMap<>(headers));
    var processor = ((DefaultConsumer) context.getRoute(name).getConsumer()).getAsyncProcessor();
    // What the exchange says at the moment of the callback is what a consumer acts on.
    var done = new CompletableFuture<@Nullable Throwable>();
    processor.process(exchange, doneSync -> done.complete(exchange.getException()));
    @Nullable Throwable thrown = done.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    return new Outcome(thrown, deliveries, exchange);
  }

  @Override
  public void close() {
    context.stop();
  }

  /**
   * What came of it.
   *
   * @param thrown what the route ended with, or null
   */
  public record Outcome(
      @Nullable Throwable thrown, RecordedDeliveries deliveries, Exchange exchange) {}

  /** Notes what a route says about each delivery. */
  public static final class RecordedDeliveries implements Deliveries {

    /** One delivery's fate, and either what it is called at the destination or why it failed. */
    public record Decision(
        boolean isDelivered, @Nullable String externalReference, @Nullable Failure failure) {}

    private final JsonNode body;
    private final Map<Integer, Decision> decisions = new HashMap<>();

    RecordedDeliveries(JsonNode body) {
      this.body = body;
    }

    @Override
    public int size() {
      return body instanceof ArrayNode array ? array.size() : 1;
    }

    @Override
    public JsonNode event(int index) {
      return body instanceof ArrayNode array ? array.get(index) : body;
    }

    @Override
    public synchronized boolean isDecided(int index) {
      return decisions.containsKey(index);
    }

    @Override
    public synchronized void delivered(int index, @Nullable String externalReference) {
      decide(index, new Decision(true, externalReference, null));
    }

    @Override
    public synchronized void failed(int index, Failure failure) {
      decide(index, new Decision(false, null, failure));
    }

    /** What was said about each, by index; nothing for one that nothing was said about. */
    public synchronized Map<Integer, Decision> decisions() {
      return Map.copyOf(decisions);
    }

    private void decide(int index, Decision decision) {
      if (index < 0 || index >= size()) {
        throw new IndexOutOfBoundsException(index);
      }
      decisions.putIfAbsent(index, decision);
    }
  }

  private final class OutboxStub extends DirectComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
        throws Exception {
      outboxParameters.putAll(parameters);
      parameters.clear();
      return super.createEndpoint(uri, remaining, parameters);
    }
  }
}
