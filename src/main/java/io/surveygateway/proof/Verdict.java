package io.surveygateway.proof;

/** Whether a request was shown to come from its provider. */
public sealed interface Verdict {

  /**
   * @param by which secret showed it: {@code current secret}, {@code previous secret}, or {@code
   *     secret 3 of 3} where more than two are configured
   */
  record Proved(String by) implements Verdict {}

  /**
   * @param reason for an operator; made of configured names alone, so it holds nothing that the
   *     sender wrote and nothing that helps to forge: a wrong key and a changed body sound the same
   */
  record Refused(String reason) implements Verdict {}
}
