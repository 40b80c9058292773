package io.surveygateway.packaged;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.demo.SampleRequest;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.standin.Answer;
import io.surveygateway.standin.Fault;
import io.surveygateway.standin.SlackStandIn;
import io.surveygateway.standin.SurveyMonkeyResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Mixed traffic of all four providers without end, the same for the same seed: lives of responses
 * from their start to their deletion, out of order, repeated at once and later, in batches small
 * and large, with items among them that nobody can read; requests that are unreadable as a whole,
 * unsigned or signed with another secret; and a few responses that one destination refuses for
 * good. Threads may share it.
 */
final class Traffic {

  /** A survey whose responses the business database is made to refuse. */
  static final String REFUSED_SURVEY = "666666";

  /** What stands in messages that Slack is made to refuse. */
  static final String REFUSED_TEXT = "UNSPEAKABLE";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
  private static final List<String> UNREADABLE_ITEMS =
      List.of("\"garbage\"", "{}", "17", "null", "{\"status\":\"completed\"}");
  private static final int PLANNED = 200;

  private record Planned(long position, long number, Sending sending) {}

  private final Random random;
  private final BiConsumer<String, JsonNode> surveyMonkeyHas;
  private final Consumer<String> salesforceRefuses;
  private final PriorityQueue<Planned> planned =
      new PriorityQueue<>(
          Comparator.comparingLong(Planned::position).thenComparingLong(Planned::number));
  private final List<String> subjects = new ArrayList<>();
  private long position;
  private long number;

  /**
   * @param surveyMonkeyHas told of each of its responses before an event of it is sent, with what
   *     its API is to give
   * @param salesforceRefuses told of the keys that it is to refuse for good
   */
  Traffic(
      long seed, BiConsumer<String, JsonNode> surveyMonkeyHas, Consumer<String> salesforceRefuses) {
    this.random = new Random(seed);
    this.surveyMonkeyHas = surveyMonkeyHas;
    this.salesforceRefuses = salesforceRefuses;
  }

  /** Makes Slack refuse for good what it has to refuse; to be repeated when faults were cleared. */
  static void refuseAt(SlackStandIn slack) {
    slack
        .faults()
        .always(
            Fault.answer(Answer.json(200, "{\"ok\":false,\"error\":\"invalid_blocks\"}"))
                .when(request -> request.text().contains(REFUSED_TEXT)));
  }

  synchronized Sending next() {
    while (planned.size() < PLANNED) {
      plan();
    }
    var next = planned.remove();
    position = next.position;
    return next.sending;
  }

  /** The keys of the youngest responses, 100 at most. */
  synchronized List<String> youngest() {
    return List.copyOf(subjects.subList(Math.max(0, subjects.size() - 100), subjects.size()));
  }

  private void plan() {
    var kind = random.nextInt(100);
    if (kind < 35) {
      popsee();
    } else if (kind < 50) {
      smarterMeasure();
    } else if (kind < 70) {
      surveyMonkey();
    } else if (kind < 90) {
      smartSurvey();
    } else if (kind < 95) {
      forged();
    } else {
      unreadable();
    }
  }

  private void popsee() {
    var n = ++number;
    var subject = subject("popsee:" + popseeId(n));
    var refusedBy = refusedBy(subject);
    var mark = mark(n);
    var at = at(n);
    var sample =
        SignedSamples.popsee()
            .responseId(popseeId(n))
            .surveyId(refusedBy.contains("database") ? REFUSED_SURVEY : SignedSamples.Popsee.SURVEY)
            .email(email(n))
            .comment(comment(mark, refusedBy))
            .score(score(n))
            .at(at)
            .signedWith(Others.SECRETS.popsee());
    var told =
        new Told(
            "popsee",
            "response.completed|" + popseeId(n),
            subject,
            "survey.response.completed",
            "completed",
            at,
            mark,
            true,
            refusedBy);
    send(sample.toRequest(), List.of(told), 0);
  }

