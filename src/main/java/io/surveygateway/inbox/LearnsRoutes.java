package io.surveygateway.inbox;

/**
 * Learns which routes there are while Camel builds them, and so has to learn anew when others take
 * their place.
 */
public interface LearnsRoutes {

  /**
   * What is built from here on is other routes, and what they would claim waits for {@link
   * #begin()}. Whoever asks is still told of those before.
   */
  void startAnew();

  /**
   * The other routes are built: from here on whoever asks is told of them.
   *
   * @throws IllegalStateException if they do not fit together; nothing has changed then
   */
  void useNew();

  /** Everyone uses the other routes: they claim what is due. */
  default void begin() {}

  /**
   * Another one that has learned nothing and says nothing in the log, for routes that are built and
   * never run.
   */
  LearnsRoutes forDryRun();
}
