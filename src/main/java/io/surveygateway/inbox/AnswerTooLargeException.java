package io.surveygateway.inbox;

import java.io.IOException;

/** An API answered more than we are willing to hold; asking again would bring the same. */
public final class AnswerTooLargeException extends IOException {

  private final long most;

  public AnswerTooLargeException(long most) {
    super("Expected at most " + most + " bytes from a provider's API, and got more");
    this.most = most;
  }

  /** In bytes. */
  public long most() {
    return most;
  }
}
