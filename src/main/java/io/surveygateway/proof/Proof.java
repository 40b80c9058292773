package io.surveygateway.proof;

import java.util.List;

/**
 * What a provider sends along so that its requests can be told from anybody's.
 *
 * <p>Implementations give a verdict on any request and never throw, whatever is in it; they keep
 * nothing and may be shared by threads.
 */
public interface Proof {

  Verdict judge(SignedRequest request);

  /** Where the proof stands: what is in none of these is no secret, and may be kept. */
  List<Place> places();
}
