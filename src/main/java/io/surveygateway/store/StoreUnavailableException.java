package io.surveygateway.store;

import java.time.Duration;

/** The store cannot take a write now; the caller keeps what it has and comes back later. */
public final class StoreUnavailableException extends RuntimeException {

  private final transient Duration retryAfter;

  public StoreUnavailableException(String reason, Duration retryAfter, Throwable cause) {
    super(reason, cause);
    this.retryAfter = retryAfter;
  }

  /** How long a sender should wait: the {@code Retry-After} of a 503. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
