package io.surveygateway.webhook;

import io.surveygateway.proof.Freshness;
import io.surveygateway.proof.HmacProof;
import io.surveygateway.proof.HmacProof.Algorithm;
import io.surveygateway.proof.HmacProof.Encoding;
import io.surveygateway.proof.HmacProof.Prefix;
import io.surveygateway.proof.Keys;
import io.surveygateway.proof.Place;
import io.surveygateway.proof.Proof;
import io.surveygateway.proof.SignedText;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Lets a request go on only if it holds the keyed hash of its body: {@link HmacProof}. */
public final class HmacCheck extends ProofCheck {

  private String algorithm = "";
  private String header = "";
  private String queryParameter = "";
  private String formField = "";
  private String jsonPointer = "";
  private String encoding = "";
  private String prefix = "";
  private boolean prefixOptional;
  private String signed = "{body}";
  private String timestampHeader = "";
  private String tolerance = "5m";
  private String keyEncoding = "text";

  public HmacCheck() {
    super("check-hmac");
  }

  @Override
  Proof proof(Keys keys) {
    return new HmacProof(
        Algorithm.named(algorithm),
        place(),
        Encoding.named(encoding),
        new Prefix(prefix, prefixOptional),
        SignedText.parse(signed),
        freshness(),
        keys.decoded(keyEncoding));
  }

  private Place place() {
    var places = Place.named(header, queryParameter, formField, jsonPointer);
    if (places.size() != 1) {
      throw new IllegalArgumentException(
          "Expected one of header, queryParameter, formField and jsonPointer to be named, got "
              + (places.isEmpty() ? "none" : places));
    }
    return places.get(0);
  }

  private @Nullable Freshness freshness() {
    return timestampHeader.isBlank()
        ? null
        : new Freshness(timestampHeader, Tolerance.parse(tolerance), single(Clock.class));
  }

  @Override
  Keys anyKeys() {
    return Keys.of(keyEncoding.equals("text") ? "any" : "0000");
  }

  /** {@code sha1}, {@code sha256} or {@code sha512}. */
  public void setAlgorithm(String algorithm) {
    this.algorithm = algorithm;
  }

  /** Name of the header that holds the hash, or empty if it stands elsewhere. */
  public void setHeader(String header) {
    this.header = header;
  }

  /** Name of the query parameter that holds the hash, or empty. */
  public void setQueryParameter(String queryParameter) {
    this.queryParameter = queryParameter;
  }

  /** Name of the field of an urlencoded body that holds the hash, or empty. */
  public void setFormField(String formField) {
    this.formField = formField;
  }

  /** Pointer to the member of a JSON body that holds the hash, or empty. */
  public void setJsonPointer(String jsonPointer) {
    this.jsonPointer = jsonPointer;
  }

  /** {@code hex}, {@code hex-any-case}, {@code base64} or {@code base64url}. */
  public void setEncoding(String encoding) {
    this.encoding = encoding;
  }

  /** What stands before the hash, exact to the case. */
  public void setPrefix(String prefix) {
    this.prefix = prefix;
  }

  /** Whether the hash may come without its prefix. */
  public void setPrefixOptional(boolean prefixOptional) {
    this.prefixOptional = prefixOptional;
  }

  /** What is hashed: {@link SignedText}. */
  public void setSigned(String signed) {
    this.signed = signed;
  }

  /** Name of the header that holds the Unix seconds of the sending, or empty. */
  public void setTimestampHeader(String timestampHeader) {
    this.timestampHeader = timestampHeader;
  }

  /** How far off that time may be, such as {@code 5m}. */
  public void setTolerance(String tolerance) {
    this.tolerance = tolerance;
  }

  /** {@code text}, {@code hex} or {@code base64}. */
  public void setKeyEncoding(String keyEncoding) {
    this.keyEncoding = keyEncoding;
  }
}
