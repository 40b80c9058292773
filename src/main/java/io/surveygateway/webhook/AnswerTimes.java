package io.surveygateway.webhook;

/**
 * Hears how long senders waited for their answers.
 *
 * <p>Called on the event loop with each answer: it has to be quick, and must not wait.
 */
@FunctionalInterface
public interface AnswerTimes {

  /**
   * @param provider one that is on; what came for others is not told
   * @param status of the answer
   * @param nanos from the request's head to its answer
   */
  void answered(String provider, int status, long nanos);
}