  /** The survey's own id is the mark, since nothing else of it is shown. */
  private void smarterMeasure() {
    var n = ++number;
    var subject = subject("smartermeasure:" + mark(n) + ":u-" + n);
    for (var event : List.of("assessment.started", "assessment.completed")) {
      var isEnd = event.endsWith("completed");
      var at = at(n).plusSeconds(isEnd ? 60 : 0);
      var sample =
          SignedSamples.smarterMeasure()
              .surveyId(mark(n))
              .responseId("u-" + n)
              .event(event)
              .callbackId("cb-" + n + (isEnd ? "-end" : "-start"))
              .score(score(n))
              .at(at)
              .signedWith(Others.SECRETS.smarterMeasure());
      if (n % 3 == 0) {
        sample.xml();
      }
      var told =
          new Told(
              "smartermeasure",
              "cb-" + n + (isEnd ? "-end" : "-start"),
              subject,
              isEnd ? "survey.response.completed" : "survey.response.started",
              isEnd ? "completed" : "partial",
              at,
              mark(n),
              false,
              Set.of());
      send(sample.toRequest(), List.of(told), isEnd ? 30 : 0);
    }
  }

  private void surveyMonkey() {
    var n = ++number;
    var id = "" + (118_000_000_000L + n);
    var subject = subject("surveymonkey:" + id);
    var refusedBy = refusedBy(subject);
    refusedBy = refusedBy.contains("database") ? Set.of() : refusedBy;
    surveyMonkeyHas.accept(id, surveyMonkeyResponse(id, at(n), comment(mark(n), refusedBy)));
    var events = new ArrayList<>(List.of("created", "updated", "updated", "completed"));
    if (random.nextInt(3) == 0) {
      events.set(3, random.nextBoolean() ? "disqualified" : "overquota");
    }
    if (random.nextInt(3) == 0) {
      events.add("updated");
    }
    if (random.nextInt(4) == 0) {
      events.add("deleted");
    }
    for (var i = 0; i < events.size(); i++) {
      var at = at(n).plusSeconds(60L * i);
      var type = events.get(i).replace("overquota", "over_quota").replace("created", "started");
      var eventId = "" + (10_000_000_000L + 10 * n + i);
      var sample =
          SignedSamples.surveyMonkey()
              .responseId(id)
              .event("response_" + events.get(i))
              .eventId(eventId)
              .at(at)
              .signedWith(
                  Others.SECRETS.surveyMonkeyClientId(), Others.SECRETS.surveyMonkeyClientSecret());
      var told =
          new Told(
              "surveymonkey",
              eventId,
              subject,
              "survey.response." + type,
              switch (type) {
                case "started" -> "partial";
                case "updated" -> "completed";
                default -> type;
              },
              at,
              mark(n),
              !type.equals("deleted"),
              refusedBy);
      send(sample.toRequest(), List.of(told), 25L * i);
    }
  }

  private static JsonNode surveyMonkeyResponse(String id, Instant at, String comment) {
    var response = SurveyMonkeyResponse.madeUp(SurveyMonkeyResponse.SURVEY, id, at);
    for (var question : response.path("pages").path(0).path("questions")) {
      if (question.path("id").asText().equals(SurveyMonkeyResponse.COMMENT)) {
        ((ObjectNode) question.path("answers").path(0))
            .put("text", comment)
            .put("simple_text", comment);
      }
    }
    return response;
  }

