package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Believes a request that is signed by the rules of <a
 * href="https://github.com/standard-webhooks/standard-webhooks">Standard Webhooks</a>, as Svix and
 * Formbricks do.
 *
 * <p>Signed is {@code id.timestamp.body}. The signature header holds signatures with blanks
 * between, and one that fits is enough: {@code v1,} and the Base64 of an HMAC-SHA256, {@code v1a,}
 * and that of an Ed25519 signature. Others are passed over. A timestamp that is too far off is
 * refused, and so are an id with a dot in it, which would move the border between id and body, and
 * a header that came twice.
 *
 * <p>A key is {@code whsec_} and Base64 for {@code v1}, the Base64 alone for the same, or {@code
 * whpk_} and the Base64 of a public key for {@code v1a}.
 */
public final class StandardWebhookProof implements Proof {

  private static final String PUBLIC_KEY = "whpk_";
  private static final String PRIVATE_KEY = "whsk_";
  private static final String ED25519 = "v1a,";

  private static final int ED25519_KEY = 32;
  private static final int ED25519_SIGNATURE = 64;

  /** What stands before the 32 bytes of a key in X.509: RFC 8410, section 4. */
  private static final byte[] ED25519_HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

  /** Each costs a check by every key. */
  static final int MOST_SIGNATURES = 16;

  private static final Pattern BLANKS = Pattern.compile(" +");

  private final Place id;
  private final Freshness freshness;
  private final Place signature;
  private final Keys keys;
  private final List<Key> verifiers;

  /**
   * @param id name of the header that holds the id, such as {@code webhook-id}
   * @param freshness of the header that holds the Unix seconds, such as {@code webhook-timestamp}
   * @param signature name of the header that holds signatures, such as {@code webhook-signature}
   * @throws MalformedKeyException if a key is none of the three kinds
   * @throws IllegalArgumentException if a name is none that a header could have
   */
  public StandardWebhookProof(String id, Freshness freshness, String signature, Keys keys) {
    this.id = Place.header(id);
    this.freshness = freshness;
    this.signature = Place.header(signature);
    this.keys = keys;
    this.verifiers = keys.read(StandardWebhookProof::key);
  }

  @Override
  public Verdict judge(SignedRequest request) {
    for (var place : List.of(id, signature)) {
      var times = place.in(request).size();
      if (times != 1) {
        return new Refused(place + (times == 0 ? " is missing" : " came more than once"));
      }
    }
    var idBytes = id.in(request).get(0);
    if (!isId(idBytes)) {
      return new Refused(id + " is malformed: expected an id without a dot");
    }
    var stale = freshness.complaint(request);
    if (stale.isPresent()) {
      return new Refused(stale.get());
    }
    if (signaturesIn(request.header(signature.name()).get(0)).size() > MOST_SIGNATURES) {
      return new Refused(
          signature + " is malformed: expected at most " + MOST_SIGNATURES + " signatures");
    }
    var match = match(request);
    return match == Keys.NONE
        ? new Refused(signature + " does not match: another secret, or a changed request")
        : new Proved(keys.nameOf(match));
  }

  @Override
  public List<String> secrets() {
    return keys.names();
  }

  @Override
  public List<Place> places() {
    return List.of(signature);
  }

  @Override
  public Examination examine(WholeRequest request) {
    return new StandardWebhookExamination(this, request).examined();
  }

  /** Which key has signed a request that has id, time and signatures. */
  int match(SignedRequest request) {
    var signed = signed(request);
    var presented = signaturesIn(request.header(signature.name()).get(0)).toArray(String[]::new);
    var match = Keys.NONE;
    // All of them, so that the time taken does not tell which one it was.
    for (var index = verifiers.size() - 1; index >= 0; index--) {
      if (verifiers.get(index).hasSigned(signed, presented)) {
        match = index;
      }
    }
    return match;
  }

  byte[] signed(SignedRequest request) {
    return StandardWebhooks.signed(
        id.in(request).get(0), request.header(freshness.header()).get(0), request.body());
  }

  static List<String> signaturesIn(String header) {
    return List.of(BLANKS.split(header));
  }

  static boolean isId(byte[] bytes) {
    for (var b : bytes) {
      if (b == '.') {
        return false;
      }
    }
    return bytes.length > 0;
  }

  /** What the key at that place signs with; null if it is a public one. */
  byte @Nullable [] hmacKey(int index) {
    return verifiers.get(index) instanceof HmacKey hmac ? hmac.secret : null;
  }

  Place id() {
    return id;
  }

  Freshness freshness() {
    return freshness;
  }

  Place signature() {
    return signature;
  }

  Keys keys() {
    return keys;
  }

  private static Key key(byte[] utf8) {
    var text = new String(utf8, UTF_8);
    if (text.startsWith(PRIVATE_KEY)) {
      throw new MalformedKeyException(
          "is a private key of the sender (whsk_); ask for its public key (whpk_)");
    }
    if (text.startsWith(PUBLIC_KEY)) {
      return new Ed25519Key(publicKey(decoded(text.substring(PUBLIC_KEY.length()))));
    }
    var secret =
        text.startsWith(StandardWebhooks.SECRET)
            ? text.substring(StandardWebhooks.SECRET.length())
            : text;
    return new HmacKey(decoded(secret));
  }

  private static byte[] decoded(String base64) {
    try {
      return StandardWebhooks.decoded(base64);
    } catch (IllegalArgumentException notBase64) {
      throw malformed();
    }
  }

  private static PublicKey publicKey(byte[] bytes) {
    if (bytes.length != ED25519_KEY) {
      throw malformed();
    }
    var encoded = Arrays.copyOf(ED25519_HEADER, ED25519_HEADER.length + ED25519_KEY);
    System.arraycopy(bytes, 0, encoded, ED25519_HEADER.length, ED25519_KEY);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw malformed();
    }
  }

  private static MalformedKeyException malformed() {
    return new MalformedKeyException(
        "is no key of Standard Webhooks: expected whsec_ and Base64, or whpk_ and the Base64 of 32"
            + " bytes");
  }

  @Override
  public String toString() {
    return "StandardWebhookProof[" + signature + ", " + keys + "]";
  }

  private sealed interface Key {
    boolean hasSigned(byte[] signed, String[] signatures);
  }

  private record HmacKey(byte[] secret) implements Key {

    @Override
    public boolean hasSigned(byte[] signed, String[] signatures) {
      var expected = StandardWebhooks.hmac(secret, signed).getBytes(US_ASCII);
      var found = false;
      for (var signature : signatures) {
        found |= MessageDigest.isEqual(expected, signature.getBytes(UTF_8));
      }
      return found;
    }
  }

  private record Ed25519Key(PublicKey publicKey) implements Key {

    @Override
    public boolean hasSigned(byte[] signed, String[] signatures) {
      var found = false;
      for (var signature : signatures) {
        found |=
            signature.startsWith(ED25519) && fits(signed, signature.substring(ED25519.length()));
      }
      return found;
    }

    private boolean fits(byte[] signed, String base64) {
      try {
        var bytes = Base64.getDecoder().decode(base64);
        if (bytes.length != ED25519_SIGNATURE
            || !Base64.getEncoder().encodeToString(bytes).equals(base64)) {
          return false;
        }
        var check = Signature.getInstance("Ed25519");
        check.initVerify(publicKey);
        check.update(signed);
        return check.verify(bytes);
      } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
        // Java throws at some signatures that are none; they are as good as wrong ones.
        return false;
      }
    }
  }
}
