package io.surveygateway.tracing;

import org.jspecify.annotations.Nullable;

/** A step that has begun. It counts once it has ended; one that never ends is not told. */
public interface Step {

  /** Of what is not traced. */
  Step NONE =
      new Step() {
        @Override
        public @Nullable String traceparent() {
          return null;
        }

        @Override
        public Step with(String name, String value) {
          return this;
        }

        @Override
        public Step with(String name, long value) {
          return this;
        }

        @Override
        public void end(@Nullable String failure) {
          // Nobody is to be told.
        }
      };

  /**
   * What the steps after this one are begun by, in the form of W3C's Trace Context, "traceparent
   * header"; null where it is not traced.
   */
  @Nullable String traceparent();

  /**
   * @param value an id that the gateway gave, a name or a state; never what a respondent wrote
   */
  Step with(String name, String value);

  Step with(String name, long value);

  /**
   * @param failure why it did not work, as an operator is told it; null where it did
   */
  void end(@Nullable String failure);
}
