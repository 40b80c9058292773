package io.surveygateway.demo;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.core.env.PropertyResolver;

/** Where to look while the demo runs, and how to send something of one's own. */
final class DemoGuide {

  private DemoGuide() {}

  static String text(PropertyResolver settings, String gateway) {
    return """
    The demo runs; nothing leaves this machine.
      Slack messages   %s/
      CRM records      %s/
      console          http://127.0.0.1:%s/  (user admin, password %s)
    Send a response of your own (sh, with curl and openssl):
    %s"""
        .formatted(
            settings.getRequiredProperty("gateway.slack.server-url"),
            settings.getRequiredProperty("gateway.salesforce.login-url"),
            settings.getRequiredProperty("server.port"),
            settings.getRequiredProperty("gateway.console.admin-password"),
            command(gateway, SampleSecrets.DEMO.popsee()));
  }

  /** A line for the shell; each run of it is a response with an id of its own. */
  static String command(String gateway, String secret) {
    var own =
        SignedSamples.popsee()
            .responseId("mine-'$(date +%s)'")
            .name("Me")
            .email("me@example.org")
            .score(3)
            .comment("Sent by hand")
            .at(Instant.now().truncatedTo(ChronoUnit.SECONDS))
            .toRequest();
    return "body='%s'; ".formatted(own.text())
        + "curl -i %s%s -H 'Content-Type: application/json' ".formatted(gateway, own.path())
        + "-H \"X-Popsee-Signature: sha256=$(printf %s \"$body\" | "
        + "openssl dgst -sha256 -hmac %s -r | cut -d' ' -f1)\" ".formatted(secret)
        + "--data-binary \"$body\"";
  }
}
