package io.surveygateway.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /v3/webhooks} of the stand-in for SurveyMonkey: lists names only, page by page, and lets
 * no address be subscribed twice.
 *
 * <p>Source: SurveyMonkey API v3, "Webhooks". What a deletion is answered is documented nowhere.
 */
public final class SurveyMonkeyWebhooks {

  private final Map<String, ObjectNode> byId = new LinkedHashMap<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private boolean checksAddress;
  private int next = 9000;

  SurveyMonkeyWebhooks() {}

  /** Puts one there as if it had been made before, doubles too, and returns its id. */
  public synchronized String add(
      String name, String eventType, String objectType, List<String> objectIds, String url) {
    var webhook = JsonNodeFactory.instance.objectNode();
    webhook.put("name", name).put("event_type", eventType).put("object_type", objectType);
    objectIds.forEach(webhook.putArray("object_ids")::add);
    webhook.put("subscription_url", url);
    return keep(webhook);
  }

  /** From now on an address has to answer HEAD with 200. */
  public synchronized void checkAddress() {
    checksAddress = true;
  }

  /** All that are there, with what no answer shows. */
  public synchronized List<JsonNode> all() {
    return List.copyOf(byId.values());
  }

  private String keep(ObjectNode webhook) {
    var id = String.valueOf(next++);
    byId.put(id, webhook.put("id", id));
    return id;
  }

  synchronized Answer answer(StandInRequest request) {
    var path = request.segments();
    if (path.size() == 2) {
      return switch (request.method()) {
        case "GET" -> list(request);
        case "POST" -> change("", request);
        default -> SurveyMonkeyStandIn.error(405, "1000", "Bad Request", "Method not allowed.");
      };
    }
    var id = path.get(2);
    if (!byId.containsKey(id)) {
      return SurveyMonkeyStandIn.error(404, "1020", "Resource Not Found", "Not there.");
    }
    return switch (request.method()) {
      case "GET" -> Answer.json(200, shown(byId.get(id)));
      case "PATCH" -> change(id, request);
      case "DELETE" -> {
        byId.remove(id);
        yield Answer.empty(204);
      }
      default -> SurveyMonkeyStandIn.error(405, "1000", "Bad Request", "Method not allowed.");
    };
  }

  private Answer list(StandInRequest request) {
    var page = request.query("page").map(Integer::parseInt).orElse(1);
    // Small, so that a few webhooks have several pages.
    var perPage = Math.min(2, request.query("per_page").map(Integer::parseInt).orElse(2));
    var answer = JsonNodeFactory.instance.objectNode();
    answer.put("page", page).put("per_page", perPage).put("total", byId.size());
    var data = answer.putArray("data");
    byId.values().stream()
        .skip((page - 1L) * perPage)
        .limit(perPage)
        .forEach(
            webhook -> {
              var id = webhook.get("id").asText();
              data.addObject()
                  .put("id", id)
                  .put("name", webhook.path("name").asText())
                  .put("href", "https://api.surveymonkey.net/v3/webhooks/" + id);
            });
    return Answer.json(200, answer);
  }

  private Answer change(String id, StandInRequest request) {
    var body = request.json().orElse(null);
    if (!(body instanceof ObjectNode given)) {
      return SurveyMonkeyStandIn.error(400, "1001", "Bad Request", "No JSON.");
    }
    var webhook = id.isEmpty() ? JsonNodeFactory.instance.objectNode() : byId.get(id).deepCopy();
    webhook.setAll(given);
    for (var name : List.of("name", "event_type", "subscription_url")) {
      if (webhook.path(name).asText().isEmpty()) {
        return SurveyMonkeyStandIn.error(400, "1002", "Bad Request", name + " is required.");
      }
    }
    if (webhook.path("event_type").asText().equals("collector_created")
        && webhook.path("object_type").asText().equals("collector")) {
      return SurveyMonkeyStandIn.error(400, "1002", "Bad Request", "No such filter.");
    }
    var url = webhook.path("subscription_url").asText();
    var isTaken =
        byId.values().stream()
            .anyMatch(
                other ->
                    !other.path("id").asText().equals(id)
                        && other.path("subscription_url").asText().equals(url));
    if (isTaken) {
      return SurveyMonkeyStandIn.error(409, "1026", "Conflict", "The address is taken.");
    }
    if (checksAddress && head(url) != 200) {
      return SurveyMonkeyStandIn.error(400, "1002", "Bad Request", "HEAD was not answered 200.");
    }
    if (id.isEmpty()) {
      keep(webhook);
    } else {
      byId.put(id, webhook);
    }
    return Answer.json(id.isEmpty() ? 201 : 200, shown(webhook));
  }

  /** The authorization is not shown: the vendor's table of what is shown lacks it. */
  private static ObjectNode shown(ObjectNode webhook) {
    return webhook.deepCopy().without("authorization");
  }

  private int head(String url) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(url)).method("HEAD", BodyPublishers.noBody()).build();
      return client.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
