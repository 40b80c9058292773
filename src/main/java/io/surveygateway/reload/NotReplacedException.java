package io.surveygateway.reload;

/** Routes that could be built do not start. */
final class NotReplacedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean isPutBack;

  /**
   * @param isPutBack whether the routes before run again; else none do
   */
  NotReplacedException(boolean isPutBack, Exception cause) {
    super(cause.getMessage(), cause);
    this.isPutBack = isPutBack;
  }

  boolean isPutBack() {
    return isPutBack;
  }
}
