package io.surveygateway.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SmartSurvey's API v2, as far as surveys and their responses are listed.
 *
 * <p>Where its documents leave something open, the stand-in can be told to go one way or the other:
 * which date {@code since} goes by, whether a list is an array or an object with {@code records}.
 * Sources: docs.smartsurvey.io, "Getting Started", "Access & Rate Limiting" and the reference of
 * {@code GET /surveys/{surveyId}/responses}.
 */
public final class SmartSurveyStandIn extends StandIn {

  public static final String TOKEN = "stand-in-api-token";
  public static final String SECRET = "stand-in-api-token-secret";

  private static final String KEY =
      "Basic " + Base64.getEncoder().encodeToString((TOKEN + ":" + SECRET).getBytes(UTF_8));

  private static final int LARGEST_PAGE = 100;

  private final Map<String, Map<String, ObjectNode>> surveys = new LinkedHashMap<>();
  private final List<Instant> calls = new ArrayList<>();
  private Clock clock = Clock.systemUTC();
  private String sinceGoesBy = "date_modified";
  private boolean listsAreObjects;
  private int hidden;
  private int perDay = 2_500;
  private int perMinute = 120;
  private Instant minute = Instant.EPOCH;
  private Instant day = Instant.EPOCH;
  private int usedThisMinute;
  private int usedToday;
  private int refused;

  private SmartSurveyStandIn() {}

  public static SmartSurveyStandIn start() {
    var smartSurvey = new SmartSurveyStandIn();
    smartSurvey.listen();
    return smartSurvey;
  }

  /** Has this survey, without a response. */
  public synchronized void addSurvey(String survey) {
    surveys.computeIfAbsent(survey, any -> new LinkedHashMap<>());
  }

  /** Has this response, instead of one with the same id; the newest is listed first. */
  public synchronized void prepare(ObjectNode response) {
    addSurvey(response.path("survey_id").asText());
    surveys
        .get(response.path("survey_id").asText())
        .put(response.path("id").asText(), response.deepCopy());
  }

  /** Which of its dates {@code since} is compared with: not documented. */
  public synchronized void sinceGoesBy(String date) {
    sinceGoesBy = date;
  }

  /** From now on lists are objects with their numbers, and not arrays. */
  public synchronized void listObjects() {
    listsAreObjects = true;
  }

  /** From now on each full page lacks so many: "visibility rules may filter out items". */
  public synchronized void hide(int ofEachPage) {
    hidden = ofEachPage;
  }

  /** From now on allows so many calls, by this clock. */
  public synchronized void allow(int perMinute, int perDay, Clock clock) {
    this.perMinute = perMinute;
    this.perDay = perDay;
    this.clock = clock;
  }

  /** When it was asked, by its clock; refused calls too. */
  public synchronized List<Instant> calls() {
    return List.copyOf(calls);
  }

  /** Calls that were too many. */
  public synchronized int refused() {
    return refused;
  }

  @Override
  String page() {
    return Page.of(
        "SmartSurvey API",
        "<p>"
            + requests("/responses").size()
            + " lists were read. This is the stand-in: nobody was asked.</p>\n");
  }

  @Override
  synchronized Answer answer(StandInRequest request) {
    if (!request.header("Authorization").orElse("").equals(KEY)) {
      return error(401, "unauthorized", "The key was refused.");
    }
    var now = clock.instant();
    startAnewWhenDue(now);
    calls.add(now);
    if (usedThisMinute >= perMinute || usedToday >= perDay) {
      refused++;
      var wait =
          usedToday >= perDay
              ? left(now, day, ChronoUnit.DAYS)
              : left(now, minute, ChronoUnit.MINUTES);
      return error(429, "too_many_requests", "You have exceeded your requests")
          .withHeaders(limits(now))
          .withHeader("Retry-After", String.valueOf(wait));
    }
    usedThisMinute++;
    usedToday++;
    return list(request).withHeaders(limits(now));
  }

