package io.surveygateway.inbox;

import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Sets aside an item that cannot be mapped, so that the others of its batch go on. */
@Component("setAside")
public final class SetAsideStep implements Processor {

  /** Whether what went wrong will go wrong again: only then is the item set aside. */
  @Handler
  public boolean willNeverWork(Exchange exchange) {
    var failure = MapStep.of(exchange).classify(thrown(exchange));
    return failure.kind() == io.surveygateway.failure.Failure.Kind.PERMANENT;
  }

  @Override
  public void process(Exchange exchange) {
    var step = MapStep.of(exchange);
    step.setAside(
        exchange,
        exchange.getProperty(Exchange.SPLIT_INDEX, Integer.class),
        step.classify(thrown(exchange)).reason());
  }

  private static Throwable thrown(Exchange exchange) {
    var caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    var thrown = caught != null ? caught : exchange.getException();
    return thrown != null ? thrown : new IllegalStateException("Set aside without a reason");
  }
}
