package io.surveygateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Webhook requests of the four providers, signed as each of them signs.
 *
 * <p>A sample starts as a completed response of somebody with ids of its own; its methods bend it:
 *
 * <pre>{@code
 * SignedSamples.popsee().responseId("r-1").score(9).signedWith(secret).toRequest()
 * SignedSamples.popsee().signedWith("another secret").toRequest()              // forged
 * SignedSamples.popsee().unreadable().signedWith(secret).toRequest()           // signed garbage
 * SignedSamples.smartSurvey().and(SignedSamples.smartSurvey()).signedWith(key) // a batch of two
 * }</pre>
 *
 * <p>A request that is sent twice is a repeat. A sample that was not signed gives a request without
 * proof. Not for many threads at a time; the requests are.
 */
public final class SignedSamples {

  private SignedSamples() {}

  public static Popsee popsee() {
    return new Popsee();
  }

  public static SmartSurvey smartSurvey() {
    return new SmartSurvey();
  }

  public static SurveyMonkey surveyMonkey() {
    return new SurveyMonkey();
  }

  public static SmarterMeasure smarterMeasure() {
    return new SmarterMeasure();
  }

  /** What the samples of all providers have in common. */
  public abstract static class Sample<T extends Sample<T>> {

    final String provider;
    final Map<String, String> headers = new LinkedHashMap<>();
    String responseId;
    String surveyId;
    String name = "Ada Byron";
    String email = "ada@example.org";
    String comment = "Quick and kind";
    int score = 9;
    Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String path;
    private @Nullable String raw;

    Sample(String provider, String responseId, String surveyId) {
      this.provider = provider;
      this.path = "/webhooks/" + provider;
      this.responseId = responseId;
      this.surveyId = surveyId;
    }

    abstract T self();

    /** The body as the provider would write it. */
    abstract String written();

    /** Adds the proof for this body to the headers or the path. */
    abstract void prove(byte[] body);

    /** What happened, in a few words. */
    abstract String story();

    public T responseId(String id) {
      responseId = id;
      return self();
    }

    public T surveyId(String id) {
      surveyId = id;
      return self();
    }

    public T name(String name) {
      this.name = name;
      return self();
    }

    /** An empty one stands for a respondent who gave none. */
    public T email(String email) {
      this.email = email;
      return self();
    }

    public T comment(String comment) {
      this.comment = comment;
      return self();
    }

    /** From 0 to 10. */
    public T score(int score) {
      this.score = score;
      return self();
    }

    /** When it was completed. */
    public T at(Instant at) {
      this.at = at;
      return self();
    }

    /** Sent to another path below {@code /webhooks/<provider>/}. */
    public T to(String below) {
      path = "/webhooks/" + provider + "/" + below;
      return self();
    }

    /** With this body, signed as any other. */
    public T body(String raw) {
      this.raw = raw;
      return self();
    }

    /** With the first half of its body only, signed as any other. */
    public T unreadable() {
      var whole = written();
      return body(whole.substring(0, whole.length() / 2));
    }

    List<String> responseKeys() {
      return List.of(provider + ":" + responseId);
    }

    public SampleRequest toRequest() {
      var body = (raw == null ? written() : raw).getBytes(UTF_8);
      prove(body);
      return new SampleRequest(
          provider,
          path,
          headers,
          body,
          raw == null ? responseKeys() : List.of(),
          raw == null ? story() : "what cannot be read");
    }
  }

  /** {@code response.completed} of Popsee. */
  public static final class Popsee extends Sample<Popsee> {

    public static final String SURVEY = "3d0c9a52-6a60-4b1e-9a1f-6d1f5b0c7e11";
    public static final String RECOMMEND = "q-recommend";
    public static final String COMMENT = "q-comment";
    public static final String NAME = "q-name";
    public static final String EMAIL = "q-email";

    private @Nullable String secret;

    private Popsee() {
      super("popsee", UUID.randomUUID().toString(), SURVEY);
    }

    public Popsee signedWith(String secret) {
      this.secret = secret;
      return this;
    }

    @Override
    Popsee self() {
      return this;
    }

    @Override
    String written() {
      var event = object();
      event.put("event", "response.completed").put("timestamp", at.toString()).put("origin", "web");
      event.putObject("survey").put("id", surveyId).put("name", "Checkout feedback");
      var response = event.putObject("response").put("id", responseId);
      var answers = response.putArray("answers");
      answers.addObject().put("questionId", RECOMMEND).put("value", score);
      answer(answers, COMMENT, comment);
      answer(answers, NAME, name);
      answer(answers, EMAIL, email);
      response.putObject("customParams").put("userId", "user_" + score).put("plan", "pro");
      response.put("completedAt", at.toString());
      response.put("pageUrl", "https://shop.example.org/checkout");
      return event.toString();
    }

