package io.surveygateway.proof;

/**
 * What a provider sends along so that its requests can be told from anybody's.
 *
 * <p>Implementations give a verdict on any request and never throw, whatever is in it; they parse
 * nothing, keep nothing and may be shared by threads.
 */
public interface Proof {

  Verdict judge(SignedRequest request);
}
