package io.surveygateway.failure;

/**
 * Says what an exception means for the work that met it.
 *
 * <p>A destination or provider that has words of its own for trouble ships one as a bean and names
 * it at its endpoint: {@code errors: "#slackErrors"}. Implementations are safe for use by many
 * threads, and never throw.
 */
@FunctionalInterface
public interface FailureClassifier {

  Failure classify(Throwable thrown);
}