  private Answer list(StandInRequest request) {
    var path = request.segments();
    if (!request.method().equals("GET") || path.isEmpty() || !path.get(0).equals("v2")) {
      return error(404, "not_found", "There is no such thing.");
    }
    if (path.equals(List.of("v2", "surveys"))) {
      return page(request, surveys.keySet().stream().<JsonNode>map(this::survey).toList());
    }
    if (path.size() != 4 || !path.get(1).equals("surveys") || !path.get(3).equals("responses")) {
      return error(404, "not_found", "There is no such thing.");
    }
    var responses = surveys.get(path.get(2));
    if (responses == null) {
      return error(404, "not_found", "Survey with id '" + path.get(2) + "' could not be found.");
    }
    var since = Instant.ofEpochSecond(Long.parseLong(request.query("since").orElse("0")));
    var labels = request.query("include_labels").orElse("false").equals("true");
    var isCompletedOnly = request.query("completed").orElse("1").equals("1");
    var found = new ArrayList<JsonNode>();
    for (var response : responses.values()) {
      var date = Instant.parse(response.path(sinceGoesBy).asText());
      if (!date.isBefore(since)
          && (!isCompletedOnly || response.path("status").asText().equals("completed"))) {
        found.add(0, labels ? response : withoutLabels(response));
      }
    }
    return page(request, found);
  }

  private ObjectNode survey(String id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", Long.parseLong(id))
        .put("type", "survey")
        .put("title", "Survey " + id)
        .put("responses", surveys.get(id).size())
        .put("status", "open");
  }

  private Answer page(StandInRequest request, List<JsonNode> all) {
    var size = Integer.parseInt(request.query("page_size").orElse("10"));
    var page = Integer.parseInt(request.query("page").orElse("1"));
    if (size < 1 || size > LARGEST_PAGE || page < 1) {
      return error(400, "bad_request", "page_size is 1 to 100, page 1 or more.");
    }
    var records = JsonNodeFactory.instance.arrayNode();
    all.stream().skip((page - 1L) * size).limit(size).skip(hidden).forEach(records::add);
    var headers =
        Map.of(
            "X-SS-Pagination-Page", "" + page,
            "X-SS-Pagination-PageSize", "" + size,
            "X-SS-Pagination-Returned", "" + records.size(),
            "X-SS-Pagination-Total", "" + all.size());
    if (!listsAreObjects) {
      return Answer.json(200, records).withHeaders(headers);
    }
    var object = JsonNodeFactory.instance.objectNode();
    object.set("records", records);
    object.put("page_index", page).put("page_size", size).put("total", all.size());
    object.put("pages", Math.max(1, (all.size() + size - 1) / size));
    return Answer.json(200, object).withHeaders(headers);
  }

  private static JsonNode withoutLabels(ObjectNode response) {
    var bare = response.deepCopy();
    for (var page : bare.path("pages")) {
      ((ObjectNode) page).remove("title");
      for (var question : page.path("questions")) {
        ((ObjectNode) question).remove("title");
        question.path("answers").forEach(answer -> ((ObjectNode) answer).remove("choice_title"));
      }
    }
    return bare;
  }

  private void startAnewWhenDue(Instant now) {
    if (!now.truncatedTo(ChronoUnit.MINUTES).equals(minute)) {
      minute = now.truncatedTo(ChronoUnit.MINUTES);
      usedThisMinute = 0;
    }
    if (!now.truncatedTo(ChronoUnit.DAYS).equals(day)) {
      day = now.truncatedTo(ChronoUnit.DAYS);
      usedToday = 0;
    }
  }

  private static long left(Instant now, Instant start, ChronoUnit unit) {
    return Math.max(1, Duration.between(now, start.plus(1, unit)).toSeconds());
  }

  private Map<String, String> limits(Instant now) {
    var headers = new HashMap<String, String>();
    headers.put("X-RateLimit-Limit", "" + perDay);
    headers.put("X-RateLimit-Remaining", "" + (perDay - usedToday));
    headers.put("X-RateLimit-Reset", "" + left(now, day, ChronoUnit.DAYS));
    return headers;
  }

  private static Answer error(int status, String code, String message) {
    return Answer.json(
        status,
        JsonNodeFactory.instance
            .objectNode()
            .put("status", status)
            .put("code", code)
            .put("message", message));
  }
}
