package io.surveygateway.webhook;

import io.surveygateway.proof.Freshness;
import io.surveygateway.proof.Keys;
import io.surveygateway.proof.Proof;
import io.surveygateway.proof.StandardWebhookProof;
import java.time.Clock;

/**
 * Lets a request go on only if it is signed as a Standard Webhook: {@link StandardWebhookProof}.
 */
public final class StandardWebhookCheck extends ProofCheck {

  private String headers = "";
  private String tolerance = "";

  public StandardWebhookCheck() {
    super("check-standard-webhook");
  }

  @Override
  Proof proof(Keys keys) {
    var fresh =
        new Freshness(headers + "-timestamp", Tolerance.parse(tolerance), single(Clock.class));
    return new StandardWebhookProof(headers + "-id", fresh, headers + "-signature", keys);
  }

  @Override
  Keys anyKeys() {
    return Keys.of("whsec_AAAA");
  }

  /** What the names of the three headers begin with: {@code webhook} or {@code svix}. */
  public void setHeaders(String headers) {
    this.headers = headers;
  }

  /** How far off its time may be, such as {@code 5m}. */
  public void setTolerance(String tolerance) {
    this.tolerance = tolerance;
  }
}
