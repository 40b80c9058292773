package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.inbox.InboxProperties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** {@code check-hmac} and {@code check-shared-key}, in a route as a provider's folder has it. */
@ExtendWith(OutputCaptureExtension.class)
class CheckKameletsTest {

  private static final String POPSEE_BODY =
      "{\"event\":\"response.completed\",\"response\":{\"id\":\"b6f1d3aa\"},"
          + "\"comment\":\"Très bien 👍\"}";
  // printf '%s' "$B" | openssl dgst -sha256 -hmac 'popsee-secret-1', and with 'popsee-secret-0'
  private static final Map.Entry<String, String> POPSEE_SIGNATURE =
      Map.entry(
          "X-Popsee-Signature",
          "sha256=b6c23bd04e1381b7e8a09cc83a6590962922f279f2cf0a726754ede1338941aa");
  private static final Map.Entry<String, String> POPSEE_SIGNATURE_BY_OLD_SECRET =
      Map.entry(
          "X-Popsee-Signature",
          "sha256=c9d072d89bd5c909d8aacf347eaa3587f85b33e07b0f293daaa3e73d699f5e38");

  private static final String SMARTSURVEY_BODY =
      "[{\"id\":230114501,\"status\":\"completed\",\"comment\":\"Très bien 👍\"}]";
  // printf '%s' "$B" | openssl dgst -sha256 -hmac 'our-shared-signature-key'
  private static final Map.Entry<String, String> SMARTSURVEY_SIGNATURE =
      Map.entry(
          "X-SmartSurvey-Signature",
          "0c220ff8795c2a2008d275ef5090452ad14ca5e078806ca0445edb04fcfba48d");

  private static final String SURVEYMONKEY_BODY =
      "{\"event_type\":\"response_completed\",\"event_id\":\"10083320144\"}";
  // printf '%s' "$B" | openssl dgst -sha1 -hmac 'app-client-id&app-client-secret' -binary | base64
  private static final Map.Entry<String, String> SURVEYMONKEY_SIGNATURE =
      Map.entry("Sm-Signature", "Um1L0tzj3KCT1u5u+0QlP+Xk8U4=");

