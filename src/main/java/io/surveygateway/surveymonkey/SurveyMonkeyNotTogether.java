package io.surveygateway.surveymonkey;

import io.surveygateway.failure.FailureException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Lets an event ask alone where asking together failed for good: too large an answer, say, or a
 * plan that does not include it. What passes by itself is thrown on, and the request comes again.
 *
 * <p>Leaves no variable {@code answer}. Keeps no state.
 */
@Component("surveyMonkeyNotTogether")
public final class SurveyMonkeyNotTogether implements Processor {

  private final SurveyMonkeyErrors errors;

  public SurveyMonkeyNotTogether(SurveyMonkeyErrors errors) {
    this.errors = errors;
  }

  @Override
  public void process(Exchange exchange) {
    exchange.removeVariable("answer");
    var caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    var failure = errors.classify(caught);
    if (failure.isWorthRetrying()) {
      throw new FailureException(failure, caught);
    }
  }
}
