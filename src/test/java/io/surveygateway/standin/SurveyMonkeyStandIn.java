package io.surveygateway.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The API of SurveyMonkey, as far as one response with its answers is read.
 *
 * <p>A response that was not prepared is made up from its ids, completed when it is first asked
 * for, and the same from then on. With {@code simple=true} questions and answers carry their texts,
 * otherwise only ids. Source: SurveyMonkey API v3, "Survey Responses", "Request and Response
 * Limits", "Error Codes".
 */
public final class SurveyMonkeyStandIn extends StandIn {

  public static final String TOKEN = "stand-in-access-token";

  private static final int CALLS_KEPT = 10_000;

  private final Map<String, JsonNode> prepared = new HashMap<>();
  private final Map<String, Instant> firstAsked = new HashMap<>();
  private final Set<String> gone = new HashSet<>();
  private final SurveyMonkeyWebhooks webhooks = new SurveyMonkeyWebhooks();
  private Clock clock = Clock.systemUTC();
  private int perMinute = 10_000;
  private int perDay = 500_000;
  private int usedThisMinute;
  private int usedToday;
  private Instant minute = Instant.EPOCH;
  private Instant day = Instant.EPOCH;
  private final Deque<Instant> calls = new ArrayDeque<>();
  private int refused;

  private SurveyMonkeyStandIn() {}

  public static SurveyMonkeyStandIn start() {
    var surveyMonkey = new SurveyMonkeyStandIn();
    surveyMonkey.listen();
    return surveyMonkey;
  }

  /** Answers this for a response; with {@code simple=true} as without. */
  public synchronized void prepare(String responseId, JsonNode details) {
    prepared.put(responseId, details);
  }

  /** The webhooks of the account. */
  public SurveyMonkeyWebhooks webhooks() {
    return webhooks;
  }

  /** Has deleted this response. */
  public synchronized void delete(String responseId) {
    gone.add(responseId);
  }