    private static void answer(ArrayNode answers, String question, String value) {
      if (!value.isEmpty()) {
        answers.addObject().put("questionId", question).put("value", value);
      }
    }

    @Override
    void prove(byte[] body) {
      headers.put("Content-Type", "application/json");
      if (secret != null) {
        headers.put("X-Popsee-Signature", "sha256=" + hex(mac("HmacSHA256", secret, body)));
      }
    }

    @Override
    String story() {
      return "completed response " + responseId + " (nps " + score + ")";
    }
  }

  /** A batch of responses of SmartSurvey; of one, until others are added. */
  public static final class SmartSurvey extends Sample<SmartSurvey> {

    public static final String SURVEY = "90311";

    private final List<SmartSurvey> others = new ArrayList<>();
    private final List<String> items = new ArrayList<>();
    private String status = "completed";
    private @Nullable String secret;

    private SmartSurvey() {
      super("smartsurvey", number(), SURVEY);
    }

    /** Such as {@code disqualified} or {@code partial}. */
    public SmartSurvey status(String status) {
      this.status = status;
      return this;
    }

    /** With another response in the same batch. */
    public SmartSurvey and(SmartSurvey other) {
      others.add(other);
      return this;
    }

    /** With this JSON as one more item of the batch. */
    public SmartSurvey andItem(String json) {
      items.add(json);
      return this;
    }

    public SmartSurvey signedWith(String key) {
      this.secret = key;
      return this;
    }

    @Override
    SmartSurvey self() {
      return this;
    }

    @Override
    String written() {
      return Stream.concat(
              Stream.concat(Stream.of(this), others.stream()).map(one -> one.item().toString()),
              items.stream())
          .collect(Collectors.joining(",", "[", "]"));
    }

    private ObjectNode item() {
      var item = object();
      var end = at.truncatedTo(ChronoUnit.SECONDS);
      item.put("id", Long.parseLong(responseId)).put("survey_id", Long.parseLong(surveyId));
      item.put("tracking_link_id", 771).put("translation_id", 1);
      item.put("date_started", end.minusSeconds(168).toString());
      item.put("date_ended", end.toString()).put("date_modified", end.toString());
      item.put("status", status).put("contact_name", name).put("contact_email", email);
      item.put("contact_invitation_id", 0).put("ip_address", "203.0.113.7");
      item.put("user_agent", "Mozilla/5.0").put("country", "0").put("manual_entry", false);
      item.put("saved", false).put("current_page_id", 8801).putNull("page_path");
      item.put(
          "href",
          "https://api.smartsurvey.io/v2/surveys/%s/responses/%s".formatted(surveyId, responseId));
      item.putArray("variables")
          .addObject()
          .put("id", 5)
          .put("name", "order")
          .put("value", "A-77")
          .put("label", "Order");
      var page = item.putArray("pages").addObject();
      page.put("id", 8801).put("title", "Visit").put("position", 1);
      var questions = page.putArray("questions");
      question(questions, 88010, "How likely is it that you would recommend us?", "nps", "nps", 1)
          .put("id", 1)
          .put("type", "nps")
          .put("choice_title", String.valueOf(score))
          .put("choice_id", 880100 + score);
      question(questions, 88012, "Anything else?", "open_ended", "comment", 2)
          .put("id", 0)
          .put("type", "comment")
          .put("choice_title", "&nbsp;")
          .put("value", comment);
      return item;
    }

    private static ObjectNode question(
        ArrayNode questions, int id, String title, String type, String subType, int position) {
      var question = questions.addObject();
      question.put("id", id).put("title", title).put("type", type).put("sub_type", subType);
      question.put("position", position);
      return question.putArray("answers").addObject();
    }

    @Override
    List<String> responseKeys() {
      return Stream.concat(Stream.of(this), others.stream())
          .map(one -> one.provider + ":" + one.responseId)
          .toList();
    }

    @Override
    void prove(byte[] body) {
      headers.put("Content-Type", "application/json");
      if (secret != null) {
        headers.put("X-SmartSurvey-Signature", hex(mac("HmacSHA256", secret, body)));
      }
    }

    @Override
    String story() {
      var first = status + " response " + responseId + " (nps " + score + ")";
      var more = others.size() + items.size();
      return more == 0 ? first : first + " and " + more + " more in one batch";
    }
  }

  /** An event of SurveyMonkey, which brings ids and no answers. */
  public static final class SurveyMonkey extends Sample<SurveyMonkey> {

    private static final DateTimeFormatter MICROSECONDS =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    public static final String SURVEY = "310044821";

    private String eventType = "response_completed";
    private String eventId = number();
    private @Nullable String key;

    private SurveyMonkey() {
      super("surveymonkey", "11" + number(), SURVEY);
      to(eventType);
    }

