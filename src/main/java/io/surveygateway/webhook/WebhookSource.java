package io.surveygateway.webhook;

import io.surveygateway.inbox.InboxProperties;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * First step of {@code kamelet:webhook-source}: makes the provider known when its route is built,
 * and gives each exchange the raw body and what the inbox keeps beside it.
 *
 * <p>Puts no header on the message. One instance serves every thread.
 */
public final class WebhookSource extends ServiceSupport implements Processor, CamelContextAware {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final long LARGEST = DataSize.ofGigabytes(1).toBytes();

  private @Nullable CamelContext camelContext;
  private String provider = "";
  private String maxBody = "";

  @Override
  protected void doInit() {
    var providers = camelContext.getRegistry().findSingleByType(Providers.class);
    if (providers == null) {
      throw new IllegalStateException("Expected one bean of class Providers, and there is none");
    }
    if (!NAME.matcher(provider).matches()) {
      throw new IllegalArgumentException(
          "Expected parameter provider of kamelet:webhook-source to be lower-case letters, digits"
              + " and hyphens, got "
              + provider);
    }
    providers.declare(provider, bytes());
  }

  private long bytes() {
    try {
      var bytes = DataSize.parse(maxBody.strip()).toBytes();
      if (bytes > 0 && bytes <= LARGEST) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Said below, with the place.
    }
    throw new IllegalArgumentException(
        "Expected parameter maxBody of kamelet:webhook-source of "
            + provider
            + " to be a size from 1B to 1GB such as 8MB, got "
            + maxBody);
  }

  @Override
  public void process(Exchange exchange) {
    var request = WebhookRequest.of(exchange);
    exchange.getMessage().setBody(request.body());
    exchange.setProperty(InboxProperties.PROVIDER, request.provider());
    exchange.setProperty(InboxProperties.PATH, request.path());
    if (request.contentType() != null) {
      exchange.setProperty(InboxProperties.CONTENT_TYPE, request.contentType());
    }
  }

  /** Name of the provider in paths. */
  public void setProvider(String provider) {
    this.provider = provider;
  }

  /** Size of the largest body that the provider may send, such as {@code 8MB}. */
  public void setMaxBody(String maxBody) {
    this.maxBody = maxBody;
  }

  @Override
  public void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public @Nullable CamelContext getCamelContext() {
    return camelContext;
  }
}
