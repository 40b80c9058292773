package io.surveygateway.lint;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Prints the mistakes of the routes, two lines each, in place of a stack. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RouteMistakesAnalyzer extends AbstractFailureAnalyzer<RouteMistakesException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, RouteMistakesException cause) {
    return new FailureAnalysis(
        cause.getMessage(),
        "Mend them and start again; ./mvnw verify says the same without a start. Nothing was"
            + " received. A mistake in one provider's folder leaves out that provider alone; these"
            + " stand in what others need.",
        cause);
  }
}
