package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.store.Filter;
import io.surveygateway.store.Position;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a page was asked for: filters from its address or from a form.
 *
 * <p>As strict as {@link ApiQuery}, save that an empty field is none: a form sends all that it has.
 */
final class PageQuery {

  /** Rows of a page. */
  static final int LIMIT = 50;

  /** Stands for two states in one choice. */
  static final String OPEN = "open";

  private static final int LONGEST = 1000;

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Set<String> states;

  /**
   * @param names of filters; others are refused, save those that belong to the form itself
   * @param states that filter state may have
   */
  PageQuery(HttpServletRequest request, List<String> names, Set<String> states) {
    this.states = states;
    for (var name : request.getParameterMap().keySet()) {
      if (!names.contains(name) && !OF_THE_FORM.contains(name)) {
        throw ApiQuery.refuse(
            "Expected an address with " + String.join(", ", names) + ", got another parameter");
      }
    }
    for (var name : names) {
      var all = request.getParameterValues(name);
      if (all == null) {
        continue;
      }
      var value = all[0].strip();
      if (all.length > 1 || value.length() > LONGEST) {
        throw ApiQuery.refuse(
            "Expected one value of " + name + ", of " + LONGEST + " characters at most");
      }
      if (!value.isEmpty()) {
        values.put(name, value);
      }
    }
    after = request.getParameter("after");
  }

  private static final Set<String> OF_THE_FORM = Set.of("after", "_csrf", "id", "action", "range");

  private final @Nullable String after;

  @Nullable String value(String name) {
    return values.get(name);
  }

  /** Filters that are set, by name; for templates, which show them again. */
  Map<String, String> values() {
    return Map.copyOf(values);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  Filter filter() {
    return filter(values.get("response"));
  }

  /**
   * @param subject the response that is meant
   */
  Filter filter(@Nullable String subject) {
    var filter =
        new Filter(
            value("provider"),
            value("survey"),
            value("destination"),
            statesMeant(),
            ApiQuery.oneOf("failureKind", value("failureKind"), ApiQuery.FAILURE_KINDS),
            value("type"),
            subject,
            instant("from"),
            instant("to"),
            value("reason"),
            value("email"));
    ApiQuery.checkRange(filter.from(), filter.to());
    return filter;
  }

  private Set<String> statesMeant() {
    var state = value("state");
    if (state == null) {
      return Set.of();
    }
    if (state.equals(OPEN)) {
      return Set.of("waiting", "retrying");
    }
    ApiQuery.oneOf("state", state, states);
    return Set.of(state);
  }

  /** As the API has it, or as a field of a form has it, to the minute and in UTC. */
  private @Nullable Instant instant(String name) {
    var text = value(name);
    if (text == null) {
      return null;
    }
    return ApiQuery.instant(
        name, text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d") ? text + ":00Z" : text);
  }

  @Nullable Position after() {
    return after == null
        ? null
        : Position.parse(after)
            .orElseThrow(() -> ApiQuery.refuse("Expected after to be as a page's own link has it"));
  }

  /** The same filters at another place of the list. */
  String link(String path, @Nullable Position next) {
    return next == null ? "" : path + "?" + query("after", next.text());
  }

  /** The same filters, one of them changed. */
  String with(String path, String name, @Nullable String value) {
    var query = query(name, value);
    return query.isEmpty() ? path : path + "?" + query;
  }

  /** Filters and one more, as an address holds them. */
  private String query(String name, @Nullable String value) {
    var all = new LinkedHashMap<>(values);
    all.remove(name);
    if (value != null) {
      all.put(name, value);
    }
    return all.entrySet().stream()
        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }
}
