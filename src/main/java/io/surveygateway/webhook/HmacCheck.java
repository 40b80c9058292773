package io.surveygateway.webhook;

import io.surveygateway.proof.HmacProof;
import io.surveygateway.proof.HmacProof.Algorithm;
import io.surveygateway.proof.HmacProof.Encoding;
import io.surveygateway.proof.Keys;
import io.surveygateway.proof.Proof;

/** Lets a request go on only if its header holds the keyed hash of its body: {@link HmacProof}. */
public final class HmacCheck extends ProofCheck {

  private String algorithm = "";
  private String header = "";
  private String encoding = "";
  private String prefix = "";

  public HmacCheck() {
    super("check-hmac");
  }

  @Override
  Proof proof(Keys keys) {
    return new HmacProof(
        Algorithm.named(algorithm), header, Encoding.named(encoding), prefix, keys);
  }

  /** {@code sha1}, {@code sha256} or {@code sha512}. */
  public void setAlgorithm(String algorithm) {
    this.algorithm = algorithm;
  }

  public void setHeader(String header) {
    this.header = header;
  }

  /** {@code hex} or {@code base64}. */
  public void setEncoding(String encoding) {
    this.encoding = encoding;
  }

  /** What stands before the hash in the header, exact to the case. */
  public void setPrefix(String prefix) {
    this.prefix = prefix;
  }
}
