package io.surveygateway.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.event.SurveyJson;
import io.surveygateway.proof.MalformedKeyException;
import io.surveygateway.proof.Secrets;
import io.surveygateway.proof.StandardWebhookSigner;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells any receiver, by a webhook that is signed by Standard Webhooks.
 *
 * <p>{@code {"type": "gateway.alerts", "timestamp": ..., "data": {"alerts": [{change, kind,
 * destination or provider, since, at, text}]}}}.
 */
final class WebhookAlerts implements AlertChannel {

  private static final String URL = "GATEWAY_ALERTS_WEBHOOK_URL";
  private static final String SECRET = "GATEWAY_ALERTS_WEBHOOK_SECRET";

  private final AlertHttp http;
  private final Clock clock;
  private @Nullable URI address;
  private @Nullable StandardWebhookSigner signer;
  private @Nullable String offBecause;

  WebhookAlerts(AlertSettings settings, AlertHttp http, Clock clock) {
    this.http = http;
    this.clock = clock;
    var url = settings.webhook().url();
    var secrets = Secrets.of(settings.webhook().secret());
    if (url == null || url.isBlank()) {
      offBecause = "set " + URL + " and " + SECRET;
      return;
    }
    if (secrets.lack().isPresent()) {
      offBecause = SECRET + " " + secrets.lack().get();
      return;
    }
    try {
      address = AlertHttp.address(URL, url);
      signer = new StandardWebhookSigner(secrets);
    } catch (MalformedKeyException e) {
      offBecause = SECRET + " " + e.getMessage();
    } catch (IllegalArgumentException e) {
      offBecause = e.getMessage();
    }
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public @Nullable String offBecause() {
    return offBecause;
  }

  @Override
  public void tell(long id, List<AlertChange> changes) {
    var now = clock.instant();
    var message =
        SurveyJson.mapper()
            .createObjectNode()
            .put("type", "gateway.alerts")
            .put("timestamp", changes.get(0).at().toString());
    message.putObject("data").set("alerts", AlertJson.of(changes));
    var body = message.toString().getBytes(UTF_8);
    http.post("The receiver of " + URL, address, signer.headers("alert_" + id, now, body), body);
  }
}
