package io.surveygateway.operations;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An API token as its owner has it: {@code sgw_}, the id of its row, {@code _}, and 256 random bits
 * in hex.
 *
 * <p>The prefix is for scanners that look for secrets where there should be none; the id lets it be
 * found by key, so that nothing secret is ever searched for. What is kept is its SHA-256: of that
 * many random bits no slow hash is needed.
 */
record TokenText(long id, String text) {

  private static final Pattern FORM = Pattern.compile("sgw_(\\d{1,18})_[0-9a-f]{64}");
  private static final SecureRandom RANDOM = new SecureRandom();

  static TokenText random(long id) {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return new TokenText(id, "sgw_" + id + "_" + HexFormat.of().formatHex(bytes));
  }

  /** Empty where it is no token of ours. */
  static Optional<TokenText> parse(String text) {
    var form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new TokenText(Long.parseLong(form.group(1)), text))
        : Optional.empty();
  }

  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  /** In constant time. */
  boolean matches(byte[] hash) {
    return MessageDigest.isEqual(hash(), hash);
  }

  @Override
  public String toString() {
    return "TokenText[id=" + id + "]";
  }
}