  /** From now on allows so many calls, as a private app has 120 a minute and 500 a day. */
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
        "SurveyMonkey API",
        "<p>"
            + requests("/responses/").size()
            + " responses were read. This is the stand-in: nobody was asked.</p>\n");
  }

  @Override
  synchronized Answer answer(StandInRequest request) {
    var token = request.bearer().orElse("");
    if (!token.equals(TOKEN)) {
      return token.isEmpty()
          ? error(401, "1010", "Authorization Error", "The authorization token was not provided.")
          : error(401, "1011", "Authorization Error", "The authorization token was invalid.");
    }
    var now = clock.instant();
    startAnewWhenDue(now);
    calls.add(now);
    if (calls.size() > CALLS_KEPT) {
      calls.removeFirst();
    }
    if (usedThisMinute >= perMinute || usedToday >= perDay) {
      refused++;
      return error(
              429, "1040", "Rate limit reached", "Too many requests were made, try again later.")
          .withHeaders(limits(now));
    }
    usedThisMinute++;
    usedToday++;
    var path = request.segments();
    var isBulk =
        path.size() == 5
            && path.get(1).equals("surveys")
            && path.get(4).equals("bulk")
            && request.method().equals("GET");
    var answer =
        path.size() >= 2 && path.get(1).equals("webhooks")
            ? webhooks.answer(request)
            : isBulk ? responses(request, path.get(2)) : response(request);
    return answer.withHeaders(limits(now));
  }

  /** Those that were prepared, page by page. */
  private Answer responses(StandInRequest request, String survey) {
    var since =
        request.query("start_modified_at").map(text -> Instant.parse(text + "Z")).orElse(null);
    var until =
        request.query("end_modified_at").map(text -> Instant.parse(text + "Z")).orElse(null);
    var found =
        prepared.entrySet().stream()
            .filter(entry -> !gone.contains(entry.getKey()))
            .map(Map.Entry::getValue)
            .filter(details -> details.path("survey_id").asText().equals(survey))
            .filter(details -> since == null || modified(details).isAfter(since))
            .filter(details -> until == null || modified(details).isBefore(until))
            .sorted(Comparator.comparing(SurveyMonkeyStandIn::modified))
            .toList();
    var perPage = request.query("per_page").map(Integer::parseInt).orElse(50);
    if (perPage > 100) {
      return error(400, "1000", "Bad Request", "per_page must be at most 100.");
    }
    var page = request.query("page").map(Integer::parseInt).orElse(1);
    var answer = JsonNodeFactory.instance.objectNode();
    answer.put("page", page).put("per_page", perPage).put("total", found.size());
    var data = answer.putArray("data");
    var isSimple = request.query("simple").filter("true"::equalsIgnoreCase).isPresent();
    found.stream()
        .skip((page - 1L) * perPage)
        .limit(perPage)
        .forEach(details -> data.add(isSimple ? details : withoutTexts(details)));
    return Answer.json(200, answer.toString().replace("/", "\\/"));
  }

  private static Instant modified(JsonNode details) {
    return OffsetDateTime.parse(details.path("date_modified").asText()).toInstant();
  }

  private Answer response(StandInRequest request) {
    var path = request.segments();
    var isDetails =
        path.size() == 6
            && path.get(0).equals("v3")
            && (path.get(1).equals("surveys") || path.get(1).equals("collectors"))
            && path.get(3).equals("responses")
            && path.get(5).equals("details");
    if (!isDetails || !request.method().equals("GET")) {
      return notThere();
    }
    var owner = path.get(2);
    var responseId = path.get(4);
    if (gone.contains(responseId)) {
      return notThere();
    }
    var details = prepared.get(responseId);
    if (details == null) {
      var surveyId = path.get(1).equals("surveys") ? owner : SurveyMonkeyResponse.SURVEY;
      details =
          SurveyMonkeyResponse.madeUp(
              surveyId, responseId, firstAsked.computeIfAbsent(responseId, any -> clock.instant()));
    } else if (path.get(1).equals("surveys")
        && !details.path("survey_id").asText(owner).equals(owner)) {
      return notThere();
    }
    var isSimple = request.query("simple").filter("true"::equalsIgnoreCase).isPresent();
    // SurveyMonkey escapes slashes.
    return Answer.json(
        200, (isSimple ? details : withoutTexts(details)).toString().replace("/", "\\/"));
  }

  private static JsonNode withoutTexts(JsonNode details) {
    var bare = details.deepCopy();
    for (var page : bare.path("pages")) {
      for (var question : page.path("questions")) {
        ((ObjectNode) question).remove(Set.of("heading", "family", "subtype"));
        question.path("answers").forEach(answer -> ((ObjectNode) answer).remove("simple_text"));
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

  private Map<String, String> limits(Instant now) {
    var headers = new HashMap<String, String>();
    limit("Minute", perMinute, usedThisMinute, left(now, minute, ChronoUnit.MINUTES), headers);
    limit("Day", perDay, usedToday, left(now, day, ChronoUnit.DAYS), headers);
    return headers;
  }

  private static long left(Instant now, Instant start, ChronoUnit unit) {
    return Math.max(1, Duration.between(now, start.plus(1, unit)).toSeconds());
  }

  private static void limit(
      String span, int limit, int used, long reset, Map<String, String> headers) {
    var name = "X-Ratelimit-App-Global-" + span;
    headers.put(name + "-Limit", String.valueOf(limit));
    headers.put(name + "-Remaining", String.valueOf(limit - used));
    headers.put(name + "-Reset", String.valueOf(reset));
  }

  private static Answer notThere() {
    return error(
        404, "1020", "Resource Not Found", "There was an error retrieving the requested resource.");
  }

  /** An error as the API words it; also for faults. */
  public static Answer error(int status, String id, String name, String message) {
    var answer = JsonNodeFactory.instance.objectNode();
    answer
        .putObject("error")
        .put("docs", "https://developer.surveymonkey.com/api/v3/#error-codes")
        .put("message", message)
        .put("id", id)
        .put("name", name)
        .put("http_status_code", status);
    return Answer.json(status, answer);
  }
}
