package io.surveygateway.webhook;

import io.surveygateway.proof.AuthorizationProof;
import io.surveygateway.proof.AuthorizationProof.Scheme;
import io.surveygateway.proof.Keys;
import io.surveygateway.proof.Proof;

/** Lets a request go on only if it holds a token of ours: {@link AuthorizationProof}. */
public final class BearerCheck extends ProofCheck {

  public BearerCheck() {
    super("check-bearer");
  }

  @Override
  Proof proof(Keys keys) {
    return new AuthorizationProof(Scheme.BEARER, keys);
  }
}
