package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.inbox.InboxProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.kamelet.springboot.KameletComponentAutoConfiguration;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The check kamelets as the gateway runs them: made by Spring, with the shipped settings. */
class CheckKameletsOnSpringTest {

  // printf '{}' | openssl dgst -sha256 -hmac 'popsee-secret-1'
  private static final String SIGNATURE =
      "sha256=57ee698c70083b3292014384d65ff25022d6dff9038be69efa958f1a3cb8408f";

  @TempDir private Path folder;
  private ApplicationContextRunner gateway;

  @BeforeEach
  void writeARoute() throws Exception {
    Files.writeString(
        folder.resolve("popsee.camel.yaml"),
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
                    uri: kamelet:check-hmac
                    parameters:
                      provider: popsee
                      header: X-Popsee-Signature
                      prefix: sha256=
                      key: "{gateway.providers.popsee.secret}"
        """);
    gateway =
        new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withConfiguration(
                AutoConfigurations.of(
                    CamelAutoConfiguration.class, KameletComponentAutoConfiguration.class))
            .withBean(Providers.class)
            .withPropertyValues("camel.main.routes-include-pattern=file:" + folder + "/*.yaml");
  }

  @Test
  void letsOnWhatIsSigned() {
    gateway
        .withPropertyValues("POPSEE_SECRET=popsee-secret-1")
        .run(
            spring -> {
              spring.getBean(Providers.class).declare("popsee", 100);

              var exchange = send(spring.getBean(CamelContext.class), SIGNATURE);

              assertThat(exchange.getProperty(InboxProperties.PROVED_BY))
                  .isEqualTo("current secret");
              assertThat(spring.getBean(Providers.class).isOn("popsee")).isTrue();
            });
  }

  @Test
  void handsARefusalToTheRouteThatAsked() {
    gateway
        .withPropertyValues("POPSEE_SECRET=popsee-secret-2")
        .run(
            spring -> {
              var exchange = send(spring.getBean(CamelContext.class), SIGNATURE);

              assertThat(exchange.getException()).isNull();
              assertThat(exchange.getProperty("refused"))
                  .isEqualTo(
                      "X-Popsee-Signature does not match: another secret, or a changed body");
            });
  }

  @Test
  void switchesAProviderOffThatHasNoSecretAndNamesItsVariable() {
    gateway
        .withPropertyValues("POPSEE_SECRET=")
        .run(
            spring -> {
              var providers = spring.getBean(Providers.class);
              providers.declare("popsee", 100);

              assertThat(providers.find("popsee").orElseThrow().whyOff())
                  .isEqualTo("gateway.providers.popsee.secret is empty; set POPSEE_SECRET");
            });
  }

  @Test
  void switchesAProviderOffWhoseSecretSpringCannotFillIn() {
    gateway
        .withPropertyValues("POPSEE_SECRET=${SECRET_OF_TODAY}")
        .run(
            spring -> {
              var providers = spring.getBean(Providers.class);
              providers.declare("popsee", 100);

              assertThat(providers.find("popsee").orElseThrow().whyOff())
                  .isEqualTo(
                      "gateway.providers.popsee.secret holds a placeholder that nothing fills in;"
                          + " set POPSEE_SECRET");
            });
  }

  private static Exchange send(CamelContext camel, String signature) {
    var body = "{}".getBytes(UTF_8);
    var headers = List.of(Map.entry("X-Popsee-Signature", signature));
    return camel
        .createProducerTemplate()
        .request(
            "direct:in",
            exchange -> {
              exchange.getMessage().setBody(body);
              exchange.setProperty(
                  WebhookRequest.PROPERTY,
                  new WebhookRequest("popsee", "", null, headers, List.of(), body));
            });
  }
}
