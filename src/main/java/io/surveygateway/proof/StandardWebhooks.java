package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.surveygateway.proof.HmacProof.Algorithm;
import java.io.ByteArrayOutputStream;
import java.util.Base64;

/**
 * What sender and receiver do alike by the rules of <a
 * href="https://github.com/standard-webhooks/standard-webhooks">Standard Webhooks</a>.
 */
final class StandardWebhooks {

  /** Stands before the Base64 of a secret that both sides have. */
  static final String SECRET = "whsec_";

  private static final String HMAC = "v1,";

  private StandardWebhooks() {}

  /** The text that is signed: {@code id.timestamp.body}. */
  static byte[] signed(byte[] id, String seconds, byte[] body) {
    var signed = new ByteArrayOutputStream(id.length + seconds.length() + body.length + 2);
    signed.writeBytes(id);
    signed.write('.');
    signed.writeBytes(seconds.getBytes(US_ASCII));
    signed.write('.');
    signed.writeBytes(body);
    return signed.toByteArray();
  }

  /** The signature by a secret that both sides have, with its version before it. */
  static String hmac(byte[] secret, byte[] signed) {
    return HMAC + Base64.getEncoder().encodeToString(Algorithm.SHA256.of(secret, signed));
  }

  /**
   * @return never empty
   * @throws IllegalArgumentException if it is no Base64 or nothing; the message quotes no secret
   */
  static byte[] decoded(String base64) {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException quotesTheSecret) {
      throw new IllegalArgumentException("Expected Base64");
    }
    if (decoded.length == 0) {
      throw new IllegalArgumentException("Expected Base64 of at least a byte");
    }
    return decoded;
  }
}
