package io.surveygateway.failure;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Failure} that is already understood out of a step of a route. */
public final class FailureException extends RuntimeException {

  private final transient Failure failure;

  public FailureException(Failure failure) {
    this(failure, null);
  }

  public FailureException(Failure failure, @Nullable Throwable cause) {
    super(failure.reason(), cause);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
