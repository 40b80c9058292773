package io.surveygateway.webhook;

/**
 * The request does not show that its provider sent it; the sender gets a 401.
 *
 * <p>The message is the operator's reason. It holds no secret and nothing that the sender wrote.
 */
public final class ProofRefusedException extends RuntimeException {

  public ProofRefusedException(String reason) {
    // Without a stack trace: anyone can cause this as often as they like, and it is no fault.
    super(reason, null, false, false);
  }
}
