package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Signs what we send, so that a {@link StandardWebhookProof} on the other side believes it.
 *
 * <p>A secret is {@code whsec_} and the Base64 of 24 bytes or more, as Standard Webhooks asks. Each
 * one gives a signature, so that the receiver may change from one to the other at any time. Safe
 * for use by many threads.
 */
public final class StandardWebhookSigner {

  public static final String ID = "webhook-id";
  public static final String TIMESTAMP = "webhook-timestamp";
  public static final String SIGNATURE = "webhook-signature";

  private static final int FEWEST_BYTES = 24;

  /** Each makes the header longer, and the work of each receiver. */
  private static final int MOST_SECRETS = 4;

  private final List<byte[]> secrets;

  /**
   * @param secrets of which none is lacking
   * @throws MalformedKeyException if one of them is none of this kind, or there are over four
   */
  public StandardWebhookSigner(Secrets secrets) {
    this.secrets = Keys.of(secrets.newestFirst()).read(StandardWebhookSigner::secret);
    if (this.secrets.size() > MOST_SECRETS) {
      throw new MalformedKeyException(
          "holds more than "
              + MOST_SECRETS
              + " secrets: remove those that the receiver no longer knows");
    }
  }

  /**
   * The headers that prove a body.
   *
   * @param id of the message: visible ASCII without a dot, which would move the border between id
   *     and body
   * @param body the very bytes that are sent
   */
  public Map<String, String> headers(String id, Instant sentAt, byte[] body) {
    if (id.isEmpty() || !id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '.')) {
      throw new IllegalArgumentException(
          "Expected an id of visible ASCII without a dot, of " + id.length() + " characters");
    }
    var seconds = String.valueOf(sentAt.getEpochSecond());
    var signed = StandardWebhooks.signed(id.getBytes(UTF_8), seconds, body);
    var signatures =
        secrets.stream()
            .map(secret -> StandardWebhooks.hmac(secret, signed))
            .collect(Collectors.joining(" "));
    return Map.of(ID, id, TIMESTAMP, seconds, SIGNATURE, signatures);
  }

  private static byte[] secret(byte[] utf8) {
    var text = new String(utf8, UTF_8);
    if (text.startsWith(StandardWebhooks.SECRET)) {
      try {
        var secret = StandardWebhooks.decoded(text.substring(StandardWebhooks.SECRET.length()));
        if (secret.length >= FEWEST_BYTES) {
          return secret;
        }
      } catch (IllegalArgumentException malformed) {
        // Said below, for whoever sets secrets.
      }
    }
    throw new MalformedKeyException(
        "is no secret of Standard Webhooks: expected whsec_ and the Base64 of "
            + FEWEST_BYTES
            + " bytes or more, such as echo whsec_$(openssl rand -base64 32) makes");
  }

  /** How many secrets there are; never what they are. */
  @Override
  public String toString() {
    return "StandardWebhookSigner[" + secrets.size() + " secrets, not shown]";
  }
}
