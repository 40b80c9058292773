package io.surveygateway.smartsurvey;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.upkeep.GoesOnLaterException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Lists of SmartSurvey's API v2, page by page.
 *
 * <p>A list comes as an array, with its numbers in headers, or within an object that has them too:
 * both are documented. A page may hold fewer than it was asked for and not be the last. The key
 * goes to the one host that is set: no redirect is followed, and no address that an answer holds.
 * Source: docs.smartsurvey.io, "Getting Started", "Access & Rate Limiting". Safe for use by many
 * threads.
 */
@Component
final class SmartSurveyApi {

  static final int PAGE_SIZE = 100;

  /** A hundred responses of a long survey. */
  private static final int MOST_BYTES = 32 * 1024 * 1024;

  /** Whatever the numbers of a list say: a million responses. */
  private static final int MOST_PAGES = 10_000;

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  /** Larger numbers of seconds are a date, smaller ones a time from now. */
  private static final long SURELY_A_DATE = 1_000_000_000L;

  /**
   * @param items of the page
   * @param isLast whether no page follows
   */
  record Page(JsonNode items, boolean isLast) {}

  private final SmartSurveyAccess access;
  private final SmartSurveyCalls calls;
  private final Clock clock;
  private final ObjectMapper json = SurveyJson.mapper();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(Redirect.NEVER).build();

  SmartSurveyApi(SmartSurveyAccess access, SmartSurveyCalls calls, Clock clock) {
    this.access = access;
    this.calls = calls;
    this.clock = clock;
  }

  /**
   * @param pathAndQuery of a list, behind {@code /v2}, made by us of digits and names
   * @param page from 1
   * @throws GoesOnLaterException if there is no call for now
   * @throws FailureException if it was not reached, or answered something else than a list
   */
  Page list(String pathAndQuery, int page) {
    calls.take();
    var numbered = pathAndQuery + (pathAndQuery.contains("?") ? "&" : "?");
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    access.apiUrl()
                        + "/v2"
                        + numbered
                        + "page="
                        + page
                        + "&page_size="
                        + PAGE_SIZE))
            .timeout(ANSWER)
            .header("Accept", "application/json")
            .header("Authorization", "Basic " + key())
            .build();
    try {
      var answer = client.send(request, BodyHandlers.ofInputStream());
      return read(answer, page);
    } catch (IOException e) {
      throw new FailureException(
          Failure.transientFailure(
              "SmartSurvey's API was not reached: " + e.getClass().getSimpleName()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailureException(Failure.transientFailure("The gateway is stopping"), e);
    }
  }

  private String key() {
    return Base64.getEncoder()
        .encodeToString((access.apiToken() + ":" + access.apiTokenSecret()).getBytes(UTF_8));
  }

  private Page read(HttpResponse<InputStream> answer, int page) throws IOException {
    byte[] bytes;
    try (var body = answer.body()) {
      bytes = body.readNBytes(MOST_BYTES + 1);
    }
    if (answer.statusCode() == 429) {
      throw calls.refused(seconds(header(answer, "Retry-After")));
    }
    calls.answered(noneUntil(answer));
    if (answer.statusCode() != 200) {
      throw new FailureException(ofStatus(answer.statusCode()));
    }
    if (bytes.length > MOST_BYTES) {
      throw new FailureException(
          Failure.permanent(
              "Expected at most " + MOST_BYTES + " bytes from SmartSurvey's API, and got more"));
    }
    var read = tree(bytes);
    var items = read.isArray() ? read : read.path("records");
    if (!items.isArray()) {
      throw new FailureException(
          Failure.transientFailure(
              "Expected a list as JSON from SmartSurvey's API, and got something else (status"
                  + " 200): see whether SMARTSURVEY_API_URL is the account's own host"));
    }
    return new Page(items, page >= MOST_PAGES || isLast(answer, read, items, page));
  }

  private JsonNode tree(byte[] bytes) throws IOException {
    try {
      return json.readTree(bytes);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return json.missingNode();
    }
  }

  /** A short page is not the end of a list; an empty one is, where no number says otherwise. */
  private static boolean isLast(HttpResponse<?> answer, JsonNode read, JsonNode items, int page) {
    if (read.path("pages").canConvertToInt()) {
      return page >= read.path("pages").asInt();
    }
    var total =
        read.path("total").canConvertToLong()
            ? Long.valueOf(read.path("total").asLong())
            : number(header(answer, "X-SS-Pagination-Total"));
    return total == null ? items.isEmpty() : (long) page * PAGE_SIZE >= total;
  }

  private static Failure ofStatus(int status) {
    var said = "(status " + status + ")";
    if (status == 401) {
      return Failure.auth(
          "SmartSurvey's API refused the key "
              + said
              + ": set SMARTSURVEY_API_TOKEN and SMARTSURVEY_API_TOKEN_SECRET");
    }
    if (status == 402 || status == 403) {
      return Failure.auth(
          "SmartSurvey's API does not let this key read it "
              + said
              + ": see the account's plan, and its permissions for the survey");
    }
    if (status == 404 || status == 410) {
      return Failure.permanent("SmartSurvey's API has no such survey " + said);
    }
    if (status >= 300 && status < 400) {
      return Failure.auth(
          "SmartSurvey's API sent us elsewhere "
              + said
              + ", and we do not follow with a key: set SMARTSURVEY_API_URL to its own host");
    }
    return status >= 500 || status == 408
        ? Failure.transientFailure("SmartSurvey's API is not well " + said)
        : Failure.permanent("SmartSurvey's API refused the request " + said);
  }

  /** Until when no call is left, by what every answer says; null where some are. */
  private @Nullable Instant noneUntil(HttpResponse<?> answer) {
    var left = number(header(answer, "X-RateLimit-Remaining"));
    var reset = number(header(answer, "X-RateLimit-Reset"));
    if (left == null || left > 0 || reset == null) {
      return null;
    }
    var now = clock.instant();
    var until = reset > SURELY_A_DATE ? Instant.ofEpochSecond(reset) : now.plusSeconds(reset);
    var latest = now.plus(LONGEST_WAIT);
    return until.isAfter(latest) ? latest : until;
  }

  private static @Nullable Duration seconds(@Nullable String text) {
    var seconds = number(text);
    if (seconds == null) {
      return null;
    }
    var wait = Duration.ofSeconds(seconds);
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  private static @Nullable Long number(@Nullable String text) {
    return text != null && text.strip().matches("\\d{1,12}") ? Long.valueOf(text.strip()) : null;
  }

  private static @Nullable String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse(null);
  }
}
