package io.surveygateway.failure;

import org.jspecify.annotations.Nullable;

/** The gateway cannot start, and a person can mend it; told in a few lines, without a stack. */
public final class NotStartedException extends RuntimeException {

  private final String remedy;

  /**
   * @param says what was expected, and what was found; holds no secret
   * @param remedy what to do about it
   */
  public NotStartedException(String says, String remedy, @Nullable Throwable cause) {
    super(says, cause);
    this.remedy = remedy;
  }

  String remedy() {
    return remedy;
  }
}
