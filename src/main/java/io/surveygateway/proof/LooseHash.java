package io.surveygateway.proof;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A hash that may be written otherwise than it should be.
 *
 * @param bytes as long as one of our hashes
 * @param form how it is written, without a digit of it
 */
record LooseHash(byte[] bytes, String form) {

  private static final Set<Integer> LENGTHS = Set.of(20, 32, 64);
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]{1,12}[=,:] ?");
  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]+");
  private static final int LONGEST = 400;

  /** Empty if it is none, however it is read. */
  static Optional<LooseHash> of(String value) {
    if (value.length() > LONGEST) {
      return Optional.empty();
    }
    var bare = value.strip().replaceAll("^[\"']|[\"']$", "");
    var quotes = bare.length() < value.length() ? ", with white space or quotes round it" : "";
    var whole = decoded(bare, "without a prefix" + quotes);
    if (whole.isPresent()) {
      return whole;
    }
    var prefix = PREFIX.matcher(bare);
    return prefix.lookingAt()
        ? decoded(bare.substring(prefix.end()), "after a prefix" + quotes)
        : Optional.empty();
  }

  private static Optional<LooseHash> decoded(String digits, String where) {
    if (HEX.matcher(digits).matches() && LENGTHS.contains(digits.length() / 2)) {
      if (digits.length() % 2 == 0) {
        var isUpper = !digits.equals(digits.toLowerCase(java.util.Locale.ROOT));
        return Optional.of(
            new LooseHash(
                HexFormat.of().parseHex(digits),
                digits.length()
                    + (isUpper ? " hex digits, with upper case, " : " lower-case hex digits ")
                    + where));
      }
    }
    try {
      var isForUrls = digits.indexOf('-') >= 0 || digits.indexOf('_') >= 0;
      var bytes = (isForUrls ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(digits);
      if (LENGTHS.contains(bytes.length)) {
        return Optional.of(
            new LooseHash(
                bytes,
                digits.length()
                    + (isForUrls ? " characters of Base64 for URLs" : " characters of Base64")
                    + (digits.endsWith("=") ? ", padded, " : ", not padded, ")
                    + where));
      }
    } catch (IllegalArgumentException notBase64) {
      // It is no hash.
    }
    return Optional.empty();
  }

  /** How it is written; never what. */
  @Override
  public String toString() {
    return "LooseHash[" + form + "]";
  }
}
