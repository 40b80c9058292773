package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.proof.Finding.Result;
import io.surveygateway.proof.HmacProof.Algorithm;
import io.surveygateway.proof.HmacProof.Encoding;
import io.surveygateway.proof.HmacProof.Prefix;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Why a proof does not hold, and what would make it. */
class ExaminationTest {

  private static final String SECRET = "a secret nobody guesses";
  private static final String BODY = "{\"id\": 1,\n \"url\": \"https://example.org/é\"}\n";
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_772_445_600), ZoneOffset.UTC);

  private static final HmacProof HEX =
      new HmacProof(
          Algorithm.SHA256, "X-Signature", Encoding.HEX, "sha256=", Keys.of(SECRET, "the old one"));

  private static String hex(Algorithm algorithm, String key, String signed) {
    return HexFormat.of().formatHex(algorithm.of(key.getBytes(UTF_8), signed.getBytes(UTF_8)));
  }

  private static String signature(String key, String signed) {
    return "sha256=" + hex(Algorithm.SHA256, key, signed);
  }

  private static SampleRequest sent(String body) {
    return SampleRequest.of(body);
  }

  private static List<Result> results(Examination examined) {
    return examined.findings().stream().map(Finding::result).toList();
  }

  @Test
  void holdsStepByStepAndNamesTheSecret() {
    var examined =
        HEX.examine(sent(BODY).withHeader("x-signature", signature("the old one", BODY)));

    assertThat(examined.isClean()).isTrue();
    assertThat(examined.causes()).isEmpty();
    assertThat(examined.findings())
        .extracting(Finding::asks)
        .containsExactly(
            "X-Signature is there, once",
            "It is written as sha256= and 64 lower-case hex digits",
            "What is signed is there: {body}",
            "It matches by HMAC-SHA-256 with one of 2 secrets");
    assertThat(examined.findings().get(3).says()).isEqualTo("With the previous secret.");
  }

  @Test
  void saysWhatIsOpenWithoutASignature() {
    var examined = HEX.examine(sent(BODY));

    assertThat(results(examined))
        .containsExactly(Result.FAILS, Result.OPEN, Result.HOLDS, Result.OPEN);
    assertThat(examined.causes()).isEmpty();
  }

  /** Each body is what was signed, the one that comes is another. */
  static List<List<String>> bodies() {
    var compact = "{\"id\":1,\"url\":\"https://example.org/é\"}";
    return List.of(
        List.of("{}\r\n", "{}\n", "The body's line ends were changed: it was signed with CRLF."),
        List.of("a\nb", "a\r\nb", "The body's line ends were changed: it was signed with LF."),
        List.of("{}", "{}\n", "The body has a line end behind it that was not signed."),
        List.of("{}\n", "{}", "The body was signed with one line end (LF) behind it."),
        List.of(
            compact,
            "{\n  \"id\": 1,\n  \"url\": \"https://example.org/é\"\n}",
            "The body's JSON was written anew: it was signed without white space."),
        List.of(
            "{\n  \"id\": 1,\n  \"all\": [\n    1,\n    2\n  ],\n  \"none\": []\n}",
            "{\"id\":1,\"all\":[1,2],\"none\":[]}",
            "The body's JSON was written anew: it was signed indented by two spaces."),
        List.of(
            "{\"id\": 1, \"all\": [1, 2]}",
            "{\"id\":1,\"all\":[1,2]}",
            "The body's JSON was written anew: it was signed with a space after each comma and"
                + " colon, as Python does."),
        List.of(
            "{\"url\":\"https:\\/\\/example.org\\/\\u00e9\"}",
            "{\"url\": \"https://example.org/é\"}",
            "The body's JSON was written anew: it was signed with \\/ for slashes and \\u"
                + " escapes."),
        List.of(
            compact,
            "{\"id\":1,\"url\":\"https://example.org/\\u00e9\"}",
            "The body's JSON was written anew: it was signed with letters, not \\u escapes."),
        List.of("a=1%202", "a=1+2", "The form was written anew: it was signed with %20 for +."),
        List.of("", "{}", "The body is missing: an empty one was signed."));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void findsWhatBecameOfTheBody(List<String> one) {
    var examined =
        HEX.examine(sent(one.get(1)).withHeader("X-Signature", signature(SECRET, one.get(0))));

    assertThat(examined.isClean()).isFalse();
    assertThat(examined.causes()).contains(one.get(2));
  }

  @Test
  void findsTheSecretWithALineEndBehindIt() {
    var examined =
        HEX.examine(sent(BODY).withHeader("X-Signature", signature(SECRET + "\n", BODY)));

    assertThat(examined.causes())
        .containsExactly("The sender signs with the current secret and a line end (LF) behind it.");
  }

  @Test
  void findsTwoChangesAtOnce() {
    var examined =
        HEX.examine(sent("{}\n").withHeader("X-Signature", signature("the old one ", "{}")));

    assertThat(examined.causes())
        .containsExactly(
            "The body has a line end behind it that was not signed."
                + " The sender signs with the previous secret and a space behind it.");
  }

  @ParameterizedTest
  @CsvSource({
    "hex, 64 lower-case hex digits without a prefix",
    "upper, '64 hex digits, with upper case, after a prefix'",
    "base64, '44 characters of Base64, padded, without a prefix'",
    "prefix, 64 lower-case hex digits after a prefix"
  })
  void tellsAWrongFormFromAWrongSecret(String form, String says) {
    var hash = Algorithm.SHA256.of(SECRET.getBytes(UTF_8), BODY.getBytes(UTF_8));
    var hex = HexFormat.of().formatHex(hash);
    var value =
        switch (form) {
          case "hex" -> hex;
          case "upper" -> "sha256=" + hex.toUpperCase(Locale.ROOT);
          case "base64" -> Base64.getEncoder().encodeToString(hash);
          default -> "v1=" + hex;
        };

    var examined = HEX.examine(sent(BODY).withHeader("X-Signature", value));

    assertThat(results(examined))
        .containsExactly(Result.HOLDS, Result.FAILS, Result.HOLDS, Result.HOLDS);
    assertThat(examined.findings().get(1).says()).isEqualTo("It is " + says + ".");
  }

  @Test
  void findsTheSignatureInAnotherHeader() {
    var examined = HEX.examine(sent(BODY).withHeader("X-Hub-Sig", signature(SECRET, BODY)));

    assertThat(examined.causes())
        .containsExactly(
            "The signature stands in header X-Hub-Sig, and is looked for in X-Signature.");
  }

  @Test
  void findsAnotherAlgorithm() {
    var examined =
        HEX.examine(
            sent(BODY).withHeader("X-Signature", "sha1=" + hex(Algorithm.SHA1, SECRET, BODY)));

    assertThat(examined.causes())
        .containsExactly("It is an HMAC by SHA-1, and one by SHA-256 is asked for.");
  }

  @Test
  void findsATimeThatIsSignedAlong() {
    var examined =
        HEX.examine(
            sent(BODY)
                .withHeader("X-Time", "1772445600")
                .withHeader("X-Signature", signature(SECRET, "1772445600." + BODY)));

    assertThat(examined.causes())
        .containsExactly("Signed is {header:X-Time}.{body}, and the body alone is asked for.");
  }

  @Test
  void saysThatOnlyTheTimeIsWrong() {
    var proof = timed();
    var examined =
        proof.examine(
            sent(BODY)
                .withHeader("X-Time", "1772440000")
                .withHeader("X-Signature", hex(Algorithm.SHA256, SECRET, "1772440000." + BODY)));

    assertThat(results(examined))
        .containsExactly(Result.HOLDS, Result.HOLDS, Result.HOLDS, Result.FAILS, Result.HOLDS);
    assertThat(examined.findings().get(2).says())
        .isEqualTo("X-Time of 10 bytes, \".\", body of 44 bytes; 55 bytes in all.");
    assertThat(examined.findings().get(3).says()).endsWith("it is 5600 seconds old.");
  }

  private static HmacProof timed() {
    return new HmacProof(
        Algorithm.SHA256,
        Place.header("X-Signature"),
        Encoding.HEX,
        new Prefix("", false),
        SignedText.parse("{header:X-Time}.{body}"),
        new Freshness("X-Time", Duration.ofMinutes(5), CLOCK),
        Keys.of(SECRET));
  }

  @Test
  void findsAStandardWebhookThatWasSignedWithTheSecretAsText() {
    var proof =
        new StandardWebhookProof(
            "webhook-id",
            new Freshness("webhook-timestamp", Duration.ofMinutes(5), CLOCK),
            "webhook-signature",
            Keys.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    var hash =
        Algorithm.SHA256.of(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".getBytes(UTF_8),
            ("msg_1.1772445600." + BODY).getBytes(UTF_8));
    var request =
        sent(BODY)
            .withHeader("webhook-id", "msg_1")
            .withHeader("webhook-timestamp", "1772445600")
            .withHeader("webhook-signature", "v1," + Base64.getEncoder().encodeToString(hash));

    assertThat(proof.examine(request).causes())
        .containsExactly("The sender signs with the current secret as it is written, not decoded.");
    var asSvix =
        sent(BODY)
            .withHeader("svix-id", "msg_1")
            .withHeader("svix-timestamp", "1772445600")
            .withHeader("svix-signature", "v1,AAAA");
    assertThat(proof.examine(asSvix).causes())
        .containsExactly(
            "The headers are called svix-..., and webhook-signature is looked for: the route's"
                + " check has parameter headers.");
  }

  @ParameterizedTest
  @CsvSource({
    "' the key ', X-Key has white space or quotes round the key.",
    "Bearer the key, X-Key has a word before the key.",
    "the%20key, X-Key has the key percent-encoded once too often."
  })
  void findsAKeyThatIsWrittenOtherwise(String value, String cause) {
    var proof = new SharedKeyProof("X-Key", "key", Keys.of("the key"));

    var examined = proof.examine(sent(BODY).withHeader("X-Key", "'" + value + "'"));
    var plain = proof.examine(sent(BODY).withHeader("X-Key", value));

    assertThat(plain.causes().isEmpty() ? examined.causes() : plain.causes())
        .containsExactly(cause);
  }

  @Test
  void findsAKeyThatStandsElsewhere() {
    var proof = new SharedKeyProof("X-Key", null, Keys.of("the key"));

    assertThat(proof.examine(sent(BODY).withQuery("token", "the key")).causes())
        .containsExactly("The key stands in query parameter token, and is looked for in X-Key.");
  }

  @ParameterizedTest
  @CsvSource({
    "Basic user:word, 'User and password are right, and not written in Base64.'",
    "Basic dXNlcjp3b3JkCg==,"
        + " 'User and password are right, with white space or a line end round them.'",
    "dXNlcjp3b3Jk, 'The credentials are right, and Basic is missing before them.'"
  })
  void findsAPasswordThatIsWrittenOtherwise(String value, String cause) {
    var proof = new AuthorizationProof(AuthorizationProof.Scheme.BASIC, Keys.of("user:word"));

    assertThat(proof.examine(sent(BODY).withHeader("Authorization", value)).causes())
        .containsExactly(cause);
  }

  /** Neither what is right nor what is secret, whatever comes. */
  @Test
  void neverSaysTheRightSignatureNorTheSecret() {
    var right = signature(SECRET, BODY);
    for (var value : List.of("", "sha256=" + "0".repeat(64), right.substring(7), right + "0")) {
      var said = HEX.examine(sent(BODY).withHeader("X-Signature", value)).toString();

      assertThat(said).doesNotContain(right.substring(7), SECRET, "the old one");
      assertThat(said)
          .doesNotContain(
              Base64.getEncoder().encodeToString(HexFormat.of().parseHex(right.substring(7))));
    }
  }

  /** All but its last digit is no nearer to it than none. */
  @Test
  void saysTheSameOfNearAndFar() {
    var right = signature(SECRET, BODY);
    var near = right.substring(0, right.length() - 1) + (right.endsWith("0") ? "1" : "0");

    assertThat(HEX.examine(sent(BODY).withHeader("X-Signature", near)))
        .isEqualTo(HEX.examine(sent(BODY).withHeader("X-Signature", "sha256=" + "0".repeat(64))));
  }

  @Test
  void boundsWhatItTries() {
    var body = new String(new byte[1 << 20], US_ASCII).replace('\0', 'x') + "\n";

    var examined = HEX.examine(sent(body).withHeader("X-Signature", "sha256=" + "0".repeat(64)));

    assertThat(examined.isCutShort()).isTrue();
  }
}
