package io.surveygateway.inbox;

import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.StoreUnavailableException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Keeps the exchange's body as a request; when it returns, the bytes are on disk.
 *
 * <p>Takes nothing that no check has proved, nor what was proved for another provider: a route that
 * forgot its check stores nothing.
 */
final class InboxProducer extends DefaultProducer {

  private static final int LONGEST_TEXT = 255;

  private final InboxEndpoint endpoint;

  InboxProducer(InboxEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  /**
   * @throws StoreUnavailableException if it is not known to be on disk
   */
  @Override
  public void process(Exchange exchange) throws Exception {
    var component = endpoint.component();
    var provedBy = exchange.getProperty(InboxProperties.PROVED_BY, String.class);
    var provider = exchange.getProperty(InboxProperties.PROVIDER, String.class);
    if (provedBy == null || !endpoint.getProvider().equals(provider)) {
      throw new IllegalStateException(
          "Expected a request of "
              + endpoint.getProvider()
              + " that a check has let pass, at "
              + exchange.getFromRouteId()
              + ": put a check-... step before inbox:"
              + endpoint.getProvider());
    }
    var body = exchange.getMessage().getBody(byte[].class);
    var request =
        new NewRequest(
            component.ids().next(),
            provider,
            cut(exchange.getProperty(InboxProperties.PATH, "", String.class)),
            cut(exchange.getProperty(InboxProperties.CONTENT_TYPE, String.class)),
            provedBy,
            component.clock().instant(),
            body == null ? new byte[0] : body,
            KeptHeaders.toStore(exchange));
    var written = component.store().add(request);
    try {
      written.get(component.storeProperties().writeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      // If it is being written just now, the sender's repeat is told by the event's own id.
      written.cancel(false);
      throw new StoreUnavailableException(
          "The store did not take a request within "
              + component.storeProperties().writeTimeout()
              + "; see whether its disk or server is overloaded",
          java.time.Duration.ofSeconds(30),
          e);
    }
    exchange.setProperty(InboxProperties.REQUEST_ID, request.id());
  }

  private static String cut(String text) {
    if (text == null) {
      return null;
    }
    var plain = text.replace('\0', '?');
    return plain.length() <= LONGEST_TEXT ? plain : plain.substring(0, LONGEST_TEXT);
  }
}
