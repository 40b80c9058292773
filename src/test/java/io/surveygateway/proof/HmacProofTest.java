package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.surveygateway.proof.HmacProof.Algorithm;
import io.surveygateway.proof.HmacProof.Encoding;
import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HmacProofTest {

  private static final Verdict CURRENT = new Proved("current secret");

  // Known answers, made by openssl from the body ($B), which is stored without a newline.

  private static final String POPSEE_BODY =
      "{\"event\":\"response.completed\",\"response\":{\"id\":\"b6f1d3aa\"},"
          + "\"comment\":\"Très bien 👍\"}";
  // printf '%s' "$B" | openssl dgst -sha256 -hmac 'popsee-secret-1'
  private static final String POPSEE_HEX =
      "b6c23bd04e1381b7e8a09cc83a6590962922f279f2cf0a726754ede1338941aa";
  // printf '%s' "$B" | openssl dgst -sha256 -hmac 'popsee-secret-0'
  private static final String POPSEE_HEX_BY_OLD_SECRET =
      "c9d072d89bd5c909d8aacf347eaa3587f85b33e07b0f293daaa3e73d699f5e38";
  // printf '' | openssl dgst -sha256 -hmac 'popsee-secret-1'
  private static final String POPSEE_HEX_OF_NOTHING =
      "ddcef10d0cee1b9f632e0c3f1ed627de2d6816fb57aae7c7ff5a90511eeda30a";
  // printf 'caf\xe9' | openssl dgst -sha256 -hmac 'popsee-secret-1'
  private static final String POPSEE_HEX_OF_LATIN_1 =
      "5b85bbdf996a92e87e4c2d0d25c646f0546299ef87d9e458c25f1bcae9eb6959";
  // printf 'caf\xef\xbf\xbd' | openssl dgst -sha256 -hmac 'popsee-secret-1'
  private static final String POPSEE_HEX_OF_REPLACEMENT =
      "fa37f4eda9b91d23f38c9677c85ab70e06d2ac043bb52c1161b6bdbb6c606521";

  private static final String SMARTSURVEY_BODY =
      "[{\"id\":230114501,\"status\":\"completed\",\"comment\":\"Très bien 👍\"}]";
  // printf '%s' "$B" | openssl dgst -sha256 -hmac 'our-shared-signature-key'
  private static final String SMARTSURVEY_HEX =
      "0c220ff8795c2a2008d275ef5090452ad14ca5e078806ca0445edb04fcfba48d";

  private static final String SURVEYMONKEY_BODY =
      "{\"event_type\":\"response_completed\",\"event_id\":\"10083320144\"}";
  // printf '%s' "$B" | openssl dgst -sha1 -hmac 'app-client-id&app-client-secret' -binary | base64
  private static final String SURVEYMONKEY_BASE64 = "Um1L0tzj3KCT1u5u+0QlP+Xk8U4=";

  private static final String POPSEE_HEADER = "X-Popsee-Signature";
  private static final HmacProof POPSEE =
      new HmacProof(
          Algorithm.SHA256,
          POPSEE_HEADER,
          Encoding.HEX,
          "sha256=",
          Keys.of("popsee-secret-1", "popsee-secret-0"));
  private static final HmacProof SMARTSURVEY =
      new HmacProof(
          Algorithm.SHA256,
          "X-SmartSurvey-Signature",
          Encoding.HEX,
          "",
          Keys.of("our-shared-signature-key"));
  private static final HmacProof SURVEYMONKEY =
      new HmacProof(
          Algorithm.SHA1,
          "Sm-Signature",
          Encoding.BASE64,
          "",
          Keys.of("app-client-id&app-client-secret"));

  private static SampleRequest popsee(String signature) {
    return SampleRequest.of(POPSEE_BODY).withHeader(POPSEE_HEADER, signature);
  }

  private static SampleRequest popsee() {
    return popsee("sha256=" + POPSEE_HEX);
  }

  private static SampleRequest surveyMonkey(String signature) {
    return SampleRequest.of(SURVEYMONKEY_BODY).withHeader("Sm-Signature", signature);
  }

  private static SampleRequest smartSurvey(String signature) {
    return SampleRequest.of(SMARTSURVEY_BODY).withHeader("X-SmartSurvey-Signature", signature);
  }

  @Test
  void believesWhatPopseeSigned() {
    assertThat(POPSEE.judge(popsee())).isEqualTo(CURRENT);
  }

  @Test
  void believesWhatSmartSurveySigned() {
    assertThat(SMARTSURVEY.judge(smartSurvey(SMARTSURVEY_HEX))).isEqualTo(CURRENT);
  }

  @Test
  void believesWhatSurveyMonkeySignedWithOrWithoutItsPublicApiKey() {
    assertThat(SURVEYMONKEY.judge(surveyMonkey(SURVEYMONKEY_BASE64))).isEqualTo(CURRENT);
    assertThat(
            SURVEYMONKEY.judge(
                surveyMonkey(SURVEYMONKEY_BASE64).withHeader("Sm-Apikey", "someone else's")))
        .isEqualTo(CURRENT);
  }

  @Test
  void believesAnAnswerMadeWithSha512() {
    var proof =
        new HmacProof(Algorithm.SHA512, "X-Signature", Encoding.HEX, "", Keys.of("kyma4ever"));

    // printf 'signed with sha512' | openssl dgst -sha512 -hmac 'kyma4ever'
    var signature =
        "a36d9b064a07258ef48ecc5da1406c1abc08f5e146dff0f80713e84c848c9bb3"
            + "990827e4c6800796cf16ec377a6859084008173e7e8f843d4771483c0761281b";

    assertThat(
            proof.judge(
                SampleRequest.of("signed with sha512").withHeader("X-Signature", signature)))
        .isEqualTo(CURRENT);
  }

  @Test
  void takesASecretForUtf8() {
    var proof = new HmacProof(Algorithm.SHA256, "X-Signature", Encoding.HEX, "", Keys.of("clé-ü"));

    // printf '{"event":"response.completed"}' | openssl dgst -sha256 -hmac 'clé-ü'
    var signature = "ce8c9cd1f885575093ccab87a6799d03fb3b9288a352a8e0d533a183ba7b4f8b";

    assertThat(
            proof.judge(
                SampleRequest.of("{\"event\":\"response.completed\"}")
                    .withHeader("X-Signature", signature)))
        .isEqualTo(CURRENT);
  }

  @Test
  void saysThatThePreviousSecretFitted() {
    assertThat(POPSEE.judge(popsee("sha256=" + POPSEE_HEX_BY_OLD_SECRET)))
        .isEqualTo(new Proved("previous secret"));
  }

  @Test
  void saysWhichOfManySecretsFitted() {
    var proof =
        new HmacProof(
            Algorithm.SHA256,
            POPSEE_HEADER,
            Encoding.HEX,
            "sha256=",
            Keys.of("popsee-secret-3", "popsee-secret-2", "popsee-secret-1"));

    assertThat(proof.judge(popsee())).isEqualTo(new Proved("secret 3 of 3"));
  }

  @Test
  void believesAnEmptyBodyThatIsSigned() {
    assertThat(
            POPSEE.judge(
                SampleRequest.of("").withHeader(POPSEE_HEADER, "sha256=" + POPSEE_HEX_OF_NOTHING)))
        .isEqualTo(CURRENT);
  }

  @Test
  void signsTheBytesOfABodyThatIsNotUtf8() {
    var latin1 = SampleRequest.of("café".getBytes(ISO_8859_1));

    assertThat(POPSEE.judge(latin1.withHeader(POPSEE_HEADER, "sha256=" + POPSEE_HEX_OF_LATIN_1)))
        .isEqualTo(CURRENT);
  }

  /**
   * The table of attacks: what is wrong, whom it is sent to, the request, what an operator reads.
   */
  static Stream<Arguments> attacks() {
    var missing = "X-Popsee-Signature is missing";
    var twice = "X-Popsee-Signature came more than once";
    var wrong = "X-Popsee-Signature does not match: another secret, or a changed body";
    var malformed =
        "X-Popsee-Signature is malformed: expected sha256= and 64 lower-case hex digits";
    var malformedBase64 = "Sm-Signature is malformed: expected 28 characters of padded Base64";
    var wrongBase64 = "Sm-Signature does not match: another secret, or a changed body";
    var malformedHex = "X-SmartSurvey-Signature is malformed: expected 64 lower-case hex digits";
    var good = "sha256=" + POPSEE_HEX;
    return Stream.of(
        arguments("no signature", POPSEE, SampleRequest.of(POPSEE_BODY), missing),
        arguments(
            "the signature in the query string",
            POPSEE,
            SampleRequest.of(POPSEE_BODY).withQuery(POPSEE_HEADER, good),
            missing),
        arguments(
            "the signature in another provider's header",
            POPSEE,
            SampleRequest.of(POPSEE_BODY).withHeader("X-SmartSurvey-Signature", good),
            missing),
        arguments("an empty signature", POPSEE, popsee(""), malformed),
        arguments("the prefix alone", POPSEE, popsee("sha256="), malformed),
        arguments(
            "two signatures, the first right",
            POPSEE,
            twice(good, "sha256=" + "0".repeat(64)),
            twice),
        arguments(
            "two signatures, the second right",
            POPSEE,
            twice("sha256=" + "0".repeat(64), good),
            twice),
        arguments("two right signatures", POPSEE, twice(good, good), twice),
        arguments("two signatures, one empty", POPSEE, twice(good, ""), twice),
        arguments("two signatures in one line", POPSEE, popsee(good + ", " + good), malformed),
        arguments("another secret", POPSEE, popsee("sha256=" + SMARTSURVEY_HEX), wrong),
        arguments(
            "a changed body", POPSEE, popsee().withBody(POPSEE_BODY.replace("b6", "b7")), wrong),
        arguments("an emptied body", POPSEE, popsee().withBody(""), wrong),
        arguments("a newline after the body", POPSEE, popsee().withBody(POPSEE_BODY + "\n"), wrong),
        arguments(
            "a BOM before the body", POPSEE, popsee().withBody("\uFEFF" + POPSEE_BODY), wrong),
        arguments(
            "the body in another spelling of the same JSON",
            POPSEE,
            popsee().withBody(POPSEE_BODY.replace(":", ": ")),
            wrong),
        arguments(
            "a body whose text, not bytes, was signed",
            POPSEE,
            SampleRequest.of("café".getBytes(ISO_8859_1))
                .withHeader(POPSEE_HEADER, "sha256=" + POPSEE_HEX_OF_REPLACEMENT),
            wrong),
        arguments("no prefix", POPSEE, popsee(POPSEE_HEX), malformed),
        arguments("an upper-case prefix", POPSEE, popsee("SHA256=" + POPSEE_HEX), malformed),
        arguments("another algorithm's prefix", POPSEE, popsee("sha512=" + POPSEE_HEX), malformed),
        arguments("the prefix twice", POPSEE, popsee("sha256=" + good), malformed),
        arguments("upper-case hex", POPSEE, popsee("sha256=" + upper(POPSEE_HEX)), malformed),
        arguments(
            "one upper-case digit", POPSEE, popsee(good.replaceFirst("b6c", "b6C")), malformed),
        arguments(
            "one digit less", POPSEE, popsee(good.substring(0, good.length() - 1)), malformed),
        arguments("one digit more", POPSEE, popsee(good + "0"), malformed),
        arguments(
            "a digit that is none", POPSEE, popsee(good.replaceFirst("b6c", "b6g")), malformed),
        arguments("an Arabic digit", POPSEE, popsee(good.replaceFirst("6", "\u0666")), malformed),
        arguments(
            "a full-width letter", POPSEE, popsee(good.replaceFirst("b6c", "\uFF426c")), malformed),
        arguments("a blank inside", POPSEE, popsee(good.replace("=", "= ")), malformed),
        arguments("a no-break space after it", POPSEE, popsee(good + "\u00A0"), malformed),
        arguments("a NUL after it", POPSEE, popsee(good + "\0"), malformed),
        arguments("quotes round it", POPSEE, popsee("\"" + good + "\""), malformed),
        arguments(
            "the right hash in Base64", POPSEE, popsee("sha256=" + base64(POPSEE_HEX)), malformed),
        arguments("half a surrogate pair", POPSEE, popsee("\uD83D"), malformed),
        arguments("a megabyte", POPSEE, popsee("a".repeat(1 << 20)), malformed),
        arguments(
            "a prefix where none belongs",
            SMARTSURVEY,
            smartSurvey("sha256=" + SMARTSURVEY_HEX),
            malformedHex),
        arguments(
            "upper-case hex to SmartSurvey",
            SMARTSURVEY,
            smartSurvey(upper(SMARTSURVEY_HEX)),
            malformedHex),
        arguments(
            "unpadded Base64",
            SURVEYMONKEY,
            surveyMonkey("Um1L0tzj3KCT1u5u+0QlP+Xk8U4"),
            malformedBase64),
        arguments(
            "padding twice",
            SURVEYMONKEY,
            surveyMonkey(SURVEYMONKEY_BASE64 + "="),
            malformedBase64),
        arguments(
            "URL-safe Base64",
            SURVEYMONKEY,
            surveyMonkey("Um1L0tzj3KCT1u5u-0QlP-Xk8U4="),
            malformedBase64),
        // 4 and 5 end in the same 18 bits: a decoder gives the same bytes for both.
        arguments(
            "Base64 with stray bits at its end",
            SURVEYMONKEY,
            surveyMonkey("Um1L0tzj3KCT1u5u+0QlP+Xk8U5="),
            wrongBase64),
        arguments(
            "a newline in Base64",
            SURVEYMONKEY,
            surveyMonkey("Um1L0tzj3KCT\n1u5u+0QlP+Xk8U4="),
            malformedBase64),
        arguments(
            "Base64 of the hex text",
            SURVEYMONKEY,
            surveyMonkey(
                Base64.getEncoder()
                    .encodeToString("526d4bd2dce3dca093d6ee6efb44253fe5e4f14e".getBytes(UTF_8))),
            malformedBase64),
        arguments(
            "hex where Base64 belongs",
            SURVEYMONKEY,
            surveyMonkey("526d4bd2dce3dca093d6ee6efb44253fe5e4f14e"),
            malformedBase64),
        arguments(
            "signed with the public client id alone",
            SURVEYMONKEY,
            // printf '%s' "$B" | openssl dgst -sha1 -hmac 'app-client-id' -binary | base64
            surveyMonkey("ttc4nc2a3YO0/V6A9lsCi0gDveg="),
            wrongBase64),
        arguments(
            "signed with an empty client secret",
            SURVEYMONKEY,
            // printf '%s' "$B" | openssl dgst -sha1 -hmac 'app-client-id&' -binary | base64
            surveyMonkey("EQ2AsycBZLCqCMm3B/aYU01ahYo="),
            wrongBase64));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void refuses(String attack, HmacProof proof, SampleRequest request, String reason) {
    assertThat(proof.judge(request)).isEqualTo(new Refused(reason));
  }

  @Test
  void saysTheSameForAWrongKeyAndAChangedBody() {
    var wrongKey = POPSEE.judge(popsee("sha256=" + SMARTSURVEY_HEX));
    var changedBody = POPSEE.judge(popsee().withBody(POPSEE_BODY + " "));

    assertThat(wrongKey).isInstanceOf(Refused.class).isEqualTo(changedBody);
  }

  @Test
  void takesAHeadersNameInAnyCase() {
    assertThat(
            POPSEE.judge(
                SampleRequest.of(POPSEE_BODY)
                    .withHeader("x-POPSEE-signature", "sha256=" + POPSEE_HEX)))
        .isEqualTo(CURRENT);
  }

  @Test
  void leavesTheBodyAsItIs() {
    var request = popsee();

    POPSEE.judge(request);

    assertThat(request.body()).isEqualTo(POPSEE_BODY.getBytes(UTF_8));
  }

  @Test
  void saysWhichAlgorithmsThereAre() {
    assertThatThrownBy(() -> Algorithm.named("md5"))
        .hasMessage("Expected algorithm to be sha1, sha256 or sha512, got \"md5\"");
    assertThatThrownBy(() -> Algorithm.named("SHA256"))
        .hasMessage("Expected algorithm to be sha1, sha256 or sha512, got \"SHA256\"");
    assertThatThrownBy(() -> Algorithm.named(""))
        .hasMessage("Expected algorithm to be sha1, sha256 or sha512, got nothing");
  }

  @Test
  void saysWhichEncodingsThereAre() {
    assertThatThrownBy(() -> Encoding.named("base32"))
        .hasMessage(
            "Expected encoding to be hex, hex-any-case, base64 or base64url, got \"base32\"");
  }

  @Test
  void refusesAHeadersNameThatCanBeNone() {
    assertThatThrownBy(
            () -> new HmacProof(Algorithm.SHA1, "X Signature", Encoding.HEX, "", Keys.of("k")))
        .hasMessage(
            "Expected header to be a header's name, such as X-Signature, got \"X Signature\"");
  }

  @Test
  void refusesAPrefixThatNoHeaderCouldHold() {
    assertThatThrownBy(
            () -> new HmacProof(Algorithm.SHA1, "X-Sig", Encoding.HEX, "v1, ", Keys.of("k")))
        .hasMessage("Expected prefix to be visible ASCII without blanks, got \"v1, \"");
  }

  @Test
  void refusesToWorkWithoutAKey() {
    assertThatThrownBy(Keys::of)
        .hasMessage("Expected at least one key and no empty one, got 0 keys");
    assertThatThrownBy(() -> Keys.of("one", ""))
        .hasMessage("Expected at least one key and no empty one, got 2 keys");
  }

  @Test
  void showsNoSecret() {
    assertThat(POPSEE)
        .hasToString("HmacProof[X-Popsee-Signature, sha256, hex, Keys[2, not shown]]");
  }

  private static SampleRequest twice(String one, String other) {
    return popsee(one).withHeader("x-popsee-signature", other);
  }

  private static String upper(String hex) {
    return hex.toUpperCase(Locale.ROOT);
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }
}
