package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Believes a request whose header holds the keyed hash (HMAC, RFC 2104) of its raw body.
 *
 * <p>Compares texts: the value that came is never decoded, so upper-case hex, unpadded, URL-safe or
 * otherwise unusual Base64 and a missing prefix are refused. A header that came twice is refused
 * even if one of its values is right, since receivers differ in which one they read.
 */
public final class HmacProof implements Proof {

  /** The hash below the HMAC, by the names that a route uses. */
  public enum Algorithm {
    SHA1("HmacSHA1", 20),
    SHA256("HmacSHA256", 32),
    SHA512("HmacSHA512", 64);

    private final String javaName;
    private final int bytes;

    Algorithm(String javaName, int bytes) {
      this.javaName = javaName;
      this.bytes = bytes;
    }

    public static Algorithm named(String name) {
      return switch (name) {
        case "sha1" -> SHA1;
        case "sha256" -> SHA256;
        case "sha512" -> SHA512;
        default ->
            throw new IllegalArgumentException(
                "Expected algorithm to be sha1, sha256 or sha512, got " + quoted(name));
      };
    }
  }

  /** How the hash's bytes are written in the header, by the names that a route uses. */
  public enum Encoding {
    /** Lower case, two digits a byte. */
    HEX,
    /** RFC 4648 section 4: the standard alphabet, padded. */
    BASE64;

    public static Encoding named(String name) {
      return switch (name) {
        case "hex" -> HEX;
        case "base64" -> BASE64;
        default ->
            throw new IllegalArgumentException(
                "Expected encoding to be hex or base64, got " + quoted(name));
      };
    }

    String encode(byte[] bytes) {
      return switch (this) {
        case HEX -> HexFormat.of().formatHex(bytes);
        case BASE64 -> Base64.getEncoder().encodeToString(bytes);
      };
    }

    private boolean uses(char letter) {
      return switch (this) {
        case HEX -> letter >= '0' && letter <= '9' || letter >= 'a' && letter <= 'f';
        case BASE64 ->
            letter >= 'A' && letter <= 'Z'
                || letter >= 'a' && letter <= 'z'
                || letter >= '0' && letter <= '9'
                || letter == '+'
                || letter == '/'
                || letter == '=';
      };
    }

    private String inWords(int length) {
      return switch (this) {
        case HEX -> length + " lower-case hex digits";
        case BASE64 -> length + " characters of padded Base64";
      };
    }
  }

  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]*");

  private final Algorithm algorithm;
  private final String header;
  private final Encoding encoding;
  private final String prefix;
  private final Keys keys;
  private final int digits;

  /**
   * @param header name of the header that holds the proof
   * @param prefix what stands before the hash, such as {@code sha256=}; often empty; exact to the
   *     case
   * @throws IllegalArgumentException if a name or prefix is none that a header could hold
   */
  public HmacProof(
      Algorithm algorithm, String header, Encoding encoding, String prefix, Keys keys) {
    if (!VISIBLE_ASCII.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "Expected prefix to be visible ASCII without blanks, got " + quoted(prefix));
    }
    this.algorithm = algorithm;
    this.header = HeaderName.checked(header);
    this.encoding = encoding;
    this.prefix = prefix;
    this.keys = keys;
    this.digits = encoding.encode(new byte[algorithm.bytes]).length();
  }

  @Override
  public Verdict judge(SignedRequest request) {
    var came = request.header(header);
    if (came.isEmpty()) {
      return new Refused(header + " is missing");
    }
    if (came.size() > 1) {
      return new Refused(header + " came more than once");
    }
    var value = came.get(0);
    if (!isWellFormed(value)) {
      return new Refused(header + " is malformed: expected " + form());
    }
    var presented = value.getBytes(US_ASCII);
    var signed = signed(request);
    var match = keys.indexOf(key -> MessageDigest.isEqual(expected(key, signed), presented));
    // The same words for a wrong key and a changed body: the answer helps no forger.
    return match == Keys.NONE
        ? new Refused(header + " does not match: another secret, or a changed body")
        : new Proved(keys.nameOf(match));
  }

  /**
   * What the provider hashed. The first four providers hash the raw body; one that hashes an id or
   * a time along with it (Standard Webhooks) or a form field (Qualtrics) needs a parameter, and
   * this is the place that reads it.
   */
  private static byte[] signed(SignedRequest request) {
    return request.body();
  }

  private byte[] expected(byte[] key, byte[] signed) {
    try {
      var mac = Mac.getInstance(algorithm.javaName);
      mac.init(new SecretKeySpec(key, algorithm.javaName));
      return (prefix + encoding.encode(mac.doFinal(signed))).getBytes(US_ASCII);
    } catch (GeneralSecurityException e) {
      // Not for anything in a request: these algorithms are in every Java, and take any key.
      throw new IllegalStateException("Expected Java to have " + algorithm.javaName, e);
    }
  }

  private boolean isWellFormed(String value) {
    if (value.length() != prefix.length() + digits || !value.startsWith(prefix)) {
      return false;
    }
    for (var at = prefix.length(); at < value.length(); at++) {
      if (!encoding.uses(value.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  private String form() {
    var digitsInWords = encoding.inWords(digits);
    return prefix.isEmpty() ? digitsInWords : prefix + " and " + digitsInWords;
  }

  private static String quoted(String name) {
    return name.isBlank() ? "nothing" : "\"" + name + "\"";
  }

  @Override
  public String toString() {
    return "HmacProof[%s, %s, %s, %s]"
        .formatted(
            header,
            algorithm.name().toLowerCase(Locale.ROOT),
            encoding.name().toLowerCase(Locale.ROOT),
            keys);
  }
}
