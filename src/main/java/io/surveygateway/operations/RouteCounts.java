package io.surveygateway.operations;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.jspecify.annotations.Nullable;

/**
 * Counts the exchanges of each route, of this gateway since the route was loaded.
 *
 * <p>Camel finds it among the beans. Its own management would bring JMX and a listener for every
 * step; this adds to three numbers. Routes that kamelets are made of are not counted: each is part
 * of one that is. Safe for use by many threads.
 */
final class RouteCounts implements RoutePolicyFactory {

  /**
   * What a route did.
   *
   * @param since when it was loaded
   * @param done exchanges that came to its end
   * @param handled exchanges with a failure that the route's policy dealt with: a request that was
   *     refused, one that was set aside
   * @param failed exchanges that ended with a failure
   */
  record Count(Instant since, long done, long handled, long failed) {}

  /** Not a service of Camel's: it would keep those of all routes that ever were. */
  private static final class Counting implements RoutePolicy {

    private final Instant since;
    private final LongAdder done = new LongAdder();
    private final LongAdder handled = new LongAdder();
    private final LongAdder failed = new LongAdder();

    Counting(Instant since) {
      this.since = since;
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
      if (exchange.isFailed()) {
        failed.increment();
      } else if (exchange.getExchangeExtension().isFailureHandled()) {
        handled.increment();
      } else {
        done.increment();
      }
    }

    Count count() {
      return new Count(since, done.sum(), handled.sum(), failed.sum());
    }

    @Override
    public void onInit(Route route) {}

    @Override
    public void onRemove(Route route) {}

    @Override
    public void onStart(Route route) {}

    @Override
    public void onStop(Route route) {}

    @Override
    public void onSuspend(Route route) {}

    @Override
    public void onResume(Route route) {}

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {}
  }

  private final Clock clock;

  /** By the route's id; one that was loaded anew counts anew. */
  private final Map<String, Counting> counts = new ConcurrentHashMap<>();

  RouteCounts(Clock clock) {
    this.clock = clock;
  }

  @Override
  public @Nullable RoutePolicy createRoutePolicy(
      CamelContext camel, String routeId, NamedNode route) {
    if (!(route instanceof RouteDefinition definition) || definition.isCreatedFromTemplate()) {
      return null;
    }
    var counting = new Counting(clock.instant());
    counts.put(routeId, counting);
    return counting;
  }

  /** Of a route that was loaded. */
  Optional<Count> of(String routeId) {
    return Optional.ofNullable(counts.get(routeId)).map(Counting::count);
  }
}
