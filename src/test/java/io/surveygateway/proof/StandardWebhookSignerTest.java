package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.surveygateway.proof.Verdict.Proved;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector is that of Standard Webhooks' libraries. */
class StandardWebhookSignerTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  // printf '%024d' 7 | base64
  private static final String NEWER = "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA3";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant SENT_AT = Instant.ofEpochSecond(1614265330);
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final String V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private static StandardWebhookSigner signer(String setting) {
    return new StandardWebhookSigner(Secrets.of(setting));
  }

  @Test
  void signsAsTheLibrariesDo() {
    assertThat(signer(SECRET).headers(ID, SENT_AT, BODY))
        .containsOnly(
            entry("webhook-id", ID),
            entry("webhook-timestamp", "1614265330"),
            entry("webhook-signature", V1));
  }

  @Test
  void signsByEachSecretTheNewestFirst() {
    var headers = signer(NEWER + ", " + SECRET).headers(ID, SENT_AT, BODY);

    assertThat(headers.get("webhook-signature")).startsWith("v1,").endsWith(" " + V1);
    for (var known : new String[] {NEWER, SECRET}) {
      var request = SampleRequest.of(BODY);
      for (var header : headers.entrySet()) {
        request = request.withHeader(header.getKey(), header.getValue());
      }
      var proof =
          new StandardWebhookProof(
              "webhook-id",
              new Freshness(
                  "webhook-timestamp", Duration.ofMinutes(5), Clock.fixed(SENT_AT, ZoneOffset.UTC)),
              "webhook-signature",
              Keys.of(known));
      assertThat(proof.judge(request)).isEqualTo(new Proved("current secret"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_no Base64!",
        // 23 bytes: printf '%023d' 7 | base64
        "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDc=",
        "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
        SECRET + ",secret"
      })
  void takesNoSecretOfAnotherKind(String setting) {
    assertThatThrownBy(() -> signer(setting))
        .isInstanceOf(MalformedKeyException.class)
        .hasMessage(
            "is no secret of Standard Webhooks: expected whsec_ and the Base64 of 24 bytes or"
                + " more, such as echo whsec_$(openssl rand -base64 32) makes");
  }

  @Test
  void takesFourSecretsAtMost() {
    assertThatThrownBy(() -> signer((SECRET + ",").repeat(5)))
        .isInstanceOf(MalformedKeyException.class)
        .hasMessage("holds more than 4 secrets: remove those that the receiver no longer knows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "msg.1", "msg 1", "msg\n1", "més"})
  void takesNoIdThatAReceiverCouldMisread(String id) {
    assertThatThrownBy(() -> signer(SECRET).headers(id, SENT_AT, BODY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected an id of visible ASCII without a dot");
  }

  @Test
  void showsNoSecret() {
    assertThat(signer(SECRET)).hasToString("StandardWebhookSigner[1 secrets, not shown]");
  }
}
