package io.surveygateway.webhook;

import io.surveygateway.inbox.InboxProperties;
import io.surveygateway.logs.LogFields;
import io.surveygateway.store.RefusalLog;
import io.surveygateway.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what went wrong in a receiving route into its answer; {@code routes/refusals.camel.yaml}
 * says which status it gets.
 *
 * <p>A sender reads the same words whatever the reason was. Operators read the reason, in the
 * refusal log or in the log. One instance serves every thread.
 */
final class WebhookRefusal implements Processor {

  private static final Logger LOG = LoggerFactory.getLogger(WebhookRefusal.class);

  /** While the store is away every request says so; the log says so this often. */
  private static final Duration BETWEEN_STORE_WARNINGS = Duration.ofSeconds(10);

  private static final int LONGEST_CHAIN_OF_CAUSES = 5;

  private final RefusalLog refusals;
  private final AtomicLong lastStoreWarning =
      new AtomicLong(System.nanoTime() - BETWEEN_STORE_WARNINGS.toNanos());
  private final LongAdder storeWarningsHeldBack = new LongAdder();

  WebhookRefusal(RefusalLog refusals) {
    this.refusals = refusals;
  }

  @Override
  public void process(Exchange exchange) {
    var message = exchange.getMessage();
    var thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    var status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 503, Integer.class);
    var provider = exchange.getProperty(InboxProperties.PROVIDER, "", String.class);
    var answer = status == 401 ? Answer.unproved() : unavailable(thrown);
    if (thrown instanceof ProofRefusedException) {
      var path = exchange.getProperty(InboxProperties.PATH, "", String.class);
      refusals.refused(provider, path, status, thrown.getMessage());
    } else if (thrown instanceof StoreUnavailableException) {
      warnOfStore(thrown.getMessage());
    } else {
      try (var fields = LogFields.open().provider(provider)) {
        LOG.warn("A request of {} was answered {}: {}", provider, status, describe(thrown));
        LOG.debug("A request of {} was answered {}", provider, status, thrown);
      }
    }
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    answer.headers().forEach(message::setHeader);
    message.setBody(answer.body());
  }

  private static Answer unavailable(Throwable thrown) {
    var answer = Answer.unavailable("The request could not be kept; send it again later.");
    if (thrown instanceof StoreUnavailableException store) {
      var seconds = Math.max(1, store.retryAfter().toSeconds());
      return answer.with(Answer.RETRY_AFTER, String.valueOf(seconds));
    }
    return answer;
  }

  private void warnOfStore(String reason) {
    var now = System.nanoTime();
    var last = lastStoreWarning.get();
    if (now - last >= BETWEEN_STORE_WARNINGS.toNanos()
        && lastStoreWarning.compareAndSet(last, now)) {
      var heldBack = storeWarningsHeldBack.sumThenReset();
      LOG.warn("A request was answered 503 ({} more since last said): {}", heldBack, reason);
    } else {
      storeWarningsHeldBack.increment();
    }
  }

  /** Names and places, and no messages: those can quote what a sender wrote. */
  private static String describe(Throwable thrown) {
    var described = new StringBuilder();
    var cause = thrown;
    for (var depth = 0; cause != null && depth < LONGEST_CHAIN_OF_CAUSES; depth++) {
      described.append(depth == 0 ? "" : ", caused by ").append(cause.getClass().getName());
      var stack = cause.getStackTrace();
      if (stack.length > 0) {
        described.append(" at ").append(stack[0]);
      }
      cause = cause.getCause();
    }
    return described.toString();
  }
}
