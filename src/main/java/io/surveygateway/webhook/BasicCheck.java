package io.surveygateway.webhook;

import io.surveygateway.proof.AuthorizationProof;
import io.surveygateway.proof.AuthorizationProof.Scheme;
import io.surveygateway.proof.KeyTemplate;
import io.surveygateway.proof.Keys;
import io.surveygateway.proof.Proof;

/**
 * Lets a request go on only if it holds a user and password of ours: {@link AuthorizationProof}.
 */
public final class BasicCheck extends ProofCheck {

  private String user = "";
  private String password = "";

  public BasicCheck() {
    super("check-basic");
  }

  @Override
  KeyTemplate keyTemplate() {
    // Each by itself, so that neither is a secret that stands in the route.
    KeyTemplate.parse(user);
    KeyTemplate.parse(password);
    return KeyTemplate.parse(user.strip() + ":" + password.strip());
  }

  @Override
  Proof proof(Keys keys) {
    return new AuthorizationProof(Scheme.BASIC, keys);
  }

  /** Name of the setting that holds the user, in braces. */
  public void setUser(String user) {
    this.user = user;
  }

  /** Name of the setting that holds the password, in braces. */
  public void setPassword(String password) {
    this.password = password;
  }
}
