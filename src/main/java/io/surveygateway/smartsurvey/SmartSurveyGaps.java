package io.surveygateway.smartsurvey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.store.Ids;
import io.surveygateway.store.InboxStore;
import io.surveygateway.upkeep.GapLooks;
import io.surveygateway.upkeep.GapLooks.Look;
import io.surveygateway.upkeep.GapLooks.Pages;
import io.surveygateway.upkeep.GapRepair;
import io.surveygateway.upkeep.GoesOnLaterException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
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
 * Finds responses that SmartSurvey never told of, and takes them in as if it had.
 *
 * <p>Lists the completed responses of each survey since it was last looked at, and compares them
 * with the events in the store. What is missing becomes a batch of the gateway's own, in the shape
 * that SmartSurvey sends; its events have the attribute {@code recovered}, and the ids that
 * SmartSurvey's own would have, so that one that comes after all changes nothing. Which of a
 * response's dates the list goes by, and in which order, is not documented: so it is read to its
 * end, with an overlap, and one that ended on its way goes on at its next page. Safe for use by
 * many threads.
 */
@Component
final class SmartSurveyGaps extends GapRepair {

  static final String PROVIDER = "smartsurvey";

  /** What the route takes for changes of responses. */
  private static final String UPDATED = "updated";

  /** Dates of both sides are of one clock, and cut at the second. */
  private static final Duration SAME = Duration.ofSeconds(1);

  private static final Map<String, String> CANONICAL =
      Map.of(
          "completed", "survey.response.completed",
          "disqualified", "survey.response.disqualified",
          "partial", "survey.response.updated");

  private final SmartSurveyGapSettings settings;
  private final SmartSurveyAccess access;
  private final SmartSurveyApi api;

  SmartSurveyGaps(
      SmartSurveyGapSettings settings,
      SmartSurveyAccess access,
      SmartSurveyApi api,
      GapLooks looks,
      InboxStore inbox,
      Ids ids,
      Clock clock) {
    super(PROVIDER, "SmartSurvey", looks, inbox, ids, clock);
    this.settings = settings;
    this.access = access;
    this.api = api;
  }

  boolean isOn() {
    return access.isSet();
  }

  /** Those that are set, or all of the account that have responses. */
  @Override
  protected List<String> surveys() {
    if (!settings.surveys().isEmpty()) {
      return settings.surveys();
    }
    var found = new ArrayList<String>();
    for (var page = 1; ; page++) {
      var list = api.list("/surveys", page);
      for (var survey : list.items()) {
        var id = survey.path("id").asText();
        if (id.matches("\\d{1,18}") && survey.path("responses").asLong(1) > 0) {
          found.add(id);
        }
      }
      if (list.isLast()) {
        return found.stream().distinct().toList();
      }
    }
  }

  @Override
  protected void look(String survey, Instant deadline) {
    var pages = start(survey);
    var counted = new Counted();
    try {
      while (true) {
        var list = api.list(path(survey, pages.since()), pages.next());
        takeIn(list.items(), counted);
        if (list.isLast()) {
          looks.seen(provider, survey, pages.begunAt(), true);
          keep(look(survey, pages.begunAt(), counted));
          return;
        }
        pages = new Pages(pages.since(), pages.begunAt(), pages.next() + 1);
        looks.seen(provider, survey, pages);
        if (clock.instant().isAfter(deadline)) {
          keep(look(survey, looks.seen(provider, survey).until(), counted));
          return;
        }
      }
    } catch (GoesOnLaterException e) {
      if (!counted.listed.isEmpty()) {
        keep(look(survey, looks.seen(provider, survey).until(), counted));
      }
      throw e;
    }
  }

  /** Sets of ids: a list that moves while it is read shows some twice. */
  private static final class Counted {
    final Set<String> listed = new HashSet<>();
    final Set<String> missing = new HashSet<>();
    final Set<String> imported = new HashSet<>();
  }

  private Look look(String survey, @Nullable Instant until, Counted counted) {
    return new Look(
        survey,
        clock.instant(),
        until,
        counted.listed.size(),
        counted.missing.size(),
        counted.imported.size(),
        looks.silentSince(provider, survey));
  }

  private Pages start(String survey) {
    var unfinished = looks.pages(provider, survey);
    if (unfinished != null) {
      return unfinished;
    }
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var until = looks.seen(provider, survey).until();
    return new Pages(
        until == null ? now.minus(settings.lookBack()) : until.minus(settings.overlap()), now, 1);
  }

  /** With the titles of questions, which a webhook has too, and without which a mapping is poor. */
  private static String path(String survey, Instant since) {
    return "/surveys/"
        + survey
        + "/responses?include_labels=true&since="
        + Math.max(0, since.getEpochSecond());
  }

  private void takeIn(JsonNode responses, Counted counted) {
    var byId = new HashMap<String, JsonNode>();
    for (var response : responses) {
      var id = response.path("id").asText();
      if (id.matches("\\d{1,18}") && counted.listed.add(id)) {
        byId.put(id, response);
      }
    }
    var arrived = looks.events(provider, byId.keySet());
    var end = clock.instant().minus(settings.grace());
    var batches = new HashMap<String, ArrayNode>();
    byId.forEach(
        (id, response) -> {
          var path = missing(response, arrived.getOrDefault(id, Map.of()), end);
          if (path == null) {
            return;
          }
          counted.missing.add(id);
          if (settings.updates() || !path.equals(UPDATED)) {
            batches
                .computeIfAbsent(path, any -> JsonNodeFactory.instance.arrayNode())
                .add(((ObjectNode) response).put("recovered", true));
            counted.imported.add(id);
          }
        });
    var writes = new ArrayList<CompletableFuture<Void>>();
    batches.forEach((path, batch) -> writes.add(takeIn(path, bytes(batch))));
    await(writes);
  }

  /** The path that SmartSurvey should have sent it to and did not, or null. */
  private static @Nullable String missing(
      JsonNode response, Map<String, Instant> arrived, Instant end) {
    var modified = modified(response);
    if (modified == null
        || modified.isAfter(end)
        || arrived.containsKey("survey.response.deleted")) {
      return null;
    }
    var newest = arrived.values().stream().max(Instant::compareTo);
    if (newest.isPresent() && !modified.isAfter(newest.get().plus(SAME))) {
      return null;
    }
    var status = response.path("status").asText();
    return arrived.containsKey(CANONICAL.getOrDefault(status, "survey.unknown"))
        ? UPDATED
        : GapLooks.PROVED_BY;
  }

  private static @Nullable Instant modified(JsonNode response) {
    for (var name : List.of("date_modified", "date_ended", "date_started")) {
      try {
        return OffsetDateTime.parse(response.path(name).asText()).toInstant();
      } catch (DateTimeException none) {
        // The next one: not every response has ended.
        continue;
      }
    }
    return null;
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return SurveyJson.mapper().writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Plain JSON can be written", e);
    }
  }
}
