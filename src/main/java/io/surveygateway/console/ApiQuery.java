package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.surveygateway.store.EventSearch;
import io.surveygateway.store.Filter;
import io.surveygateway.store.Page;
import io.surveygateway.store.Position;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * The query of a list: what it may hold, and what it means.
 *
 * <p>A parameter that is not known is refused: one that was misspelt would show too much.
 */
final class ApiQuery {

  static final Set<String> DELIVERY_STATES =
      Set.of("waiting", "retrying", "delivered", "parked", "skipped", "superseded", "cancelled");
  static final Set<String> REQUEST_STATES =
      Set.of("waiting", "retrying", "done", "parked", "cancelled");
  static final Set<String> FAILURE_KINDS = Set.of("transient", "rate_limited", "auth", "permanent");

  static final int USUAL_LIMIT = 50;
  static final int LARGEST_LIMIT = 500;
  static final int LONGEST_VALUE = 512;

  /**
   * @param next path and query of the next page; none: the list ends here. A page may be short, or
   *     empty, and have a next one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PageAnswer<T>(List<T> items, @Nullable String next) {}

  private final HttpServletRequest request;
  private final Set<String> states;

  /**
   * @param filters that may be used, beside after and limit
   * @param states that filter state may have
   */
  ApiQuery(HttpServletRequest request, Set<String> filters, Set<String> states) {
    this.request = request;
    this.states = states;
    var allowed = new TreeSet<>(filters);
    allowed.addAll(Set.of("after", "limit"));
    for (var name : request.getParameterMap().keySet()) {
      if (!allowed.contains(name)) {
        throw refuse(
            "Expected a query of " + String.join(", ", allowed) + ", got another parameter");
      }
    }
  }

  static ErrorResponseException refuse(String detail) {
    return refuse(HttpStatus.BAD_REQUEST, detail);
  }

  static ErrorResponseException refuse(HttpStatus status, String detail) {
    return new ErrorResponseException(
        status, ProblemDetail.forStatusAndDetail(status, detail), null);
  }

  /** An id in a path. */
  static long id(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw refuse("Expected a whole number as the id in the path");
    }
    return Long.parseLong(text);
  }

  static ErrorResponseException missing(String what) {
    return refuse(
        HttpStatus.NOT_FOUND,
        "Expected the id of " + what + " in the store, and there is none of that id (any more)");
  }

  /** A moment, or the beginning of a day in UTC. */
  static Instant instant(String name, String text) {
    try {
      var instant =
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : Instant.parse(text);
      if (instant.isBefore(Instant.EPOCH)
          || instant.isAfter(Instant.parse("9999-12-31T00:00:00Z"))) {
        throw new DateTimeException("out of range");
      }
      return instant;
    } catch (DateTimeException e) {
      throw refuse(
          "Expected "
              + name
              + " as a moment such as 2026-03-02T09:00:00Z, or a day such as 2026-03-02 (UTC)");
    }
  }

  static @Nullable String oneOf(String name, @Nullable String value, Set<String> allowed) {
    if (value != null && !allowed.contains(value)) {
      throw refuse(
          "Expected " + name + " to be one of " + String.join(", ", new TreeSet<>(allowed)));
    }
    return value;
  }

  static void checkRange(@Nullable Instant from, @Nullable Instant to) {
    if (from != null && to != null && !from.isBefore(to)) {
      throw refuse("Expected from before to");
    }
  }

  Filter filter() {
    var from = value("from");
    var to = value("to");
    var state = oneOf("state", value("state"), states);
    var filter =
        new Filter(
            value("provider"),
            value("survey"),
            value("destination"),
            state == null ? Set.of() : Set.of(state),
            oneOf("failureKind", value("failureKind"), FAILURE_KINDS),
            value("type"),
            value("subject"),
            from == null ? null : instant("from", from),
            to == null ? null : instant("to", to));
    checkRange(filter.from(), filter.to());
    return filter;
  }

  /** Of a list whose places are its own. */
  @Nullable String afterText() {
    return value("after");
  }

  /** What is looked for in events, or null. */
  @Nullable String text() {
    return text(value("text"));
  }

  static @Nullable String text(@Nullable String text) {
    var sought = text == null ? null : text.strip();
    if (sought != null
        && (sought.length() < EventSearch.SHORTEST || sought.length() > EventSearch.LONGEST)) {
      throw refuse(
          "Expected a text of "
              + EventSearch.SHORTEST
              + " to "
              + EventSearch.LONGEST
              + " characters to look for");
    }
    return sought;
  }

  @Nullable Position after() {
    var text = value("after");
    return text == null
        ? null
        : Position.parse(text)
            .orElseThrow(() -> refuse("Expected after to be as a link named next has it"));
  }

  int limit() {
    var text = value("limit");
    if (text == null) {
      return USUAL_LIMIT;
    }
    var limit = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > LARGEST_LIMIT) {
      throw refuse("Expected a limit from 1 to " + LARGEST_LIMIT);
    }
    return limit;
  }

  private @Nullable String value(String name) {
    var values = request.getParameterValues(name);
    if (values == null) {
      return null;
    }
    if (values.length > 1 || values[0].isEmpty() || values[0].length() > LONGEST_VALUE) {
      throw refuse("Expected one value of " + name + ", of 1 to " + LONGEST_VALUE + " characters");
    }
    return values[0];
  }

  <T> PageAnswer<T> answer(Page<T> page) {
    var next = page.next();
    return new PageAnswer<>(page.items(), next == null ? null : link(next.text()));
  }

  /** This query at another place of its list. */
  String link(String next) {
    var query =
        request.getParameterMap().keySet().stream()
            .filter(name -> !name.equals("after"))
            .sorted()
            .map(name -> name + "=" + URLEncoder.encode(request.getParameter(name), UTF_8))
            .collect(Collectors.joining("&"));
    return request.getRequestURI()
        + "?"
        + (query.isEmpty() ? "" : query + "&")
        + "after="
        + URLEncoder.encode(next, UTF_8);
  }
}
