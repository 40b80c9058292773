package io.surveygateway.standin;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.proof.Freshness;
import io.surveygateway.proof.Keys;
import io.surveygateway.proof.SignedRequest;
import io.surveygateway.proof.StandardWebhookProof;
import io.surveygateway.proof.Verdict.Proved;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Somebody who takes events signed by Standard Webhooks: 204 for what is proved, 401 for the rest.
 * What comes again under an id that it knows is answered, and counted once.
 */
public final class WebhookReceiverStandIn extends StandIn {

  private final StandardWebhookProof proof;
  private final Map<String, JsonNode> events = new LinkedHashMap<>();

  private WebhookReceiverStandIn(Clock clock, String secret) {
    proof =
        new StandardWebhookProof(
            "webhook-id",
            new Freshness("webhook-timestamp", Duration.ofMinutes(5), clock),
            "webhook-signature",
            Keys.of(secret));
  }

  public static WebhookReceiverStandIn start(Clock clock, String secret) {
    var receiver = new WebhookReceiverStandIn(clock, secret);
    receiver.listen();
    return receiver;
  }

  /** What was proved, by its webhook-id, in the order of arrival. */
  public Map<String, JsonNode> events() {
    synchronized (events) {
      return new LinkedHashMap<>(events);
    }
  }

  @Override
  Answer answer(StandInRequest request) {
    if (!(proof.judge(new Signed(request)) instanceof Proved)) {
      return Answer.empty(401);
    }
    var event = request.json();
    if (event.isEmpty()) {
      return Answer.empty(422);
    }
    synchronized (events) {
      events.putIfAbsent(request.header("webhook-id").orElseThrow(), event.get());
    }
    return Answer.empty(204);
  }

  @Override
  String page() {
    return events().size() + " events";
  }

  private record Signed(StandInRequest request) implements SignedRequest {

    @Override
    public byte[] body() {
      return request.body();
    }

    @Override
    public List<String> header(String name) {
      return request.headers(name);
    }

    @Override
    public List<String> query(String name) {
      return List.of();
    }

    @Override
    public List<byte[]> form(String name) {
      return List.of();
    }

    @Override
    public List<byte[]> json(String pointer) {
      return List.of();
    }
  }
}
