package io.surveygateway.tracing;

import org.jspecify.annotations.Nullable;

/**
 * Begins the steps of traces. A trace begins with a request that a check has let pass; its context
 * is stored with the request, so that mapping and each delivery, minutes or restarts later, are
 * steps of the same one.
 *
 * <p>A sender's own {@code traceparent} begins none: it could have everything traced. Safe for use
 * by many threads; nothing here waits, throws, or keeps what cannot be sent.
 */
public interface Tracing {

  /** Traces nothing. */
  Tracing OFF =
      new Tracing() {
        @Override
        public Step accepting(String provider) {
          return Step.NONE;
        }

        @Override
        public Step mapping(String provider, @Nullable String traceparent) {
          return Step.NONE;
        }

        @Override
        public Step delivering(String destination, @Nullable String traceparent) {
          return Step.NONE;
        }
      };

  /** From a request's proof to its bytes on disk. */
  Step accepting(String provider);

  /**
   * @param traceparent as it was stored with the request; null where it is not traced
   */
  Step mapping(String provider, @Nullable String traceparent);

  /**
   * One attempt.
   *
   * @param traceparent as it was stored with the request; null where it is not traced
   */
  Step delivering(String destination, @Nullable String traceparent);
}
