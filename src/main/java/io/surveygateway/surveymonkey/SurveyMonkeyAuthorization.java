package io.surveygateway.surveymonkey;

import io.surveygateway.proof.Keys;
import io.surveygateway.proof.Proof;
import io.surveygateway.proof.SharedKeyProof;
import io.surveygateway.proof.SignedRequest;
import io.surveygateway.proof.Verdict.Refused;
import io.surveygateway.webhook.FurtherProof;
import io.surveygateway.webhook.ProofRefusedException;
import io.surveygateway.webhook.WebhookRequest;
import java.util.Arrays;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Refuses an event without the Authorization value that the gateway's subscriptions were given;
 * lets all pass where none is set.
 *
 * <p>Stands beside the signature, not in its place. Every value that the setting lists is taken, so
 * that a new one may be on its way. Source: SurveyMonkey API v3, "Webhooks", {@code authorization}.
 * Changes nothing; one instance serves every thread.
 */
@Component("surveyMonkeyAuthorization")
public final class SurveyMonkeyAuthorization implements Processor, FurtherProof {

  private final @Nullable Proof proof;

  public SurveyMonkeyAuthorization(
      @Value("${gateway.providers.surveymonkey.subscriptions.authorization:}") String setting) {
    var values =
        Arrays.stream(setting.split(",")).map(String::strip).filter(v -> !v.isEmpty()).toList();
    proof = values.isEmpty() ? null : new SharedKeyProof("Authorization", null, Keys.of(values));
  }

  @Override
  public String provider() {
    return "surveymonkey";
  }

  @Override
  public String step() {
    return "surveyMonkeyAuthorization";
  }

  @Override
  public Optional<Proof> proof() {
    return Optional.ofNullable(proof);
  }

  @Override
  public void process(Exchange exchange) {
    if (proof == null) {
      return;
    }
    var request = exchange.getProperty(WebhookRequest.PROPERTY, SignedRequest.class);
    if (request == null) {
      throw new IllegalStateException(
          "Expected an exchange that comes from kamelet:webhook-source");
    }
    if (proof.judge(request) instanceof Refused refused) {
      throw new ProofRefusedException(refused.reason());
    }
  }
}
