package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.store.Filter;
import io.surveygateway.store.RequestReads;
import io.surveygateway.store.RequestReads.Sent;
import io.surveygateway.trial.MappingDiff;
import io.surveygateway.trial.MappingDiff.Differences;
import io.surveygateway.trial.Trial;
import io.surveygateway.trial.Trial.Answers;
import io.surveygateway.trial.Trials;
import io.surveygateway.trial.Tried;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Mappings, tried on a request: what it would become, and what would be sent. Nothing is kept.
 *
 * <p>The body of a call is the request's, as its sender would send it; with {@code ?request=} there
 * is none, and with {@code ?wrapped=true} it is an object that holds the request's body and more.
 */
@RestController
@RequestMapping(path = "/api/mappings", produces = MediaType.APPLICATION_JSON_VALUE)
final class MappingsApi {

  private static final String EXAMPLE =
      "{\"request\": 67, \"mapping\": \"{specversion: \\\"1.0\\\", ...}\"} or {\"body\": {...},"
          + " \"headers\": {\"X-Event\": \"a\"}}";

  private static final Set<String> QUERY =
      Set.of("request", "path", "header", "receivedAt", "fetch", "wrapped");

  private static final Set<String> DIFF_QUERY = Set.of("days", "survey", "from", "to", "limit");

  static final int MOST_DAYS = 3650;

  /** A wrapped body is longer: Base64 takes four bytes for three. */
  private static final int LARGEST_WRAPPED = 3 * Trials.LARGEST_BODY;

  /** A character takes two bytes within JSON, mostly less. */
  private static final int LARGEST_EDITED = 2 * Trials.LARGEST_MAPPING;

  static final int LONGEST_VALUE = 1024;

  /**
   * A request within an object.
   *
   * @param request id of a stored one; then it has no body here
   * @param body text as it is, anything else as JSON
   * @param base64 the body's bytes
   * @param fetched what the provider's API answers, as body
   * @param mapping jq in place of the provider's file
   */
  record Wrapped(
      @Nullable Long request,
      @Nullable JsonNode body,
      @Nullable String base64,
      @Nullable String contentType,
      @Nullable String path,
      @Nullable Map<String, String> headers,
      @Nullable String receivedAt,
      @Nullable JsonNode fetched,
      @Nullable String mapping) {}

  /** A mapping that stands in no file. */
  record Edited(@Nullable String mapping) {}

  private final Trials trials;
  private final MappingDiff diff;
  private final RequestReads requests;
  private final Clock clock;

  MappingsApi(Trials trials, MappingDiff diff, RequestReads requests, Clock clock) {
    this.trials = trials;
    this.diff = diff;
    this.requests = requests;
    this.clock = clock;
  }

  /** Reads body and query itself: Spring would take a form apart, and make another one of it. */
  @Described(
      value = "See what a request would become, and what would be sent; nothing is kept or sent",
      more =
          "The body is the request's, as its sender would send it, of the content type that it would"
              + " have. With request there is none; with wrapped it is an object such as "
              + EXAMPLE,
      query = {"request", "path", "header", "receivedAt", "fetch", "wrapped"},
      body = byte[].class,
      isBodyOptional = true,
      errors = 422)
  @PostMapping("/{provider}/try")
  Tried tryOut(@PathVariable String provider, HttpServletRequest call) throws IOException {
    var body = bytes(call, LARGEST_WRAPPED);
    var query = new Query(call.getQueryString(), QUERY);
    var fetch = query.isSet("fetch");
    var stored = query.one("request");
    if (query.isSet("wrapped")) {
      if (stored != null
          || query.names().stream().anyMatch(Set.of("path", "header", "receivedAt")::contains)) {
        throw ApiQuery.refuse("Expected everything but fetch within the object, with wrapped=true");
      }
      var wrapped = ApiBody.read(body, Wrapped.class, EXAMPLE, LARGEST_WRAPPED);
      return tried(wrapped(provider, wrapped, fetch));
    }
    if (stored != null) {
      if (body.length > 0 || query.names().contains("path") || query.names().contains("header")) {
        throw ApiQuery.refuse("Expected nothing but the id of a stored request, and perhaps fetch");
      }
      return tried(stored(provider, ApiQuery.id(stored), null, answers(fetch, null), null));
    }
    return tried(
        new Trial(
            Trial.NOT_STORED,
            provider,
            checked(body),
            call.getContentType(),
            Objects.requireNonNullElse(query.one("path"), ""),
            headers(query.all("header")),
            moment(query.one("receivedAt")),
            answers(fetch, null),
            null,
            null));
  }

