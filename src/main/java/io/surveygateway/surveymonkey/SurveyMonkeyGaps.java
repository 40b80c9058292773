package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.store.Ids;
import io.surveygateway.store.InboxStore;
import io.surveygateway.upkeep.GapLooks;
import io.surveygateway.upkeep.GapLooks.Look;
import io.surveygateway.upkeep.GapRepair;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds responses that SurveyMonkey never told of, and takes them in as if it had.
 *
 * <p>Lists what was modified in each survey since it was last looked at, and compares it with the
 * events in the store. What is missing becomes a request of the gateway's own, in the shape that
 * SurveyMonkey sends, and goes the way of all others; its event has the attribute {@code
 * recovered}. Its id is made of the response's id and date, so that doing it twice does nothing
 * more. An event that SurveyMonkey sends after all, later than {@code grace}, has another id and is
 * news once more. Safe for use by many threads.
 */
@Component
final class SurveyMonkeyGaps extends GapRepair {

  private static final int PER_PAGE = 100;

  /**
   * Dates of the list have no fractions of a second, and those of events come from another clock.
   */
  private static final Duration SAME = Duration.ofMinutes(1);

  /** Dates of the list are no finer. */
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final Map<String, String> EVENT_BY_STATUS =
      Map.of(
          "completed", "response_completed",
          "disqualified", "response_disqualified",
          "overquota", "response_overquota",
          "partial", "response_updated");

  private static final Map<String, String> CANONICAL =
      Map.of(
          "response_completed", "survey.response.completed",
          "response_disqualified", "survey.response.disqualified",
          "response_overquota", "survey.response.over_quota",
          "response_updated", "survey.response.updated");

  private final GapRepairSettings settings;
  private final SubscriptionSettings subscriptions;
  private final CallSettings calls;
  private final SurveyMonkeyAccess access;
  private final SurveyMonkeyApi api;
  private final StoredCallBudget budget;

  SurveyMonkeyGaps(
      GapRepairSettings settings,
      SubscriptionSettings subscriptions,
      CallSettings calls,
      SurveyMonkeyAccess access,
      SurveyMonkeyApi api,
      GapLooks looks,
      StoredCallBudget budget,
      InboxStore inbox,
      Ids ids,
      Clock clock) {
    super(StoredCallBudget.PROVIDER, "SurveyMonkey", looks, inbox, ids, clock);
    this.settings = settings;
    this.subscriptions = subscriptions;
    this.calls = calls;
    this.access = access;
    this.api = api;
    this.budget = budget;
  }

  boolean isOn() {
    return offBecause() == null;
  }

  /** What has to be set for it to be on; null where it is. */
  @Nullable String offBecause() {
    if (!access.isSet()) {
      return "Expected an access token of SurveyMonkey: set SURVEYMONKEY_ACCESS_TOKEN";
    }
    return surveys().isEmpty()
        ? "Expected surveys to look at: name them under"
            + " gateway.providers.surveymonkey.gap-repair.surveys, or in its subscriptions"
        : null;
  }

  @Override
  protected List<String> surveys() {
    return settings.surveys().isEmpty()
        ? subscriptions.wanted().stream()
            .flatMap(wanted -> wanted.surveys().stream())
            .distinct()
            .sorted()
            .toList()
        : settings.surveys();
  }

  @Override
  protected void look(String survey, Instant deadline) {
    var end = clock.instant().minus(settings.grace()).truncatedTo(ChronoUnit.SECONDS);
    var start = start(survey, end);
    var missing = new HashSet<String>();
    var takenIn = new HashSet<String>();
    var listed = 0;
    var page = 1;
    while (true) {
      var list = api.get(path(survey, start, end, page), spare());
      var responses = list.path("data");
      takeIn(survey, responses, end, missing, takenIn);
      listed += responses.size();
      var isLast =
          responses.isEmpty()
              || (page - 1L) * PER_PAGE + responses.size() >= list.path("total").asLong();
      var until = isLast ? end : modified(responses.get(responses.size() - 1));
      if (until != null) {
        looks.seen(provider, survey, until, isLast);
      }
      if (isLast || clock.instant().isAfter(deadline)) {
        keep(
            new Look(
                survey,
                clock.instant(),
                until == null ? start : until,
                listed,
                missing.size(),
                takenIn.size(),
                looks.silentSince(provider, survey)));
        return;
      }
      // By date and not by number: what is modified meanwhile leaves the list, and all move up.
      if (until != null && until.minus(SECOND).isAfter(start)) {
        start = until.minus(SECOND);
        page = 1;
      } else {
        page++;
      }
    }
  }