  /** A few responses that go through their lives together, a batch for each step. */
  private void smartSurvey() {
    var first = number + 1;
    var dice = random.nextInt(100);
    number += dice < 60 ? 1 : dice < 97 ? 2 + random.nextInt(6) : 100 + random.nextInt(200);
    var refused = new ArrayList<Set<String>>();
    for (var n = first; n <= number; n++) {
      refused.add(refusedBy(subject("smartsurvey:" + smartSurveyId(n))));
    }
    var step = 0;
    if (random.nextBoolean()) {
      smartSurvey(first, refused, step++, "partial", "", "updated");
    }
    var end = random.nextInt(8) == 0 ? "disqualified" : "completed";
    smartSurvey(first, refused, step++, end, "", end);
    if (random.nextInt(5) == 0) {
      smartSurvey(first, refused, step++, "completed", "", "completed");
    }
    if (random.nextInt(3) == 0) {
      smartSurvey(first, refused, step++, "completed", "updated", "updated");
    }
    if (random.nextInt(4) == 0) {
      smartSurvey(first, refused, step, "deleted", "", "deleted");
    }
  }

  private void smartSurvey(
      long first, List<Set<String>> refused, int step, String status, String path, String type) {
    var items = JSON.createArrayNode();
    var told = new ArrayList<Told>();
    for (var i = 0; i < refused.size(); i++) {
      // From the second on, some have no news.
      if (i > 0 && random.nextInt(4) == 0) {
        continue;
      }
      var n = first + i;
      var at = at(n).plusSeconds(60L * step);
      var mark = mark(n) + "S" + step + "Z";
      var refusedBy = refused.get(i);
      var one =
          SignedSamples.smartSurvey()
              .responseId(smartSurveyId(n))
              .surveyId(
                  refusedBy.contains("database")
                      ? REFUSED_SURVEY
                      : SignedSamples.SmartSurvey.SURVEY)
              .status(status)
              .email(email(n))
              .comment(comment(mark, refusedBy))
              .score(score(n))
              .at(at);
      items.add(parse(one.toRequest().text()).path(0));
      told.add(
          new Told(
              "smartsurvey",
              smartSurveyId(n) + "|" + at + "|" + status,
              "smartsurvey:" + smartSurveyId(n),
              "survey.response." + type,
              status,
              at,
              mark,
              !status.equals("deleted"),
              refusedBy));
    }
    if (random.nextInt(10) == 0) {
      items.add(items.get(0).deepCopy());
      told.add(told.get(0));
    }
    var unreadable = spoil(items);
    var batch =
        SignedSamples.smartSurvey().body(items.toString()).signedWith(Others.SECRETS.smartSurvey());
    if (!path.isEmpty()) {
      batch.to(path);
    }
    send(batch.toRequest(), told, unreadable, 25L * step);
  }

  /** Puts a few items among these that nobody can read, and says where they stand. */
  private List<@Nullable Integer> spoil(ArrayNode items) {
    var unreadable = new ArrayList<@Nullable Integer>();
    if (random.nextInt(6) > 0) {
      return unreadable;
    }
    var place = random.nextInt(items.size() + 1);
    for (var i = 0; i <= random.nextInt(3); i++) {
      unreadable.add(place + i);
      items.insert(place + i, parse(UNREADABLE_ITEMS.get(random.nextInt(UNREADABLE_ITEMS.size()))));
    }
    return unreadable;
  }

  private void forged() {
    var request = forged(++number, random.nextInt(6));
    planned.add(new Planned(position + 1 + random.nextInt(PLANNED), number, asForged(request)));
  }

  /** One of each provider, beside all others. */
  synchronized List<Sending> forgedOfEach() {
    return IntStream.range(2, 6).mapToObj(way -> asForged(forged(++number, way))).toList();
  }

  private static Sending asForged(SampleRequest request) {
    return new Sending(request, List.of(), List.of(), true);
  }