    /** Such as {@code response_deleted}; sent to the path of that name. */
    public SurveyMonkey event(String type) {
      eventType = type;
      return to(type);
    }

    public SurveyMonkey eventId(String id) {
      eventId = id;
      return this;
    }

    public SurveyMonkey signedWith(String clientId, String clientSecret) {
      key = clientId + "&" + clientSecret;
      headers.put("Sm-Apikey", clientId);
      return this;
    }

    @Override
    SurveyMonkey self() {
      return this;
    }

    @Override
    String written() {
      var objectType = eventType.replaceFirst("_.*", "");
      var event = object();
      event.put("name", "gateway " + eventType).put("filter_type", "survey");
      event.put("filter_id", surveyId).put("event_type", eventType).put("event_id", eventId);
      event.put("object_type", objectType);
      event.put(
          "object_id",
          switch (objectType) {
            case "response" -> responseId;
            case "collector" -> "430021177";
            default -> surveyId;
          });
      event.put("event_datetime", MICROSECONDS.format(at));
      var resources = event.putObject("resources");
      if (objectType.equals("response")) {
        resources.put("respondent_id", responseId).put("recipient_id", "0");
      }
      if (!objectType.equals("survey")) {
        resources.put("collector_id", "430021177");
      }
      resources.put("survey_id", surveyId).put("user_id", "61200931");
      return event.toString();
    }

    @Override
    List<String> responseKeys() {
      return eventType.startsWith("response_") ? super.responseKeys() : List.of();
    }

    @Override
    void prove(byte[] body) {
      headers.put(
          "Content-Type",
          "application/vnd.surveymonkey.%s.v1+json".formatted(eventType.replaceFirst("_.*", "")));
      if (key != null) {
        headers.put("Sm-Signature", Base64.getEncoder().encodeToString(mac("HmacSHA1", key, body)));
      }
    }

    @Override
    String story() {
      return eventType + " of response " + responseId + " (its answers are fetched)";
    }
  }

  /** An event of SmarterMeasure; its survey is the assessment, and its response the user's. */
  public static final class SmarterMeasure extends Sample<SmarterMeasure> {

    public static final String ASSESSMENT = "as-99120";

    private static final String HEADER = "X-SmarterMeasure-Verification-Key";

    private String event = "assessment.completed";
    private String callbackId = "cb-" + UUID.randomUUID();
    private boolean isXml;
    private @Nullable String keyInUrl;

    private SmarterMeasure() {
      super("smartermeasure", "u-" + number(), ASSESSMENT);
    }

    /** Such as {@code assessment.started} or {@code user.created}. */
    public SmarterMeasure event(String event) {
      this.event = event;
      return this;
    }

    public SmarterMeasure callbackId(String id) {
      callbackId = id;
      return this;
    }

    /** Written as XML, in place of JSON. */
    public SmarterMeasure xml() {
      isXml = true;
      return this;
    }

    public SmarterMeasure signedWith(String key) {
      headers.put(HEADER, key);
      return this;
    }

    /** With the key in the query too. */
    public SmarterMeasure keyInUrl(String key) {
      keyInUrl = key;
      return this;
    }

    @Override
    SmarterMeasure self() {
      return this;
    }

    @Override
    String written() {
      return isXml ? xmlText() : jsonText();
    }

    private String jsonText() {
      var callback = object();
      callback.put("callback_id", callbackId).put("event", event).put("user_id", responseId);
      if (event.startsWith("assessment.")) {
        callback.put("assessment_id", surveyId);
      }
      if (event.equals("assessment.completed")) {
        callback.putObject("score").put("overall", score * 10);
      }
      return callback.put("timestamp", at.toString()).toString();
    }

    private String xmlText() {
      return """
          <?xml version="1.0" encoding="UTF-8"?>
          <callback><callback_id>%s</callback_id><event>%s</event><user_id>%s</user_id>\
          <assessment_id>%s</assessment_id><score><overall>%d</overall></score>\
          <timestamp>%s</timestamp></callback>
          """
          .formatted(callbackId, event, responseId, surveyId, score * 10, at);
    }

    @Override
    List<String> responseKeys() {
      return event.startsWith("assessment.")
          ? List.of(provider + ":" + surveyId + ":" + responseId)
          : List.of();
    }

    @Override
    void prove(byte[] body) {
      headers.put("Content-Type", isXml ? "application/xml" : "application/json");
      if (keyInUrl != null) {
        path = path.replaceFirst("\\?.*", "") + "?VerificationKey=" + keyInUrl;
      }
    }

    @Override
    String story() {
      return event + " of user " + responseId + " (score " + score * 10 + ")";
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Nine digits. */
  private static String number() {
    return String.valueOf(ThreadLocalRandom.current().nextInt(100_000_000, 1_000_000_000));
  }

  private static byte[] mac(String algorithm, String key, byte[] body) {
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), algorithm));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
