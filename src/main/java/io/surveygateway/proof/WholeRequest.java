package io.surveygateway.proof;

import java.util.List;

/** A request that can be looked through, to tell why its proof does not hold. Immutable. */
public interface WholeRequest extends SignedRequest {

  /** Every name once, as it came first. */
  List<String> headerNames();

  /** Every name once. */
  List<String> queryNames();

  /** The same with another body. */
  WholeRequest withBody(byte[] body);
}
