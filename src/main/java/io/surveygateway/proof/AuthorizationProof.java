package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.security.MessageDigest;
import java.util.ArrayList;
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
  public Examination examine(WholeRequest request) {
    var came = HEADER.in(request);
    var isThere = HEADER + " is there, once";
    var isWritten = "It is " + scheme.name + " and credentials";
    var matches = "They are " + (scheme == Scheme.BASIC ? "our user and password" : "our token");
    if (came.size() != 1) {
      return new Examination(
          List.of(
              Finding.fails(
                  isThere, came.isEmpty() ? "It is not." : "It came " + came.size() + " times."),
              Finding.open(isWritten),
              Finding.open(matches)),
          KeyPlaces.elsewhere(request, places(), HEADER.toString(), this::isKey));
    }
    var start = startOfCredentials(came.get(0));
    if (start < 0) {
      return new Examination(
          List.of(
              Finding.holds(isThere, "It is."),
              Finding.fails(isWritten, "It begins otherwise."),
              Finding.open(matches)),
          otherwise(came.get(0), 0));
    }
    var presented = Arrays.copyOfRange(came.get(0), start, came.get(0).length);
    var match = keys.indexOf(key -> MessageDigest.isEqual(scheme.written(key), presented));
    return new Examination(
        List.of(
            Finding.holds(isThere, "It is."),
            Finding.holds(isWritten, "It is."),
            match == Keys.NONE
                ? Finding.fails(matches, "They are not: " + scheme.wrong + ".")
                : Finding.holds(matches, "They are the " + keys.nameOf(match) + ".")),
        match == Keys.NONE ? otherwise(came.get(0), start) : List.of());
  }

  /** The right credentials, written in another way. */
  private List<String> otherwise(byte[] value, int start) {
    var text = new String(value, UTF_8);
    var rest = KeyPlaces.bare(text.replaceFirst("(?i)^(bearer|basic|token)[ :]+", ""));
    var causes = new ArrayList<String>();
    if (start == 0 && isKey(rest.getBytes(UTF_8))) {
      causes.add(
          "The credentials are right, and %s is missing before them.".formatted(scheme.name));
    } else if (isKey(rest.getBytes(UTF_8))) {
      causes.add("The credentials are right, with white space or quotes round them.");
    }
    if (scheme == Scheme.BASIC) {
      if (isPlain(rest)) {
        causes.add("User and password are right, and not written in Base64.");
      }
      try {
        var decoded = new String(Base64.getDecoder().decode(rest.replaceAll("=+$", "")), UTF_8);
        if (!isKey(rest.getBytes(UTF_8)) && isPlain(decoded)) {
          causes.add("User and password are right, and their Base64 lacks its padding.");
        } else if (!isPlain(decoded) && isPlain(decoded.strip())) {
          causes.add("User and password are right, with white space or a line end round them.");
        }
      } catch (IllegalArgumentException notBase64) {
        // Then it is none of these.
      }
    }
    return causes;
  }

  /** Whether it is what the header has to hold after the scheme. */
  private boolean isKey(byte[] credentials) {
    return keys.indexOf(key -> MessageDigest.isEqual(scheme.written(key), credentials))
        != Keys.NONE;
  }

  private boolean isPlain(String key) {
    return keys.indexOf(known -> MessageDigest.isEqual(known, key.getBytes(UTF_8))) != Keys.NONE;
  }

  @Override
  public List<String> secrets() {
    return keys.names();
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