  /**
   * @param way 0 to 5; from 2 on each of another provider
   */
  private static SampleRequest forged(long n, int way) {
    var popsee = SignedSamples.popsee().responseId(popseeId(n)).comment(mark(n)).at(at(n));
    return switch (way) {
      case 0 -> popsee.toRequest();
      case 1 -> popsee.signedWith("guessed").toRequest();
      case 2 -> {
        // Signed, and changed since.
        var signed = popsee.signedWith(Others.SECRETS.popsee()).toRequest();
        yield withBody(signed, signed.text().replace(mark(n), "F" + mark(n)).getBytes());
      }
      case 3 ->
          SignedSamples.smartSurvey()
              .responseId(smartSurveyId(n))
              .at(at(n))
              .signedWith(Others.SECRETS.popsee())
              .toRequest();
      case 4 ->
          SignedSamples.smarterMeasure()
              .responseId("u-" + n)
              .callbackId("cb-" + n)
              .at(at(n))
              .signedWith("guessed")
              .toRequest();
      default ->
          SignedSamples.surveyMonkey()
              .responseId("" + (118_000_000_000L + n))
              .eventId("" + (10_000_000_000L + 10 * n))
              .at(at(n))
              .signedWith(Others.SECRETS.surveyMonkeyClientId(), "guessed")
              .toRequest();
    };
  }

  private static SampleRequest withBody(SampleRequest signed, byte[] body) {
    return new SampleRequest(
        signed.provider(),
        signed.path(),
        signed.headers(),
        body,
        signed.responseKeys(),
        signed.story());
  }

  private void unreadable() {
    var n = ++number;
    var request =
        switch (random.nextInt(3)) {
          case 0 ->
              SignedSamples.popsee()
                  .responseId(popseeId(n))
                  .at(at(n))
                  .unreadable()
                  .signedWith(Others.SECRETS.popsee())
                  .toRequest();
          case 1 ->
              SignedSamples.smartSurvey()
                  .responseId(smartSurveyId(n))
                  .at(at(n))
                  .unreadable()
                  .signedWith(Others.SECRETS.smartSurvey())
                  .toRequest();
          default ->
              SignedSamples.smarterMeasure()
                  .responseId("u-" + n)
                  .callbackId("cb-" + n)
                  .at(at(n))
                  .unreadable()
                  .signedWith(Others.SECRETS.smarterMeasure())
                  .toRequest();
        };
    var whole = new ArrayList<@Nullable Integer>();
    whole.add(null);
    send(request, List.of(), whole, 0);
  }

  private void send(SampleRequest request, List<Told> told, long after) {
    send(request, told, List.of(), after);
  }

  /** Some twice at the same time, some again much later. */
  private void send(
      SampleRequest request, List<Told> told, List<@Nullable Integer> unreadable, long after) {
    var sending = new Sending(request, told, unreadable, false);
    var when = position + 1 + after + random.nextInt(PLANNED / 2);
    planned.add(new Planned(when, number, sending));
    if (random.nextInt(8) == 0) {
      planned.add(new Planned(when, number, sending));
    }
    if (random.nextInt(12) == 0) {
      planned.add(new Planned(when + random.nextInt(3 * PLANNED), number, sending));
    }
  }

  private String subject(String key) {
    subjects.add(key);
    return key;
  }

  private Set<String> refusedBy(String subject) {
    var dice = random.nextInt(150);
    if (dice == 0) {
      salesforceRefuses.accept(subject);
      return Set.of("salesforce");
    }
    return dice == 1 ? Set.of("slack") : dice == 2 ? Set.of("database") : Set.of();
  }

  private static String comment(String mark, Set<String> refusedBy) {
    return "Remark " + mark + (refusedBy.contains("slack") ? " " + REFUSED_TEXT : "");
  }

  private static String mark(long n) {
    return "MARK" + n + "Z";
  }

  private static Instant at(long n) {
    return START.plusSeconds(n);
  }

  private static String popseeId(long n) {
    return "00000000-0000-4000-8000-%012d".formatted(n);
  }

  private static String smartSurveyId(long n) {
    return "" + (230_000_000 + n);
  }

  private static String email(long n) {
    return n % 7 == 0 ? "" : "respondent-" + n % 300 + "@example.org";
  }

  private static int score(long n) {
    return (int) (n % 11);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
