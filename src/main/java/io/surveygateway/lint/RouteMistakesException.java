package io.surveygateway.lint;

/** The routes cannot be started: what all share has mistakes. */
public final class RouteMistakesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Findings findings;

  public RouteMistakesException(Findings findings) {
    super("The routes have mistakes:\n" + findings.report());
    this.findings = findings;
  }

  public Findings findings() {
    return findings;
  }
}
