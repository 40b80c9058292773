package io.surveygateway.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors are those of Standard Webhooks' libraries, and of Svix for the public key. */
class StandardWebhookProofTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final long SENT_AT = 1614265330;
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final String V1A =
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

  private static final Verdict CURRENT = new Proved("current secret");
  private static final Refused ANOTHER =
      new Refused("webhook-signature does not match: another secret, or a changed request");

  private static StandardWebhookProof proof(String... keys) {
    return proof(SENT_AT, keys);
  }

  private static StandardWebhookProof proof(long now, String... keys) {
    var clock = Clock.fixed(Instant.ofEpochSecond(now), ZoneOffset.UTC);
    return new StandardWebhookProof(
        "webhook-id",
        new Freshness("webhook-timestamp", Duration.ofMinutes(5), clock),
        "webhook-signature",
        Keys.of(keys));
  }

  private static SampleRequest signed(String signature) {
    return SampleRequest.of(BODY)
        .withHeader("webhook-id", ID)
        .withHeader("webhook-timestamp", String.valueOf(SENT_AT))
        .withHeader("webhook-signature", signature);
  }

  private static SampleRequest with(String header, String value) {
    return signed(V1).withoutHeader(header).withHeader(header, value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        V1,
        "v1,bm90IHRoZSBzaWduYXR1cmUgdGhhdCB3ZSBsb29rIGZvciE= " + V1,
        V1 + "  v1,AAAA",
        "v2,AAAA v1a,AAAA nonsense , =" + " " + V1
      })
  void believesAnyOfTheSignaturesThatFits(String signatures) {
    assertThat(proof(SECRET).judge(signed(signatures))).isEqualTo(CURRENT);
  }

  @Test
  void believesASignatureThatThePublicKeyFits() {
    assertThat(proof(PUBLIC_KEY).judge(signed(V1 + " " + V1A))).isEqualTo(CURRENT);
  }

  @Test
  void takesASecretWithoutItsPrefixForTheSame() {
    assertThat(proof(SECRET.substring("whsec_".length())).judge(signed(V1))).isEqualTo(CURRENT);
  }

  @Test
  void saysWhichKeyFitted() {
    var keys = new String[] {"whsec_bmV3ZXI=", PUBLIC_KEY, SECRET};

    assertThat(proof(keys).judge(signed(V1A))).isEqualTo(new Proved("previous secret"));
    assertThat(proof(keys).judge(signed(V1))).isEqualTo(new Proved("secret 3 of 3"));
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, 300})
  void believesWhatIsJustNearEnough(long seconds) {
    assertThat(proof(SENT_AT + seconds, SECRET).judge(signed(V1))).isEqualTo(CURRENT);
  }

  @Test
  void refusesARepeatAndAClockThatIsWrong() {
    assertThat(proof(SENT_AT + 301, SECRET).judge(signed(V1)))
        .isEqualTo(
            new Refused(
                "webhook-timestamp is more than 300 seconds ago: a repeat, or a clock that is"
                    + " wrong"));
    assertThat(proof(SENT_AT - 301, SECRET).judge(signed(V1)))
        .isEqualTo(
            new Refused(
                "webhook-timestamp is more than 300 seconds ahead: a repeat, or a clock that is"
                    + " wrong"));
  }

  static Stream<Arguments> attacks() {
    var malformedId = "webhook-id is malformed: expected an id without a dot";
    var malformedTime = "webhook-timestamp is malformed: expected Unix seconds";
    return Stream.of(
        arguments("no id", signed(V1).withoutHeader("webhook-id"), "webhook-id is missing"),
        arguments("an empty id", with("webhook-id", ""), malformedId),
        // "msg.1614265330" and "{..." or "msg" and "1614265330.{...": the signed text is one.
        arguments("an id with a dot", with("webhook-id", ID + ".1"), malformedId),
        arguments(
            "two ids", signed(V1).withHeader("webhook-id", ID), "webhook-id came more than once"),
        arguments("another id", with("webhook-id", "msg_2"), ANOTHER.reason()),
        arguments(
            "no time",
            signed(V1).withoutHeader("webhook-timestamp"),
            "webhook-timestamp is missing"),
        arguments(
            "two times",
            signed(V1).withHeader("webhook-timestamp", "1614265330"),
            "webhook-timestamp came more than once"),
        arguments("another time", with("webhook-timestamp", "1614265331"), ANOTHER.reason()),
        arguments("a leading zero", with("webhook-timestamp", "01614265330"), malformedTime),
        arguments("a sign", with("webhook-timestamp", "+1614265330"), malformedTime),
        arguments("a fraction", with("webhook-timestamp", "1614265330.9"), malformedTime),
        arguments("letters after it", with("webhook-timestamp", "1614265330abc"), malformedTime),
        arguments("a number of another script", with("webhook-timestamp", "١٦"), malformedTime),
        arguments("beyond every number", with("webhook-timestamp", "9".repeat(40)), malformedTime),
        arguments(
            "no signature",
            signed(V1).withoutHeader("webhook-signature"),
            "webhook-signature is missing"),
        arguments(
            "two lines of signatures",
            signed(V1).withHeader("webhook-signature", V1),
            "webhook-signature came more than once"),
        arguments("an empty signature", signed(""), ANOTHER.reason()),
        arguments("no version", signed(V1.substring(3)), ANOTHER.reason()),
        arguments("another version", signed("v2" + V1.substring(2)), ANOTHER.reason()),
        arguments("unpadded", signed(V1.replace("=", "")), ANOTHER.reason()),
        // The last letter has bits that mean nothing: E and F decode alike.
        arguments("not canonical", signed(V1.replace("OE=", "OF=")), ANOTHER.reason()),
        arguments("commas between", signed("v1,AAAA," + V1), ANOTHER.reason()),
        arguments("a public key's for a secret's", signed(V1A), ANOTHER.reason()),
        arguments("a changed body", signed(V1).withBody(BODY + "\n"), ANOTHER.reason()),
        arguments(
            "a flood of signatures",
            signed((V1 + " ").repeat(17)),
            "webhook-signature is malformed: expected at most 16 signatures"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void refuses(String attack, SampleRequest request, String reason) {
    assertThat(proof(SECRET).judge(request)).isEqualTo(new Refused(reason));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1a,",
        "v1a,AAAA",
        // As long as one, and none: its second half is over the order of the curve.
        "v1a,//////////////////////////////////////////////////////////////////////////////////////8=",
        // The right one, its last letter with bits that mean nothing.
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAh==",
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg",
        V1
      })
  void refusesWhatThePublicKeyDoesNotFit(String signature) {
    assertThat(proof(PUBLIC_KEY).judge(signed(signature))).isEqualTo(ANOTHER);
    assertThat(proof(PUBLIC_KEY).judge(signed(V1A).withBody("{}"))).isEqualTo(ANOTHER);
  }

  @Test
  void signsTheBytesOfABodyThatIsNotUtf8() {
    // printf 'msg_1.1614265330.\xff\x00' | openssl dgst -sha256 -mac HMAC \
    //   -macopt hexkey:$(echo MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw | base64 -d | od -An -tx1 | tr -d '
    // ') -binary | base64
    var request =
        with("webhook-id", "msg_1")
            .withBody(new byte[] {(byte) 0xFF, 0})
            .withoutHeader("webhook-signature")
            .withHeader("webhook-signature", "v1,3H4lwLtB4IXQ/MiBcWkSzFIFzFI/mDvwKTIz+N5bouY=");

    assertThat(proof(SECRET).judge(request)).isEqualTo(CURRENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"whsec_", "whsec_%", "whpk_AAAA", "whpk_", "not Base64", "whsec_abcde"})
  void refusesAKeyThatIsNoneAndDoesNotRepeatIt(String key) {
    assertThatThrownBy(() -> proof(key))
        .isInstanceOf(MalformedKeyException.class)
        .hasMessage(
            "is no key of Standard Webhooks: expected whsec_ and Base64, or whpk_ and the Base64"
                + " of 32 bytes");
  }

  @Test
  void refusesThePrivateKeyOfTheSender() {
    assertThatThrownBy(() -> proof("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc="))
        .isInstanceOf(MalformedKeyException.class)
        .hasMessage("is a private key of the sender (whsk_); ask for its public key (whpk_)");
  }

  @Test
  void wantsATolerance() {
    assertThatThrownBy(() -> new Freshness("t", Duration.ZERO, Clock.systemUTC()))
        .hasMessage("Expected tolerance to be over zero and at most a day, such as 5m, got PT0S");
    assertThatThrownBy(() -> new Freshness("t", Duration.ofDays(2), Clock.systemUTC()))
        .hasMessage("Expected tolerance to be over zero and at most a day, such as 5m, got PT48H");
  }

  @Test
  void showsNoKey() {
    assertThat(proof(SECRET, PUBLIC_KEY))
        .hasToString("StandardWebhookProof[webhook-signature, Keys[2, not shown]]");
  }
}
