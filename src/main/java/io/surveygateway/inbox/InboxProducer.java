package io.surveygateway.inbox;

import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.tracing.Step;
import io.surveygateway.tracing.Tracing;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the exchange's body as a request; the exchange goes on when the bytes are on disk, or fails
 * with {@link StoreUnavailableException} if they are not known to be.
 *
 * <p>It goes on at {@link InboxProperties#GOES_ON_AT}; without one its thread is kept waiting.
 *
 * <p>Takes nothing that no check has proved, nor what was proved for another provider: a route that
 * forgot its check stores nothing.
 */
final class InboxProducer extends DefaultAsyncProducer {

  private static final int LONGEST_TEXT = 255;

  private final InboxEndpoint endpoint;
  private final Tracing tracing;

  InboxProducer(InboxEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
    this.tracing = endpoint.component().tracing();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    var component = endpoint.component();
    var traced = tracing.accepting(endpoint.getProvider());
    try {
      var timeout = component.storeProperties().writeTimeout();
      // Where it is being written just when the time is over, the sender's repeat is told by the
      // event's own id.
      var written =
          component
              .store()
              .add(request(exchange, traced.traceparent()))
              .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
      var goesOnAt = exchange.getProperty(InboxProperties.GOES_ON_AT, Executor.class);
      if (goesOnAt != null) {
        written.whenCompleteAsync(
            (done, thrown) -> {
              heed(exchange, thrown);
              end(traced, exchange);
              callback.done(false);
            },
            goesOnAt);
        return false;
      }
      heed(exchange, written.handle((done, thrown) -> thrown).join());
    } catch (RuntimeException e) {
      exchange.setException(e);
    }
    end(traced, exchange);
    callback.done(true);
    return true;
  }

  private static void end(Step traced, Exchange exchange) {
    var thrown = exchange.getException();
    traced.end(thrown == null ? null : thrown.getMessage());
  }

  private void heed(Exchange exchange, @Nullable Throwable thrown) {
    if (thrown instanceof TimeoutException) {
      exchange.setException(
          new StoreUnavailableException(
              "The store did not take a request within "
                  + endpoint.component().storeProperties().writeTimeout()
                  + "; see whether its disk or server is overloaded",
              Duration.ofSeconds(30),
              thrown));
    } else if (thrown != null) {
      exchange.setException(thrown);
    }
  }

  private NewRequest request(Exchange exchange, @Nullable String traceparent) {
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
    return new NewRequest(
        NewRequest.NO_ID_YET,
        provider,
        cut(exchange.getProperty(InboxProperties.PATH, "", String.class)),
        cut(exchange.getProperty(InboxProperties.CONTENT_TYPE, String.class)),
        provedBy,
        endpoint.component().clock().instant(),
        body == null ? new byte[0] : body,
        KeptHeaders.toStore(exchange),
        traceparent);
  }

  private static @Nullable String cut(@Nullable String text) {
    if (text == null) {
      return null;
    }
    var plain = text.replace('\0', '?');
    return plain.length() <= LONGEST_TEXT ? plain : plain.substring(0, LONGEST_TEXT);
  }
}
