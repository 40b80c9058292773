package io.surveygateway.webhook;

import io.surveygateway.proof.Keys;
import io.surveygateway.proof.Place;
import io.surveygateway.proof.Proof;
import io.surveygateway.proof.SharedKeyProof;

/** Lets a request go on only if it holds a key that we share: {@link SharedKeyProof}. */
public final class SharedKeyCheck extends ProofCheck {

  private String header = "";
  private String queryParameter = "";
  private String formField = "";
  private String jsonPointer = "";

  public SharedKeyCheck() {
    super("check-shared-key");
  }

  @Override
  Proof proof(Keys keys) {
    return new SharedKeyProof(Place.named(header, queryParameter, formField, jsonPointer), keys);
  }

  /** Name of the header that may hold the key, or empty for none. */
  public void setHeader(String header) {
    this.header = header;
  }

  /** Name of the query parameter that may hold the key, exact to the case, or empty for none. */
  public void setQueryParameter(String queryParameter) {
    this.queryParameter = queryParameter;
  }

  /** Name of the field of an urlencoded body that may hold the key, or empty for none. */
  public void setFormField(String formField) {
    this.formField = formField;
  }

  /** Pointer to the member of a JSON body that may hold the key, or empty for none. */
  public void setJsonPointer(String jsonPointer) {
    this.jsonPointer = jsonPointer;
  }
}
