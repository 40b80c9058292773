package io.surveygateway.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Prints why the gateway does not start, and what to do, in place of a stack. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class NotStartedAnalyzer extends AbstractFailureAnalyzer<NotStartedException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, NotStartedException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
  }
}
