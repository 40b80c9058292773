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

  /** The same for a person who wants to know why: slow, and to be asked by operators alone. */
  Examination examine(WholeRequest request);

  /** What an operator calls each of its secrets, the newest first. */
  List<String> secrets();

  /** Where the proof stands: what is in none of these is no secret, and may be kept. */
  List<Place> places();
}