  private static final Map.Entry<String, String> SMARTERMEASURE_KEY =
      Map.entry("VerificationKey", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");

  private static final String POPSEE =
      """
      kamelet:check-hmac
        provider: popsee
        header: X-Popsee-Signature
        prefix: sha256=
        key: "{gateway.providers.popsee.secret}"
      """;
  private static final String SMARTSURVEY =
      """
      kamelet:check-hmac
        provider: smartsurvey
        header: X-SmartSurvey-Signature
        key: "{gateway.providers.smartsurvey.secret}"
      """;
  private static final String SURVEYMONKEY =
      """
      kamelet:check-hmac
        provider: surveymonkey
        algorithm: sha1
        header: Sm-Signature
        encoding: base64
        key: RAW({gateway.providers.surveymonkey.client-id}&{gateway.providers.surveymonkey.client-secret})
      """;
  private static final String SMARTERMEASURE =
      """
      kamelet:check-shared-key
        provider: smartermeasure
        header: X-SmarterMeasure-Verification-Key
        queryParameter: VerificationKey
        key: "{gateway.providers.smartermeasure.key}"
      """;

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final Providers providers = new Providers();
  private final Map<String, Object> variables = new HashMap<>();
  private final Map<String, Object> settings =
      new HashMap<>(
          Map.of(
              "gateway.providers.popsee.secret", "${POPSEE_SECRET:}",
              "gateway.providers.smartsurvey.secret", "${SMARTSURVEY_SECRET:}",
              "gateway.providers.smartermeasure.key", "${SMARTERMEASURE_KEY:}",
              "gateway.providers.surveymonkey.client-id", "${SURVEYMONKEY_CLIENT_ID:}",
              "gateway.providers.surveymonkey.client-secret", "${SURVEYMONKEY_CLIENT_SECRET:}"));

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void letsOnWhatPopseeSigned() throws Exception {
    variables.put("POPSEE_SECRET", "popsee-secret-1");
    start(POPSEE);

    var exchange = send(POPSEE_BODY, List.of(POPSEE_SIGNATURE));

    assertThat(exchange.getProperty("wentOn")).isEqualTo("true");
    assertThat(exchange.getProperty(InboxProperties.PROVED_BY)).isEqualTo("current secret");
    assertThat(exchange.getMessage().getBody(byte[].class)).isEqualTo(POPSEE_BODY.getBytes(UTF_8));
  }

  @Test
  void letsOnWhatWasSignedWithThePreviousSecret() throws Exception {
    variables.put("POPSEE_SECRET", "popsee-secret-1, popsee-secret-0");
    start(POPSEE);

    var exchange = send(POPSEE_BODY, List.of(POPSEE_SIGNATURE_BY_OLD_SECRET));

    assertThat(exchange.getProperty(InboxProperties.PROVED_BY)).isEqualTo("previous secret");
  }

  @Test
  void letsOnWhatSmartSurveySigned() throws Exception {
    variables.put("SMARTSURVEY_SECRET", "our-shared-signature-key");
    start(SMARTSURVEY);

    var exchange = send(SMARTSURVEY_BODY, List.of(SMARTSURVEY_SIGNATURE));

    assertThat(exchange.getProperty("wentOn")).isEqualTo("true");
  }

  @Test
  void letsOnWhatSurveyMonkeySigned() throws Exception {
    variables.put("SURVEYMONKEY_CLIENT_ID", "app-client-id");
    variables.put("SURVEYMONKEY_CLIENT_SECRET", "newer,app-client-secret");
    start(SURVEYMONKEY);

    var exchange = send(SURVEYMONKEY_BODY, List.of(SURVEYMONKEY_SIGNATURE));

    assertThat(exchange.getProperty(InboxProperties.PROVED_BY)).isEqualTo("previous secret");
  }

  @Test
  void letsOnWhatHoldsSmarterMeasuresKey() throws Exception {
    variables.put("SMARTERMEASURE_KEY", SMARTERMEASURE_KEY.getValue());
    start(SMARTERMEASURE);

    assertThat(send("{}", List.of(), List.of(SMARTERMEASURE_KEY)).getProperty("wentOn"))
        .isEqualTo("true");
  }

  @Test
  void leavesNoHeaderOnWhatGoesOn() throws Exception {
    variables.put("POPSEE_SECRET", "popsee-secret-1");
    start(POPSEE);

    var exchange = send(POPSEE_BODY, List.of(POPSEE_SIGNATURE));

    assertThat(exchange.getProperty("wentOn")).isEqualTo("true");
    assertThat(exchange.getMessage().getHeaders()).isEmpty();
  }

  @Test
  void handsARefusalToTheRouteThatAsked(CapturedOutput log) throws Exception {
    variables.put("POPSEE_SECRET", "popsee-secret-1");
    start(POPSEE);

    var exchange = send(POPSEE_BODY + " ", List.of(POPSEE_SIGNATURE));

    assertThat(exchange.getException()).isNull();
    assertThat(exchange.getProperty("refused"))
        .isEqualTo("X-Popsee-Signature does not match: another secret, or a changed body");
    assertThat(exchange.getProperty("wentOn")).isNull();
    assertThat(exchange.getProperty(InboxProperties.PROVED_BY)).isNull();
    assertThat(log.toString()).doesNotContain("ERROR").doesNotContain("Failed delivery");
  }

  @Test
  void leavesNoHeaderOnWhatIsRefused() throws Exception {
    variables.put("POPSEE_SECRET", "popsee-secret-1");
    start(POPSEE);

    var exchange = send(POPSEE_BODY, List.of());

    assertThat(exchange.getProperty("refused")).isEqualTo("X-Popsee-Signature is missing");
    assertThat(exchange.getMessage().getHeaders()).isEmpty();
  }

  @Test
  void refusesTwoSignatures() throws Exception {
    variables.put("POPSEE_SECRET", "popsee-secret-1");
    start(POPSEE);

    var exchange = send(POPSEE_BODY, List.of(POPSEE_SIGNATURE, POPSEE_SIGNATURE));

    assertThat(exchange.getProperty("refused")).isEqualTo("X-Popsee-Signature came more than once");
  }

  @Test
  void takesNoMessageHeaderForTheRequests() throws Exception {
    variables.put("POPSEE_SECRET", "popsee-secret-1");
    start(POPSEE);

    var exchange =
        send(
            POPSEE_BODY,
            List.of(),
            List.of(),
            Map.of(POPSEE_SIGNATURE.getKey(), POPSEE_SIGNATURE.getValue()));

    assertThat(exchange.getProperty("refused")).isEqualTo("X-Popsee-Signature is missing");
  }

  @Test
  void refusesSmarterMeasuresHeaderWhenItsParameterDisagrees() throws Exception {
    variables.put("SMARTERMEASURE_KEY", SMARTERMEASURE_KEY.getValue());
    start(SMARTERMEASURE);

    var exchange =
        send(
            "{}",
            List.of(Map.entry("X-SmarterMeasure-Verification-Key", SMARTERMEASURE_KEY.getValue())),
            List.of(Map.entry("VerificationKey", "{VerificationKey}")));

    assertThat(exchange.getProperty("refused"))
        .isEqualTo("query parameter VerificationKey does not match: another key");
  }

  @Test
  void switchesAProviderOnThatHasItsSecret() throws Exception {
    variables.put("POPSEE_SECRET", "popsee-secret-1");
    providers.declare("popsee", 100);
    start(POPSEE);

    assertThat(providers.isOn("popsee")).isTrue();
  }

  @Test
  void switchesAProviderOffThatHasNoSecret(CapturedOutput log) throws Exception {
    providers.declare("popsee", 100);
    start(POPSEE);

    assertThat(providers.isOn("popsee")).isFalse();
    assertThat(log.toString())
        .containsOnlyOnce(
            "popsee is switched off: gateway.providers.popsee.secret is empty; set POPSEE_SECRET");
  }

  @Test
  void refusesEverythingForAProviderThatIsOff() throws Exception {
    start(POPSEE);

    // printf '%s' "$B" | openssl dgst -sha256 -hmac '', as a check with an empty key would want it
    var signature =
        Map.entry(
            "X-Popsee-Signature",
            "sha256=2bf69c274356840d6ed0a2722cf77869644a18485da3034d633506a69f26398c");

    assertThat(send(POPSEE_BODY, List.of(signature)).getProperty("refused"))
        .isEqualTo(
            "popsee is switched off: gateway.providers.popsee.secret is empty; set POPSEE_SECRET");
  }

  @Test
  void namesEverySettingAndVariableThatIsLacking() throws Exception {
    providers.declare("surveymonkey", 100);
    start(SURVEYMONKEY);

    assertThat(whyOff("surveymonkey"))
        .isEqualTo(
            "gateway.providers.surveymonkey.client-id is empty,"
                + " gateway.providers.surveymonkey.client-secret is empty;"
                + " set SURVEYMONKEY_CLIENT_ID and SURVEYMONKEY_CLIENT_SECRET");
  }

  @Test
  void isOffIfOneOfTwoSettingsIsLacking() throws Exception {
    variables.put("SURVEYMONKEY_CLIENT_ID", "app-client-id");
    providers.declare("surveymonkey", 100);
    start(SURVEYMONKEY);

    assertThat(whyOff("surveymonkey"))
        .isEqualTo(
            "gateway.providers.surveymonkey.client-secret is empty;"
                + " set SURVEYMONKEY_CLIENT_SECRET");
  }

  @Test
  void isOffIfAPlaceholderIsLeft() throws Exception {
    variables.put("POPSEE_SECRET", "{VerificationKey}");
    providers.declare("popsee", 100);
    start(POPSEE);

    assertThat(whyOff("popsee"))
        .isEqualTo(
            "gateway.providers.popsee.secret holds a placeholder that nothing fills in;"
                + " set POPSEE_SECRET");
  }

  @Test
  void isOffIfSpringCannotFillInAPlaceholderAndShowsNothingOfIt(CapturedOutput log)
      throws Exception {
    variables.put("POPSEE_SECRET", "s3cret-of-today,${SECRET_OF_YESTERDAY}");
    providers.declare("popsee", 100);
    start(POPSEE);

    assertThat(whyOff("popsee"))
        .isEqualTo(
            "gateway.providers.popsee.secret holds a placeholder that nothing fills in;"
                + " set POPSEE_SECRET");
    assertThat(log.toString()).doesNotContain("s3cret-of-today");
  }

  @Test
  void isOffIfApplicationYamlDoesNotKnowTheSetting() throws Exception {
    providers.declare("acme", 100);
    start(
        """
        kamelet:check-hmac
          provider: acme
          header: X-Acme-Signature
          key: "{gateway.providers.acme.signing-key}"
        """);

    assertThat(whyOff("acme"))
        .isEqualTo(
            "gateway.providers.acme.signing-key is not set;"
                + " set GATEWAY_PROVIDERS_ACME_SIGNINGKEY");
  }

  @Test
  void takesASecretAsItIsWhateverItHolds() throws Exception {
    variables.put("SMARTERMEASURE_KEY", "p\\a:s}s{w#o%r&d+=?$x é");
    start(SMARTERMEASURE);

    var right = List.of(Map.entry("VerificationKey", "p\\a:s}s{w#o%r&d+=?$x é"));
    assertThat(send("{}", List.of(), right).getProperty("wentOn")).isEqualTo("true");
  }

  @Test
  void stopsTheStartAtAnUnknownAlgorithm() {
    variables.put("POPSEE_SECRET", "popsee-secret-1");

    assertThatStart(POPSEE + "  algorithm: md5\n")
        .hasRootCauseMessage(
            "Expected algorithm to be sha1, sha256 or sha512, got \"md5\""
                + in("kamelet:check-hmac", "popsee"));
  }

  @Test
  void stopsTheStartAtAnUnknownEncoding() {
    variables.put("POPSEE_SECRET", "popsee-secret-1");

    assertThatStart(POPSEE + "  encoding: base32\n")
        .hasRootCauseMessage(
            "Expected encoding to be hex, hex-any-case, base64 or base64url, got \"base32\""
                + in("kamelet:check-hmac", "popsee"));
  }

  @Test
  void stopsTheStartAtASlipEvenWhileThereIsNoSecret() {
    assertThatStart(POPSEE + "  encoding: base32\n")
        .hasRootCauseMessage(
            "Expected encoding to be hex, hex-any-case, base64 or base64url, got \"base32\""
                + in("kamelet:check-hmac", "popsee"));
  }

  @Test
  void stopsTheStartIfTheSharedKeyHasNoPlace() {
    assertThatStart(
            """
            kamelet:check-shared-key
              provider: acme
              key: "{gateway.providers.acme.key}"
            """)
        .hasRootCauseMessage(
            "Expected at least one of header, queryParameter, formField and jsonPointer to be"
                + " named, got none"
                + in("kamelet:check-shared-key", "acme"));
  }

  @Test
  void stopsTheStartIfASecretStandsInTheRouteAndDoesNotRepeatIt() {
    assertThatStart(POPSEE.replace("{gateway.providers.popsee.secret}", "popsee-secret-1"))
        .hasRootCauseMessage(
            "Expected key to name settings in single braces, such as"
                + " {gateway.providers.popsee.secret}, got another text (not shown, in case it is"
                + " a secret)"
                + in("kamelet:check-hmac", "popsee"));
  }

  /** What Camel leaves of such a key is the client id, which SurveyMonkey sends to everyone. */
  @Test
  void stopsTheStartAtAnAmpersandThatCamelCutsAt() {
    variables.put("SURVEYMONKEY_CLIENT_ID", "app-client-id");
    variables.put("SURVEYMONKEY_CLIENT_SECRET", "app-client-secret");

    assertThatStart(SURVEYMONKEY.replace("RAW(", "\"").replace(")\n", "\"\n"))
        .hasRootCauseMessage(
            "Expected a key with an ampersand to be written"
                + " RAW({one.setting}&{another.setting}), got one that Camel has cut in two"
                + in("kamelet:check-hmac", "surveymonkey"));
  }

  @Test
  void stopsTheStartIfAParameterIsMissing() {
    assertThatStart("kamelet:check-hmac\n  provider: popsee\n")
        .hasStackTraceContaining("the following mandatory parameters must be provided: key");
  }

  @Test
  void showsNoSecretInAddressesOrLogs(CapturedOutput log) throws Exception {
    variables.put("SURVEYMONKEY_CLIENT_ID", "app-client-id");
    variables.put("SURVEYMONKEY_CLIENT_SECRET", "app-client-secret");
    start(SURVEYMONKEY);
    var exchange = send(SURVEYMONKEY_BODY, List.of(SURVEYMONKEY_SIGNATURE));

    assertThat(exchange.getAllProperties().toString()).doesNotContain("app-client");
    assertThat(camel.getEndpoints().toString()).doesNotContain("app-client");
    assertThat(log.toString()).doesNotContain("app-client");
  }

  private static String in(String kamelet, String provider) {
    return ", in %s of provider %s; correct that parameter in the provider's route"
        .formatted(kamelet, provider);
  }

  private String whyOff(String provider) {
    return providers.find(provider).orElseThrow().whyOff();
  }

  private AbstractThrowableAssert<?, ?> assertThatStart(String check) {
    return assertThatThrownBy(() -> start(check));
  }

  private Exchange send(String body, List<Map.Entry<String, String>> headers) {
    return send(body, headers, List.of());
  }

  private Exchange send(
      String body, List<Map.Entry<String, String>> headers, List<Map.Entry<String, String>> query) {
    return send(
        body, headers, query, Map.of("CamelHttpUri", "http://attacker.example", "limit", "1"));
  }

  private Exchange send(
      String body,
      List<Map.Entry<String, String>> headers,
      List<Map.Entry<String, String>> query,
      Map<String, Object> messageHeaders) {
    var bytes = body.getBytes(UTF_8);
    var request = new WebhookRequest("any", "", "application/json", headers, query, bytes);
    return camel
        .createProducerTemplate()
        .request(
            "direct:in",
            exchange -> {
              exchange.getMessage().setBody(bytes);
              exchange.getMessage().setHeaders(new HashMap<>(messageHeaders));
              exchange.setProperty(WebhookRequest.PROPERTY, request);
            });
  }

  /**
   * @param check the kamelet's address, and its parameters indented by two
   */
  private void start(String check) throws Exception {
    var environment = new StandardEnvironment();
    var sources = environment.getPropertySources();
    sources.stream().map(source -> source.getName()).toList().forEach(sources::remove);
    sources.addLast(new MapPropertySource("systemEnvironment", variables));
    sources.addLast(new MapPropertySource("application.yaml", settings));
    camel.getRegistry().bind("environment", environment);
    camel.getRegistry().bind("providers", providers);

    var kamelets = new KameletComponent();
    kamelets.setLocation("file:routes/kamelets");
    kamelets.setNoErrorHandler(true); // as in application.yaml
    camel.addComponent("kamelet", kamelets);

    var lines = new ArrayList<>(check.lines().toList());
    var route =
        """
        - routeConfiguration:
            id: refuse-webhook
            onException:
              - onException:
                  exception:
                    - io.surveygateway.webhook.ProofRefusedException
                  handled:
                    constant:
                      expression: "true"
                  steps:
                    - setProperty:
                        name: refused
                        expression:
                          simple:
                            expression: ${exception.message}
        - route:
            id: receive
            routeConfigurationId: refuse-webhook
            from:
              uri: direct:in
              steps:
                - to:
                    uri: %s
                    parameters:
        %s        - setProperty:
                    name: wentOn
                    expression:
                      constant:
                        expression: "true"
        """
            .formatted(
                lines.remove(0),
                String.join("\n", lines).stripIndent().indent("              ".length()));
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.fromBytes("receive.camel.yaml", route.getBytes(UTF_8)));
    camel.start();
  }
}
