package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Believes a request that holds, mostly in a header, the keyed hash (HMAC, RFC 2104) of its raw
 * body, or of a text that is made of its parts.
 *
 * <p>Compares texts: the value that came is never decoded, so upper-case hex, unpadded, URL-safe or
 * otherwise unusual Base64 and a missing prefix are refused where they were not asked for. A header
 * that came twice is refused even if one of its values is right, since receivers differ in which
 * one they read.
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

    int bytes() {
      return bytes;
    }

    /** As standards write it. */
    String inWords() {
      return name().replace("SHA", "SHA-");
    }

    /** The keyed hash itself. */
    byte[] of(byte[] key, byte[] message) {
      return prepared(key).doFinal(message);
    }

    /** Makes hashes with this key; to be cloned for each, and never used itself. */
    Mac prepared(byte[] key) {
      try {
        var mac = Mac.getInstance(javaName);
        mac.init(new SecretKeySpec(key, javaName));
        return mac;
      } catch (GeneralSecurityException e) {
        // Not for anything in a request: these algorithms are in every Java, and take any key.
        throw new IllegalStateException("Expected Java to have " + javaName, e);
      }
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
    /** Two digits a byte, in either case. */
    HEX_ANY_CASE,
    /** RFC 4648 section 4: the standard alphabet, padded. */
    BASE64,
    /** RFC 4648 section 5: the alphabet for URLs, not padded. */
    BASE64URL;

    public static Encoding named(String name) {
      return switch (name) {
        case "hex" -> HEX;
        case "hex-any-case" -> HEX_ANY_CASE;
        case "base64" -> BASE64;
        case "base64url" -> BASE64URL;
        default ->
            throw new IllegalArgumentException(
                "Expected encoding to be hex, hex-any-case, base64 or base64url, got "
                    + quoted(name));
      };
    }

    String encode(byte[] bytes) {
      return switch (this) {
        case HEX, HEX_ANY_CASE -> HexFormat.of().formatHex(bytes);
        case BASE64 -> Base64.getEncoder().encodeToString(bytes);
        case BASE64URL -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      };
    }

    /** The digit as {@link #encode} would have written it. */
    private char usual(char digit) {
      return this == HEX_ANY_CASE && digit >= 'A' && digit <= 'F'
          ? (char) (digit + ('a' - 'A'))
          : digit;
    }

    private boolean uses(char letter) {
      return switch (this) {
        case HEX, HEX_ANY_CASE -> isDigit(letter) || letter >= 'a' && letter <= 'f';
        case BASE64 -> isAlphanumeric(letter) || letter == '+' || letter == '/' || letter == '=';
        case BASE64URL -> isAlphanumeric(letter) || letter == '-' || letter == '_';
      };
    }

    private static boolean isAlphanumeric(char letter) {
      return isDigit(letter) || letter >= 'A' && letter <= 'Z' || letter >= 'a' && letter <= 'z';
    }

    private static boolean isDigit(char letter) {
      return letter >= '0' && letter <= '9';
    }

    private String inWords(int length) {
      return switch (this) {
        case HEX -> length + " lower-case hex digits";
        case HEX_ANY_CASE -> length + " hex digits";
        case BASE64 -> length + " characters of padded Base64";
        case BASE64URL -> length + " characters of Base64 for URLs";
      };
    }
  }

  /**
   * What stands before the hash, such as {@code sha256=}; often empty; exact to the case.
   *
   * @param isOptional whether the hash may come without it, too
   */
  public record Prefix(String text, boolean isOptional) {

    /**
     * @throws IllegalArgumentException if no header could hold it
     */
    public Prefix {
      if (!VISIBLE_ASCII.matcher(text).matches()) {
        throw new IllegalArgumentException(
            "Expected prefix to be visible ASCII without blanks, got " + quoted(text));
      }
    }
  }

  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]*");

  private final Algorithm algorithm;
  private final Place place;
  private final Encoding encoding;
  private final Prefix prefix;
  private final SignedText signed;
  private final @Nullable Freshness freshness;
  private final Keys keys;
  private final List<Mac> macs;
  private final int digits;

  /**
   * Of the raw body.
   *
   * @param header name of the header that holds the proof
   * @param prefix what stands before the hash, such as {@code sha256=}; often empty; exact to the
   *     case
   * @throws IllegalArgumentException if a name or prefix is none that a header could hold
   */
  public HmacProof(
      Algorithm algorithm, String header, Encoding encoding, String prefix, Keys keys) {
    this(
        algorithm,
        Place.header(header),
        encoding,
        new Prefix(prefix, false),
        SignedText.BODY,
        null,
        keys);
  }

  /**
   * @param place where the proof stands
   * @param signed what is hashed
   * @param freshness of a header that is hashed along, or null if none says when it was sent
   * @throws IllegalArgumentException if the time that is asked for is not hashed along
   */
  public HmacProof(
      Algorithm algorithm,
      Place place,
      Encoding encoding,
      Prefix prefix,
      SignedText signed,
      @Nullable Freshness freshness,
      Keys keys) {
    if (freshness != null && !signed.covers(freshness.header())) {
      throw new IllegalArgumentException(
          "Expected signed to name timestampHeader too, such as {header:%1$s}.{body}: a time that"
                  .formatted(freshness.header())
              + " is not signed proves nothing");
    }
    this.algorithm = algorithm;
    this.place = place;
    this.encoding = encoding;
    this.prefix = prefix;
    this.signed = signed;
    this.freshness = freshness;
    this.keys = keys;
    this.macs = keys.read(algorithm::prepared);
    this.digits = encoding.encode(new byte[algorithm.bytes]).length();
  }

  @Override
  public Verdict judge(SignedRequest request) {
    var came = place.in(request);
    if (came.isEmpty()) {
      return new Refused(place + " is missing");
    }
    if (came.size() > 1) {
      return new Refused(place + " came more than once");
    }
    var presented = digitsOf(new String(came.get(0), ISO_8859_1));
    if (presented == null) {
      return new Refused(place + " is malformed: expected " + form());
    }
    var lacking = signed.complaint(request);
    if (lacking.isPresent()) {
      return new Refused(lacking.get());
    }
    if (freshness != null) {
      var stale = freshness.complaint(request);
      if (stale.isPresent()) {
        return new Refused(stale.get());
      }
    }
    var message = signed.in(request);
    var match = Keys.indexOf(macs, mac -> MessageDigest.isEqual(expected(mac, message), presented));
    // The same words for a wrong key and a changed body: the answer helps no forger.
    return match == Keys.NONE
        ? new Refused(place + " does not match: another secret, or a changed body")
        : new Proved(keys.nameOf(match));
  }

  @Override
  public List<String> secrets() {
    return keys.names();
  }

  @Override
  public List<Place> places() {
    return List.of(place);
  }

  @Override
  public Examination examine(WholeRequest request) {
    return new HmacExamination(this, request).examined();
  }

  /** Which key makes this hash, whatever way it was written in; {@link Keys#NONE} if none does. */
  int matching(byte[] hash, byte[] message) {
    var written = encoding.encode(hash).getBytes(US_ASCII);
    return Keys.indexOf(macs, mac -> MessageDigest.isEqual(expected(mac, message), written));
  }

  boolean isWrittenRight(String value) {
    return digitsOf(value) != null;
  }

  Algorithm algorithm() {
    return algorithm;
  }

  Place place() {
    return place;
  }

  SignedText signed() {
    return signed;
  }

  @Nullable Freshness freshness() {
    return freshness;
  }

  Keys keys() {
    return keys;
  }

  private byte[] expected(Mac mac, byte[] message) {
    try {
      // To look up an algorithm and a provider takes longer than to hash a short body.
      return encoding.encode(((Mac) mac.clone()).doFinal(message)).getBytes(US_ASCII);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Expected Java's " + mac.getAlgorithm() + " to be copied", e);
    }
  }

  /** The hash as it was written, without its prefix; null if it is not written as it should be. */
  private byte @Nullable [] digitsOf(String value) {
    String written;
    if (value.length() == prefix.text.length() + digits && value.startsWith(prefix.text)) {
      written = value.substring(prefix.text.length());
    } else if (prefix.isOptional && value.length() == digits) {
      written = value;
    } else {
      return null;
    }
    var usual = new byte[digits];
    for (var at = 0; at < digits; at++) {
      var digit = encoding.usual(written.charAt(at));
      if (!encoding.uses(digit)) {
        return null;
      }
      usual[at] = (byte) digit;
    }
    return usual;
  }

  /** How it has to be written, such as {@code sha256= and 64 lower-case hex digits}. */
  String form() {
    var digitsInWords = encoding.inWords(digits);
    if (prefix.text.isEmpty()) {
      return digitsInWords;
    }
    return prefix.text + (prefix.isOptional ? ", or nothing, and " : " and ") + digitsInWords;
  }

  private static String quoted(String name) {
    return name.isBlank() ? "nothing" : "\"" + name + "\"";
  }

  @Override
  public String toString() {
    return "HmacProof[%s, %s, %s, %s]"
        .formatted(
            place,
            algorithm.name().toLowerCase(Locale.ROOT),
            encoding.name().toLowerCase(Locale.ROOT),
            keys);
  }
}
