package io.surveygateway.store;

/**
 * Keeps why requests were refused, so that an operator can see why nothing arrives.
 *
 * <p>Never blocks and never throws: callers stand on an event loop. Rows are limited in rate; what
 * goes over the limit is counted and dropped.
 */
public interface RefusalLog {

  /**
   * @param provider the provider in the path, or an empty string where there is none that we know
   * @param path the rest of the path after the provider; cut to a bounded length
   * @param status the HTTP status that the sender was answered
   * @param cause for a person; holds nothing that the sender wrote
   */
  void refused(String provider, String path, int status, String cause);
}
