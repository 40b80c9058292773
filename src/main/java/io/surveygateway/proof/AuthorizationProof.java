package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Believes a request whose {@code Authorization} header holds a fixed token ({@code Bearer}, RFC
 * 6750) or a user and password ({@code Basic}, RFC 7617).
 *
 * <p>Compares texts: what came is not decoded, so unpadded or otherwise unusual Base64 is refused.
 * The scheme may be written in any case. Says nothing about the body: anyone who sees one request
 * can send others, so it wants HTTPS in front.
 */
public final class AuthorizationProof implements Proof {

  /** How a key is written in the header. */
  public enum Scheme {
    /** The key as it is. */
    BEARER("Bearer", "another token"),
    /** The key, {@code user:password} in UTF-8, in Base64. */
    BASIC("Basic", "another user or password");

    private final String name;
    private final String wrong;

    Scheme(String name, String wrong) {
      this.name = name;
      this.wrong = wrong;
    }

    private byte[] written(byte[] key) {
      return this == BASIC ? Base64.getEncoder().encode(key) : key;
    }
  }

  private static final Place HEADER = Place.header("Authorization");

  private final Scheme scheme;
  private final Keys keys;

  public AuthorizationProof(Scheme scheme, Keys keys) {
    this.scheme = scheme;
    this.keys = keys;
  }

  @Override
  public Verdict judge(SignedRequest request) {
    var came = HEADER.in(request);
    if (came.isEmpty()) {
      return new Refused(HEADER + " is missing");
    }
    if (came.size() > 1) {
      return new Refused(HEADER + " came more than once");
    }
    var start = startOfCredentials(came.get(0));
    if (start < 0) {
      return new Refused(HEADER + " is malformed: expected " + scheme.name + " and credentials");
    }
    var presented = Arrays.copyOfRange(came.get(0), start, came.get(0).length);
    var match = keys.indexOf(key -> MessageDigest.isEqual(scheme.written(key), presented));
    return match == Keys.NONE
        ? new Refused(HEADER + " does not match: " + scheme.wrong)
        : new Proved(keys.nameOf(match));
  }

  @Override
  public List<Place> places() {
    return List.of(HEADER);
  }

  /** After the scheme and the blanks that follow it; -1 if it is another, or nothing follows. */
  private int startOfCredentials(byte[] value) {
    var length = scheme.name.length();
    if (value.length <= length || value[length] != ' ') {
      return -1;
    }
    var named = new String(value, 0, length, UTF_8);
    if (!named.toLowerCase(Locale.ROOT).equals(scheme.name.toLowerCase(Locale.ROOT))) {
      return -1;
    }
    var at = length;
    while (at < value.length && value[at] == ' ') {
      at++;
    }
    return at == value.length ? -1 : at;
  }

  @Override
  public String toString() {
    return "AuthorizationProof[" + scheme.name + ", " + keys + "]";
  }
}