  /**
   * A look that did not come to its end goes on where it was: the overlap would cost it its calls.
   */
  private Instant start(String survey, Instant end) {
    var known = looks.seen(provider, survey);
    if (known.until() == null) {
      return end.minus(settings.lookBack());
    }
    return known.until().minus(known.isWhole() ? settings.overlap() : SECOND);
  }

  /** A tenth is left for events. */
  private int spare() {
    return Math.max(1, Math.min(calls.perMinute(), calls.perDay()) / 10);
  }

  private static String path(String survey, Instant start, Instant end, int page) {
    return "/v3/surveys/"
        + survey
        + "/responses/bulk?simple=true&sort_by=date_modified&sort_order=ASC&per_page="
        + PER_PAGE
        + "&page="
        + page
        + "&start_modified_at="
        + text(start)
        + "&end_modified_at="
        + text(end);
  }

  /** In UTC, which the API takes a date without an offset for. */
  private static String text(Instant date) {
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
        date.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
  }

  private void takeIn(
      String survey, JsonNode responses, Instant end, Set<String> missing, Set<String> takenIn) {
    var byId = new HashMap<String, JsonNode>();
    for (var response : responses) {
      var id = response.path("id").asText();
      if (id.matches("\\d{1,20}") && !takenIn.contains(id)) {
        byId.put(id, response);
      }
    }
    var arrived = looks.events(provider, byId.keySet());
    var writes = new ArrayList<CompletableFuture<Void>>();
    byId.forEach(
        (id, response) -> {
          var eventType = missing(response, arrived.getOrDefault(id, Map.of()), end);
          if (eventType == null) {
            return;
          }
          missing.add(id);
          if (settings.eventTypes().contains(eventType)) {
            writes.add(takeIn(survey, id, eventType, response));
            takenIn.add(id);
          }
        });
    await(writes);
  }

  /** The event that should have arrived and did not, or null. */
  private static @Nullable String missing(
      JsonNode response, Map<String, Instant> arrived, Instant end) {
    var modified = modified(response);
    var eventType = EVENT_BY_STATUS.get(response.path("response_status").asText());
    if (modified == null
        || modified.isAfter(end)
        || eventType == null
        || arrived.containsKey("survey.response.deleted")) {
      return null;
    }
    if (!arrived.containsKey(CANONICAL.get(eventType))) {
      return eventType;
    }
    var newest = arrived.values().stream().max(Instant::compareTo).orElseThrow();
    return modified.isAfter(newest.plus(SAME)) ? "response_updated" : null;
  }

  private CompletableFuture<Void> takeIn(
      String survey, String id, String eventType, JsonNode response) {
    if (!SurveyMonkeyTogether.lacksItsContact(response)) {
      budget.keep(id, SurveyMonkeyTogether.ascii(response));
    }
    return takeIn(GapLooks.PROVED_BY, event(survey, id, eventType, response));
  }

  /** As SurveyMonkey would have sent it. */
  private static byte[] event(String survey, String id, String eventType, JsonNode response) {
    var modified = response.path("date_modified").asText();
    var event = JsonNodeFactory.instance.objectNode();
    event.put("name", "gap repair").put("filter_type", "survey").put("filter_id", survey);
    event.put("event_type", eventType).put("event_id", "gap|" + id + "|" + modified);
    event.put("object_type", "response").put("object_id", id).put("event_datetime", modified);
    event
        .putObject("resources")
        .put("respondent_id", id)
        .put("recipient_id", response.path("recipient_id").asText(""))
        .put("collector_id", response.path("collector_id").asText(""))
        .put("survey_id", survey);
    event.put("recovered", true);
    try {
      return SurveyJson.mapper().writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Plain JSON can be written", e);
    }
  }

  private static @Nullable Instant modified(JsonNode response) {
    try {
      return OffsetDateTime.parse(response.path("date_modified").asText()).toInstant();
    } catch (DateTimeException none) {
      return null;
    }
  }
}