  /**
   * What mapping stored requests of the last days again would change: those that a run of {@code
   * map-again} with the same filter takes.
   */
  @Described(
      value = "Count what mapping stored requests of the last days again would change",
      more =
          "Needs days or from. A mapping in the body is compared in place of the provider's file",
      query = {"days", "survey", "from", "to", "diff limit"},
      body = Edited.class,
      isBodyOptional = true,
      errors = 422)
  @PostMapping("/{provider}/diff")
  Differences diff(@PathVariable String provider, HttpServletRequest call) throws IOException {
    var body = bytes(call, LARGEST_EDITED);
    var query = new Query(call.getQueryString(), DIFF_QUERY);
    var edited =
        ApiBody.read(body, Edited.class, "{\"mapping\": \"...\"}, or no body", LARGEST_EDITED);
    checkLength(edited.mapping());
    var days = query.one("days");
    var from = query.one("from");
    var to = query.one("to");
    if ((days == null) == (from == null)) {
      throw ApiQuery.refuse("Expected days=7, or from=2026-03-02 and perhaps to");
    }
    var filter =
        new Filter(
            provider,
            query.one("survey"),
            null,
            Set.of("done", "parked"),
            null,
            null,
            null,
            days == null
                ? ApiQuery.instant("from", from)
                : clock.instant().minus(number("days", days, MOST_DAYS), ChronoUnit.DAYS),
            to == null ? null : ApiQuery.instant("to", to));
    ApiQuery.checkRange(filter.from(), filter.to());
    var limit = query.one("limit");
    var most =
        limit == null
            ? MappingDiff.USUAL_REQUESTS
            : number("limit", limit, MappingDiff.MOST_REQUESTS);
    return diff.diff(filter, most, edited.mapping());
  }

