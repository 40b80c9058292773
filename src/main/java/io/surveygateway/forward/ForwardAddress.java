package io.surveygateway.forward;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpConstants;
import org.springframework.stereotype.Component;

/**
 * Addresses a message to where the settings say.
 *
 * <p>As a header, and not at the endpoint: an address may hold a key, and an endpoint's is shown in
 * logs, metrics and health. One instance serves every thread.
 */
@Component("forwardAddress")
final class ForwardAddress implements Processor {

  private final ForwardSettings settings;

  ForwardAddress(ForwardSettings settings) {
    this.settings = settings;
  }

  @Override
  public void process(Exchange exchange) {
    exchange.getMessage().setHeader(HttpConstants.HTTP_URI, settings.address().toString());
  }
}
