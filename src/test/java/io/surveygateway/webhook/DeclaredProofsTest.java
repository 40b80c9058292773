package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.SettableClock;
import io.surveygateway.inbox.InboxProperties;
import io.surveygateway.webhook.Providers.Provider;
import io.surveygateway.webhook.PublicPort.Refused;
import io.surveygateway.webhook.PublicPort.Seen;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Every shape of proof, declared by the kamelets as a provider's file does it, from the HTTP
 * request to what the inbox would keep.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeclaredProofsTest {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String JSON = "application/json";

  private static final String FORMBRICKS =
      """
      - to:
          uri: kamelet:check-standard-webhook
          parameters:
            provider: formbricks
            key: "{gateway.providers.formbricks.secret}"
      """;
  private static final String QUALTRICS =
      """
      - to:
          uri: kamelet:check-hmac
          parameters:
            provider: qualtrics
            algorithm: sha512
            formField: HMAC
            encoding: hex-any-case
            signed: "{form:MSG}"
            key: "{gateway.providers.qualtrics.secret}"
      """;
  private static final String FORMSTACK =
      """
      - to:
          uri: kamelet:check-hmac
          parameters:
            provider: formstack
            header: X-FS-Signature
            prefix: "sha256="
            prefixOptional: true
            key: "{gateway.providers.formstack.secret}"
      - to:
          uri: kamelet:check-shared-key
          parameters:
            provider: formstack
            formField: HandshakeKey
            key: "{gateway.providers.formstack.handshake}"
      """;
  private static final String LIMESURVEY =
      """
      - to:
          uri: kamelet:check-shared-key
          parameters:
            provider: limesurvey
            jsonPointer: /api_token
            key: "{gateway.providers.limesurvey.token}"
      """;
  private static final String KOBOTOOLBOX =
      """
      - doTry:
          id: try-kobotoolbox-password
          description: A user and password, or a key
          steps:
            - to:
                uri: kamelet:check-basic
                parameters:
                  provider: kobotoolbox
                  user: "{gateway.providers.kobotoolbox.user}"
                  password: "{gateway.providers.kobotoolbox.password}"
                  alternative: true
          doCatch:
            - id: else-kobotoolbox-key
              exception:
                - io.surveygateway.webhook.ProofRefusedException
              steps:
                - to:
                    uri: kamelet:check-shared-key
                    parameters:
                      provider: kobotoolbox
                      header: X-Token
                      jsonPointer: /meta/token
                      key: "{gateway.providers.kobotoolbox.key}"
                      alternative: true
      """;
  private static final String ACME_SIGNED =
      """
      - to:
          uri: kamelet:check-hmac
          parameters:
            provider: acme
            header: X-Acme-Signature
            encoding: base64url
            signed: "v0:{header:X-Acme-Time}:{body}"
            timestampHeader: X-Acme-Time
            tolerance: 60s
            keyEncoding: hex
            key: "{gateway.providers.acme.secret}"
      """;

  // Of kyma-incubator/connector-tools, qualtrics-event-gw/pkg/hmac; its key is kyma4ever.
  private static final String MSG =
      "{\"Status\":\"Complete\",\"SurveyID\":\"SV_1AmkKSDmoZ4XlQx\",\"ResponseID\":"
          + "\"R_0B7IcnXszjEUHLP\",\"CompletedDate\":\"2019-06-25 07:58:25\","
          + "\"BrandID\":\"sapdevelopment\"}";
  private static final String MSG_HMAC =
      "c2c585a404c239aa3063b462cc33551d3ed3ed2de0899f58d456fc0ef7ebef6f"
          + "3c3af44957989bd0592603e41edde9528f7d9ed09ee128bf719aa12f46e5c598";

  // A delivery that was caught, of hookdeck/webhook-skills, skills/formstack-webhooks; key test1.
  private static final String FORMSTACK_BODY =
      "FormID=6606394&UniqueID=1500878955&HandshakeKey=test";
  private static final String FORMSTACK_HMAC =
      "30dff7f180b6d69eab397a5d51719474df490b730514c253e8b5832d3b51b970";

  private final SettableClock clock = new SettableClock(Instant.ofEpochSecond(1614265330));
  private final Map<String, Object> settings = new HashMap<>();
  private PublicPort port;
  private RawClient client;

  @AfterEach
  void close() {
    if (client != null) {
      client.close();
    }
    if (port != null) {
      port.close();
    }
  }

  private void open(String provider, String parameters, String checks) throws Exception {
    port = PublicPort.prepare(PublicPort.properties()).with(clock, settings);
    port.start();
    port.receiveChecked(provider, parameters, checks);
    client = port.connect();
  }

  private int post(String path, String contentType, String body, String... headers) {
    var head = new StringBuilder("POST /webhooks/" + path + " HTTP/1.1\r\nHost: x\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Type: ").append(contentType).append("\r\nContent-Length: ");
    head.append(body.getBytes(UTF_8).length).append("\r\n\r\n");
    client.send(head.toString().getBytes(ISO_8859_1)).send(body.getBytes(UTF_8));
    return client.reply().status();
  }

  private Seen kept() throws InterruptedException {
    return port.seen();
  }

  private String cause() {
    return port.refused().stream().map(Refused::cause).reduce((a, b) -> b).orElse("");
  }

  // ---------------------------------------------------------------- Standard Webhooks

  private int postFormbricks(String body, String signature) {
    return post(
        "formbricks",
        JSON,
        body,
        "Webhook-Id: msg_p5jXN8AQM9LWM0D4loKWxJek",
        "Webhook-Timestamp: 1614265330",
        "Webhook-Signature: " + signature);
  }

  @Test
  void letsOnAStandardWebhook() throws Exception {
    settings.put("gateway.providers.formbricks.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    open("formbricks", "keepHeaders: webhook-id,X-Absent", FORMBRICKS);

    var status =
        postFormbricks(
            "{\"test\": 2432232314}", "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    assertThat(status).isEqualTo(200);
    var kept = kept();
    assertThat(kept.text()).isEqualTo("{\"test\": 2432232314}");
    assertThat(kept.headers()).isEmpty();
    assertThat(kept.properties())
        .containsEntry("header.webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
        .containsEntry(InboxProperties.PROVED_BY, "current secret")
        .doesNotContainKey("header.X-Absent");
  }

  @Test
  void letsOnAStandardWebhookThatAPublicKeyFits() throws Exception {
    settings.put(
        "gateway.providers.formbricks.secret", "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=");
    open("formbricks", "", FORMBRICKS);
    var signature =
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

    assertThat(postFormbricks("{\"test\": 2432232314}", signature)).isEqualTo(200);
    assertThat(postFormbricks("{\"test\": 2432232315}", signature)).isEqualTo(401);
  }

  @Test
  void refusesAStandardWebhookThatIsTooOld() throws Exception {
    settings.put("gateway.providers.formbricks.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    open("formbricks", "", FORMBRICKS);
    clock.advance(Duration.ofSeconds(301));

    assertThat(
            postFormbricks(
                "{\"test\": 2432232314}", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="))
        .isEqualTo(401);
    assertThat(cause())
        .isEqualTo(
            "webhook-timestamp is more than 300 seconds ago: a repeat, or a clock that is wrong");
    assertThat(port.sawNothing()).isTrue();
  }

  @Test
  void readsTheHeadersOfSvix() throws Exception {
    settings.put("gateway.providers.formbricks.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    open("formbricks", "", FORMBRICKS + "      headers: svix\n      tolerance: 10m\n");
    clock.advance(Duration.ofSeconds(600));

    assertThat(
            post(
                "formbricks",
                JSON,
                "{\"test\": 2432232314}",
                "svix-id: msg_p5jXN8AQM9LWM0D4loKWxJek",
                "svix-timestamp: 1614265330",
                "svix-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="))
        .isEqualTo(200);
    assertThat(postFormbricks("{}", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="))
        .isEqualTo(401);
  }

  @Test
  void switchesAProviderOffWhoseSecretIsNone(CapturedOutput log) throws Exception {
    settings.put("gateway.providers.formbricks.secret", "whsec_not*Base64");
    open("formbricks", "", FORMBRICKS);

    assertThat(postFormbricks("{}", "v1,AAAA")).isEqualTo(404);
    assertThat(port.providers().find("formbricks").map(Provider::whyOff))
        .contains(
            "gateway.providers.formbricks.secret is no key of Standard Webhooks: expected whsec_"
                + " and Base64, or whpk_ and the Base64 of 32 bytes; set"
                + " GATEWAY_PROVIDERS_FORMBRICKS_SECRET");
    assertThat(log.toString()).doesNotContain("not*Base64");
  }

  // ---------------------------------------------------------------- proofs in a body

  private static String form(String... namesAndValues) {
    var form = new StringBuilder();
    for (var at = 0; at < namesAndValues.length; at += 2) {
      form.append(at == 0 ? "" : "&").append(namesAndValues[at]).append('=');
      form.append(URLEncoder.encode(namesAndValues[at + 1], UTF_8));
    }
    return form.toString();
  }

  @Test
  void letsOnAFormWhoseFieldIsSignedAndKeepsItWithoutTheSignature() throws Exception {
    settings.put("gateway.providers.qualtrics.secret", "kyma4ever");
    open("qualtrics", "", QUALTRICS);

    assertThat(post("qualtrics", FORM, form("Topic", "a.b", "MSG", MSG, "HMAC", MSG_HMAC)))
        .isEqualTo(200);
    assertThat(kept().text()).isEqualTo(form("Topic", "a.b", "MSG", MSG));
    var upper = form("HMAC", MSG_HMAC.toUpperCase(), "MSG", MSG, "Topic", "é&");
    assertThat(post("qualtrics", FORM + "; charset=UTF-8", upper)).isEqualTo(200);
    assertThat(kept().text()).isEqualTo(form("MSG", MSG, "Topic", "é&"));
  }

  @Test
  void refusesAFormWhoseFieldIsNotSigned() throws Exception {
    settings.put("gateway.providers.qualtrics.secret", "kyma4ever");
    open("qualtrics", "", QUALTRICS);
    var does = "form field HMAC does not match: another secret, or a changed body";

    for (var attack :
        new String[][] {
          {form("MSG", MSG + " ", "HMAC", MSG_HMAC), does},
          {form("MSG", MSG), "form field HMAC is missing"},
          {form("HMAC", MSG_HMAC), "form field MSG is missing"},
          {
            form("MSG", MSG, "HMAC", MSG_HMAC, "HMAC", MSG_HMAC),
            "form field HMAC came more than once"
          },
          {form("MSG", MSG, "MSG", "{}", "HMAC", MSG_HMAC), "form field MSG came more than once"},
          {
            form("MSG", MSG, "%48MAC", MSG_HMAC, "HMAC", "0"), "form field HMAC came more than once"
          },
          {
            form("MSG", MSG, "HMAC", MSG_HMAC + "0"),
            "form field HMAC is malformed: expected 128 hex digits"
          },
          {"", "form field HMAC is missing"}
        }) {
      assertThat(post("qualtrics", FORM, attack[0])).as(attack[1]).isEqualTo(401);
      assertThat(cause()).isEqualTo(attack[1]);
    }
    assertThat(post("qualtrics", JSON, form("MSG", MSG, "HMAC", MSG_HMAC))).isEqualTo(401);
    assertThat(port.sawNothing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sha256="})
  void letsOnWhatHoldsTwoProofs(String prefix) throws Exception {
    settings.put("gateway.providers.formstack.secret", "test1");
    settings.put("gateway.providers.formstack.handshake", "test");
    open("formstack", "", FORMSTACK);

    assertThat(
            post("formstack", FORM, FORMSTACK_BODY, "X-FS-Signature: " + prefix + FORMSTACK_HMAC))
        .isEqualTo(200);
    assertThat(kept().text()).isEqualTo("FormID=6606394&UniqueID=1500878955");
  }

  @Test
  void refusesWhatHoldsOneProofOfTwo() throws Exception {
    settings.put("gateway.providers.formstack.secret", "test1");
    settings.put("gateway.providers.formstack.handshake", "another");
    open("formstack", "", FORMSTACK);

    assertThat(post("formstack", FORM, FORMSTACK_BODY, "X-FS-Signature: " + FORMSTACK_HMAC))
        .isEqualTo(401);
    assertThat(cause()).isEqualTo("form field HandshakeKey does not match: another key");
    assertThat(post("formstack", FORM, "HandshakeKey=another", "X-FS-Signature: " + FORMSTACK_HMAC))
        .isEqualTo(401);
    assertThat(post("formstack", FORM, FORMSTACK_BODY, "X-FS-Signature: sha1=" + FORMSTACK_HMAC))
        .isEqualTo(401);
    assertThat(cause())
        .isEqualTo(
            "X-FS-Signature is malformed: expected sha256=, or nothing, and 64 lower-case hex"
                + " digits");
    assertThat(port.sawNothing()).isTrue();
  }

  @Test
  void isOffIfOneProofOfTwoLacksItsSecret() throws Exception {
    settings.put("gateway.providers.formstack.secret", "test1");
    open("formstack", "", FORMSTACK);

    assertThat(port.providers().isOn("formstack")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'api_token':'t0ken','respondId':7}|{'respondId':7}",
        "{'respondId':7,'api_token':'t0ken'}|{'respondId':7}",
        "{ 'survey' : 1 , 'api_token' : 't0ken' , 'answers' : ['Très bien 👍'] }|"
            + "{ 'survey' : 1 ,  'answers' : ['Très bien 👍'] }",
        "{'api_token':'t0ken'}|{}",
        "\uFEFF{'a':'é','api_token':'t\\u0030ken'}|\uFEFF{'a':'é'}",
        "{'a':{'api_token':'t0ken'},'api_token':'t0ken'}|{'a':{'api_token':'t0ken'}}"
      })
  void letsOnWhatHoldsATokenInItsJsonAndKeepsItWithout(String sent, String kept) throws Exception {
    settings.put("gateway.providers.limesurvey.token", "t0ken");
    open("limesurvey", "", LIMESURVEY);

    assertThat(post("limesurvey", JSON, sent.replace('\'', '"'))).isEqualTo(200);
    assertThat(kept().text()).isEqualTo(kept.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'api_token':'t0ken2'}|does not match: another key",
        "{'api_token':''}|is empty",
        "{'api_token':null}|does not match: another key",
        "{'api_token':['t0ken']}|does not match: another key",
        "{'api_token':'t0ken','api_token':'t0ken'}|came more than once",
        "{'api_token':'t0ken'|is missing",
        "{'api_token':'t0ken'} {}|is missing",
        "{'a':{'api_token':'t0ken'}}|is missing",
        "[{'api_token':'t0ken'}]|is missing",
        "api_token=t0ken|is missing",
        "''|is missing"
      })
  void refusesWhatHoldsNoTokenInItsJson(String sent, String reason) throws Exception {
    settings.put("gateway.providers.limesurvey.token", "t0ken");
    open("limesurvey", "", LIMESURVEY);

    assertThat(post("limesurvey", JSON, sent.replace('\'', '"'))).isEqualTo(401);
    assertThat(cause()).isEqualTo("JSON member /api_token " + reason);
    assertThat(port.sawNothing()).isTrue();
  }

  // ---------------------------------------------------------------- one of several

  private static final String BASIC = "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

  private void openKobotoolbox(boolean hasLogin, boolean hasKey) throws Exception {
    settings.put("gateway.providers.kobotoolbox.user", hasLogin ? "Aladdin" : "");
    settings.put("gateway.providers.kobotoolbox.password", hasLogin ? "open sesame" : "");
    settings.put("gateway.providers.kobotoolbox.key", hasKey ? "k3y" : "");
    open("kobotoolbox", "", KOBOTOOLBOX);
  }

  @Test
  void letsOnWhatHoldsOneProofOfSeveral() throws Exception {
    openKobotoolbox(true, true);

    assertThat(post("kobotoolbox", JSON, "{\"a\":1}", BASIC)).isEqualTo(200);
    assertThat(kept().properties()).containsEntry(InboxProperties.PROVED_BY, "current secret");
    assertThat(post("kobotoolbox", JSON, "{\"a\":2}", "X-Token: k3y")).isEqualTo(200);
    var kept = kept();
    assertThat(kept.text()).isEqualTo("{\"a\":2}");
    assertThat(kept.headers()).isEmpty();
  }

  @Test
  void refusesWhatHoldsNoneOfSeveral() throws Exception {
    openKobotoolbox(true, true);

    assertThat(post("kobotoolbox", JSON, "{}")).isEqualTo(401);
    assertThat(cause()).isEqualTo("X-Token and JSON member /meta/token are missing");
    assertThat(post("kobotoolbox", JSON, "{}", BASIC.replace("Q", "R"), "X-Token: K3Y"))
        .isEqualTo(401);
    assertThat(port.sawNothing()).isTrue();
  }

  @Test
  void keepsNoSecretOfTheProofThatWasNotAsked() throws Exception {
    openKobotoolbox(true, true);

    assertThat(post("kobotoolbox", JSON, "{\"meta\":{\"token\":\"k3y\",\"x\":1}}", BASIC))
        .isEqualTo(200);
    assertThat(kept().text()).isEqualTo("{\"meta\":{\"x\":1}}");
  }

  @Test
  void isOnIfOneOfSeveralHasItsSecret() throws Exception {
    openKobotoolbox(false, true);

    assertThat(port.providers().isOn("kobotoolbox")).isTrue();
    assertThat(post("kobotoolbox", JSON, "{}", "X-Token: k3y")).isEqualTo(200);
    assertThat(post("kobotoolbox", JSON, "{}", "Authorization: Basic Og==")).isEqualTo(401);
  }

  @Test
  void isOffIfNoneOfSeveralHasItsSecret() throws Exception {
    openKobotoolbox(false, false);

    assertThat(port.providers().find("kobotoolbox").map(Provider::whyOff))
        .contains(
            "none of its checks has its secret, and one would do:"
                + " gateway.providers.kobotoolbox.key is empty; set"
                + " GATEWAY_PROVIDERS_KOBOTOOLBOX_KEY; or gateway.providers.kobotoolbox.user is"
                + " empty, gateway.providers.kobotoolbox.password is empty; set"
                + " GATEWAY_PROVIDERS_KOBOTOOLBOX_USER and"
                + " GATEWAY_PROVIDERS_KOBOTOOLBOX_PASSWORD");
    assertThat(post("kobotoolbox", JSON, "{}", "X-Token: ")).isEqualTo(404);
  }

  // ---------------------------------------------------------------- other shapes

  private static final String ACME_BODY = "{\"id\":7,\"text\":\"Très bien\"}";
  // printf 'v0:1614265330:{"id":7,"text":"Très bien"}' | openssl dgst -sha256 -mac HMAC \
  //   -macopt hexkey:00ff10ab -binary | base64 | tr '+/' '-_' | tr -d '='
  private static final String ACME_SIGNATURE = "oQKsbSr-rnuFT_YanrfIdtQcoBfepqOkQ7q-wWfVeGs";

  private int postAcme(String body, String time, String signature) {
    return post("acme", JSON, body, "X-Acme-Time: " + time, "X-Acme-Signature: " + signature);
  }

  @Test
  void letsOnWhatIsSignedWithItsTime() throws Exception {
    settings.put("gateway.providers.acme.secret", "00ff10ab");
    open("acme", "", ACME_SIGNED);

    assertThat(postAcme(ACME_BODY, "1614265330", ACME_SIGNATURE)).isEqualTo(200);
    assertThat(kept().text()).isEqualTo(ACME_BODY);
    assertThat(postAcme(ACME_BODY, "1614265331", ACME_SIGNATURE)).isEqualTo(401);
    assertThat(postAcme(ACME_BODY, "01614265330", ACME_SIGNATURE)).isEqualTo(401);
    clock.advance(Duration.ofSeconds(61));
    assertThat(postAcme(ACME_BODY, "1614265330", ACME_SIGNATURE)).isEqualTo(401);
    assertThat(cause())
        .isEqualTo("X-Acme-Time is more than 60 seconds ago: a repeat, or a clock that is wrong");
  }

  @Test
  void switchesAProviderOffWhoseKeyIsNotWrittenAsItShouldBe() throws Exception {
    settings.put("gateway.providers.acme.secret", "not hex");
    open("acme", "", ACME_SIGNED);

    assertThat(port.providers().find("acme").map(Provider::whyOff))
        .contains(
            "gateway.providers.acme.secret is not written in hex; set"
                + " GATEWAY_PROVIDERS_ACME_SECRET");
  }

  @Test
  void letsOnABearerToken() throws Exception {
    settings.put("gateway.providers.acme.token", "new,t0ken");
    open(
        "acme",
        "",
        """
        - to:
            uri: kamelet:check-bearer
            parameters:
              provider: acme
              key: "{gateway.providers.acme.token}"
        """);

    assertThat(post("acme", JSON, "{}", "Authorization: Bearer t0ken")).isEqualTo(200);
    assertThat(kept().properties()).containsEntry(InboxProperties.PROVED_BY, "previous secret");
    assertThat(post("acme", JSON, "{}", "Authorization: Bearer other")).isEqualTo(401);
    assertThat(cause()).isEqualTo("Authorization does not match: another token");
  }

  @Test
  void letsOnATokenInTheAddressAndKeepsAMultipartBodyAsItIs() throws Exception {
    settings.put("gateway.providers.jotform.token", "t0ken");
    open(
        "jotform",
        "",
        """
        - to:
            uri: kamelet:check-shared-key
            parameters:
              provider: jotform
              queryParameter: token
              key: "{gateway.providers.jotform.token}"
        """);
    var body = "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nx\r\n--b--\r\n";

    assertThat(post("jotform?token=t0ken", "multipart/form-data; boundary=b", body)).isEqualTo(200);
    var kept = kept();
    assertThat(kept.text()).isEqualTo(body);
    assertThat(kept.properties())
        .containsEntry(InboxProperties.CONTENT_TYPE, "multipart/form-data; boundary=b");
    assertThat(post("jotform?token=t0ken&token=t0ken", JSON, body)).isEqualTo(401);
  }

  // ---------------------------------------------------------------- open

  private static final String OPEN =
      """
      - to:
          uri: kamelet:check-nothing
          parameters:
            provider: acme
            because: Acme sends no header, and its address takes no parameter
      """;

  @Test
  void letsEverythingOnOnlyWhereTheRouteSaysWhyAndSaysSoLoudly(CapturedOutput log)
      throws Exception {
    open("acme", "", OPEN);
    port.providers().sayHowTheyStand();

    assertThat(post("acme", JSON, "{}", "Authorization: Basic x")).isEqualTo(200);
    var kept = kept();
    assertThat(kept.headers()).isEmpty();
    assertThat(kept.properties()).containsEntry(InboxProperties.PROVED_BY, "nothing, it is open");
    assertThat(port.providers().find("acme").map(Provider::openBecause))
        .contains("Acme sends no header, and its address takes no parameter");
    assertThat(log.toString())
        .contains(
            "acme is OPEN, anyone can send to it: Acme sends no header, and its address takes no"
                + " parameter")
        .contains("WITHOUT ANY PROOF, so anyone can send to them: /webhooks/acme");
  }

  @Test
  void stopsTheStartIfNobodySaysWhyNothingIsChecked() {
    assertThatThrownBy(() -> open("acme", "", OPEN.replaceAll("because: .*", "because: ''")))
        .hasStackTraceContaining(
            "Expected because to say in 10 to 200 characters why nothing is checked, got 0, in"
                + " kamelet:check-nothing of provider acme; correct that parameter in the"
                + " provider's route");
    assertThatThrownBy(() -> port.receiveChecked("b", "", OPEN.replaceAll("because: .*", "")))
        .hasStackTraceContaining("mandatory parameters must be provided: because");
  }

  // ---------------------------------------------------------------- slips in a route

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "signed: '{boddy}'|Expected signed to name the body or a form field, such as {body},",
        "signed: '{header:X-Acme-Time}'|Expected signed to name the body or a form field,",
        "signed: '{body}'|Expected signed to name timestampHeader too, such as"
            + " {header:X-Acme-Time}.{body}: a time that is not signed proves nothing",
        "formField: HMAC|Expected one of header, queryParameter, formField and jsonPointer to be"
            + " named, got [X-Acme-Signature, form field HMAC]",
        "jsonPointer: hmac|Expected jsonPointer to point at a member, such as /api_token, got",
        "tolerance: soon|Expected tolerance to be a duration such as 5m, got \"soon\"",
        "tolerance: 0s|Expected tolerance to be over zero and at most a day, such as 5m, got PT0S",
        "keyEncoding: rot13|Expected keyEncoding to be text, hex or base64, got \"rot13\"",
        "encoding: base32|Expected encoding to be hex, hex-any-case, base64 or base64url, got"
      })
  void stopsTheStartAtASlip(String slip, String message) {
    var name = slip.substring(0, slip.indexOf(':'));
    var checks = ACME_SIGNED.replaceAll("(?m)^ *" + name + ": .*\n", "") + "      " + slip + "\n";

    assertThatThrownBy(() -> open("acme", "", checks)).hasStackTraceContaining(message);
  }

  @Test
  void stopsTheStartIfAUserOrPasswordStandsInTheRoute() {
    var checks = KOBOTOOLBOX.replace("\"{gateway.providers.kobotoolbox.password}\"", "hunter2");

    assertThatThrownBy(() -> open("kobotoolbox", "", checks))
        .hasStackTraceContaining("Expected key to name settings in single braces")
        .hasStackTraceContaining("kamelet:check-basic of provider kobotoolbox");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "cookie", "X-Event,Set-Cookie", "X Event"})
  void stopsTheStartIfAHeaderIsKeptThatMayHoldASecret(String names) {
    assertThatThrownBy(() -> open("formbricks", "keepHeaders: " + names, FORMBRICKS))
        .hasStackTraceContaining(
            "Expected parameter keepHeaders of kamelet:webhook-source of formbricks to be at most 8"
                + " names of headers, comma-separated, and none that holds a secret, got ");
  }

  @Test
  void stopsTheStartIfAHeaderIsKeptThatHoldsAProof() {
    assertThatThrownBy(() -> open("formbricks", "keepHeaders: Webhook-Signature", FORMBRICKS))
        .hasStackTraceContaining(
            "Expected keepHeaders to name no header that holds a proof, got webhook-signature");
  }
}