  static int number(String name, String text, int most) {
    var number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > most) {
      throw ApiQuery.refuse("Expected " + name + " from 1 to " + most);
    }
    return number;
  }

  /** Those of the last days, as a run of map-again takes them. */
  static Filter ofLastDays(String provider, int days, Clock clock) {
    return new Filter(
        provider,
        null,
        null,
        Set.of("done", "parked"),
        null,
        null,
        null,
        clock.instant().minus(days, ChronoUnit.DAYS),
        null);
  }

  static void checkLength(@Nullable String mapping) {
    if (mapping != null && mapping.length() > Trials.LARGEST_MAPPING) {
      throw ApiQuery.refuse(
          "Expected a mapping of " + Trials.LARGEST_MAPPING + " characters at most");
    }
  }

  private Trial wrapped(String provider, Wrapped wrapped, boolean fetch) {
    var mapping = wrapped.mapping();
    checkLength(mapping);
    var given = wrapped.fetched() == null ? null : checked(bytes(wrapped.fetched()));
    if (fetch && given != null) {
      throw ApiQuery.refuse("Expected fetch=true or what is fetched, got both");
    }
    var answers = answers(fetch, given);
    if (wrapped.request() != null) {
      if (wrapped.body() != null || wrapped.base64() != null) {
        throw ApiQuery.refuse("Expected the id of a stored request or a body, got both");
      }
      return stored(provider, wrapped.request(), mapping, answers, given);
    }
    if ((wrapped.body() == null) == (wrapped.base64() == null)) {
      throw ApiQuery.refuse("Expected one of request, body and base64, such as " + EXAMPLE);
    }
    var headers = wrapped.headers() == null ? Map.<String, String>of() : wrapped.headers();
    checkHeaders(headers);
    return new Trial(
        Trial.NOT_STORED,
        provider,
        checked(wrapped.body() == null ? decoded(wrapped.base64()) : bytes(wrapped.body())),
        wrapped.contentType() == null ? "application/json" : wrapped.contentType(),
        wrapped.path() == null ? "" : wrapped.path(),
        headers,
        moment(wrapped.receivedAt()),
        answers,
        given,
        mapping);
  }

  private Trial stored(
      String provider,
      long id,
      @Nullable String mapping,
      Answers answers,
      byte @Nullable [] given) {
    var sent = sent(requests, id);
    if (!sent.provider().equals(provider)) {
      throw ApiQuery.refuse("Expected a request of this provider, got one of another");
    }
    return new Trial(
        id,
        provider,
        sent.body(),
        sent.contentType(),
        sent.path(),
        Trial.headersOf(sent.headers()),
        sent.receivedAt(),
        answers,
        given,
        mapping);
  }

  /** A stored request that is small enough to be tried. */
  static Sent sent(RequestReads requests, long id) {
    var request = requests.find(id).orElseThrow(() -> ApiQuery.missing("a request"));
    if (request.size() > Trials.LARGEST_BODY) {
      throw tooLarge();
    }
    return requests.bodies(List.of(id)).stream()
        .findFirst()
        .orElseThrow(() -> ApiQuery.missing("a request"));
  }

  private Tried tried(Trial trial) {
    return trials.tryOut(trial);
  }

  private static Answers answers(boolean fetch, byte @Nullable [] given) {
    return fetch ? Answers.FETCHED : given != null ? Answers.GIVEN : Answers.NONE;
  }

  private static byte[] bytes(HttpServletRequest call, int most) throws IOException {
    var body = call.getInputStream().readNBytes(most + 1);
    if (body.length > most) {
      throw tooLarge();
    }
    return body;
  }

  private static byte[] bytes(JsonNode body) {
    return (body.isTextual() ? body.textValue() : body.toString()).getBytes(UTF_8);
  }

  private static byte[] decoded(@Nullable String base64) {
    try {
      return Base64.getDecoder().decode(String.valueOf(base64));
    } catch (IllegalArgumentException e) {
      throw ApiQuery.refuse("Expected base64 to be Base64");
    }
  }

  static byte[] checked(byte[] body) {
    if (body.length > Trials.LARGEST_BODY) {
      throw tooLarge();
    }
    return body;
  }

  private static RuntimeException tooLarge() {
    return ApiQuery.refuse(
        HttpStatus.PAYLOAD_TOO_LARGE,
        "Expected a body of " + Trials.LARGEST_BODY + " bytes at most to try");
  }

  private static Map<String, String> headers(List<String> lines) {
    var headers = new LinkedHashMap<String, String>();
    for (var line : lines) {
      var colon = line.indexOf(':');
      if (colon < 1) {
        throw ApiQuery.refuse("Expected header as header=X-Event:value");
      }
      headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
    checkHeaders(headers);
    return headers;
  }

  static void checkHeaders(Map<String, String> headers) {
    if (headers.size() > Trial.MOST_HEADERS
        || headers.entrySet().stream()
            .anyMatch(header -> header.getKey().isBlank() || header.getValue() == null)) {
      throw ApiQuery.refuse(
          "Expected " + Trial.MOST_HEADERS + " headers at most, each with a name and a value");
    }
  }

  private static @Nullable Instant moment(@Nullable String text) {
    return text == null ? null : ApiQuery.instant("receivedAt", text);
  }

  /** Parameters of the address alone: asked for as usual, a form's fields would come along. */
  private static final class Query {

    private final Map<String, List<String>> values = new TreeMap<>();

    Query(@Nullable String text, Set<String> allowed) {
      for (var part : text == null || text.isEmpty() ? new String[0] : text.split("&")) {
        var equals = part.indexOf('=');
        var name = decode(equals < 0 ? part : part.substring(0, equals));
        var value = equals < 0 ? "" : decode(part.substring(equals + 1));
        if (!allowed.contains(name) || value.length() > LONGEST_VALUE) {
          throw ApiQuery.refuse(
              "Expected a query of "
                  + String.join(", ", new TreeSet<>(allowed))
                  + ", each of "
                  + LONGEST_VALUE
                  + " characters at most, got another one");
        }
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      }
    }

    private static String decode(String text) {
      try {
        return URLDecoder.decode(text, UTF_8);
      } catch (IllegalArgumentException e) {
        throw ApiQuery.refuse("Expected a query that is encoded as in addresses");
      }
    }

    Set<String> names() {
      return values.keySet();
    }

    List<String> all(String name) {
      return values.getOrDefault(name, List.of());
    }

    @Nullable String one(String name) {
      var all = all(name);
      if (all.size() > 1) {
        throw ApiQuery.refuse("Expected one value of " + name);
      }
      return all.isEmpty() ? null : all.get(0);
    }

    boolean isSet(String name) {
      var value = ApiQuery.oneOf(name, one(name), Set.of("true", "false"));
      return "true".equals(value);
    }
  }
}
