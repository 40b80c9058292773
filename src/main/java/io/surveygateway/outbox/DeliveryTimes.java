package io.surveygateway.outbox;

import java.time.Duration;

/**
 * Hears how long responses were on their way.
 *
 * <p>Called on the thread that sends, once for each delivery that has arrived: it has to be quick,
 * and must not wait.
 */
@FunctionalInterface
public interface DeliveryTimes {

  /**
   * @param sinceReceived from the request's arrival to its event's at the destination
   */
  void delivered(String destination, Duration sinceReceived);
}
