package io.surveygateway.trial;

import java.util.List;

/** Why something could not be tried, for whoever asked for it. */
public final class TrialException extends RuntimeException {

  /** What to do about it. */
  public enum Kind {
    /** There is no such provider. */
    UNKNOWN,
    /** Routes or mapping have a mistake. */
    MISTAKE,
    /** It takes too long or too much. */
    TOO_MUCH,
    /** Others try: come back. */
    BUSY
  }

  private final Kind kind;
  private final List<String> mistakes;

  TrialException(Kind kind, String message, List<String> mistakes) {
    super(message);
    this.kind = kind;
    this.mistakes = List.copyOf(mistakes);
  }

  TrialException(Kind kind, String message) {
    this(kind, message, List.of());
  }

  public Kind kind() {
    return kind;
  }

  /** With file, line and remedy, each. */
  public List<String> mistakes() {
    return mistakes;
  }
}
