package io.surveygateway.store;

import io.surveygateway.store.StepResult.NewEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Goes along a table by time, a bounded stretch at a time, and tells which of its rows match a
 * filter.
 *
 * <p>A stretch is read along an index; the filter is asked of its rows one by one, of what these
 * hold before what others do. So no filter, and no table, makes a step long. Never changes.
 */
final class Walk {

  /** What is walked along. */
  enum Of {
    DELIVERIES,
    EVENTS,
    SET_ASIDE,
    REQUESTS,
    REFUSALS,
    RUNS,
    AUDIT,
    API_TOKENS
  }

  /**
   * @param matches ids of the rows of the stretch that match, in its order
   * @param reached where the stretch ended; null where the list did
   * @param looked how many rows were
   */
  record Stretch(List<Long> matches, @Nullable Position reached, int looked) {}

  /** States that few are in: an index holds those of each by time. */
  private static final Set<String> RARE_DELIVERIES =
      Set.of("cancelled", "parked", "skipped", "superseded");

  private static final Set<String> RARE_REQUESTS = Set.of("cancelled", "parked");

  private static final Set<String> OPEN = Set.of("retrying", "waiting");

  /** Rows that are read all at once, whatever their age, where there are no more. */
  static final int FEW = 1000;

  private final String table;
  private final String time;
  private final String id;
  private final String item;
  private final boolean newestFirst;
  private String order;
  private String at = "w.at";
  private final List<String> walked = new ArrayList<>();
  private final List<Object> walkedValues = new ArrayList<>();
  private final Set<String> read = new LinkedHashSet<>();
  private final List<String> joins = new ArrayList<>();
  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  /**
   * @param item column with the id of what is listed, where the rows are of something else
   */
  private Walk(String table, String time, String id, String item, boolean newestFirst) {
    this.table = table;
    this.time = time;
    this.id = id;
    this.item = item;
    this.newestFirst = newestFirst;
    this.order = "t.%1$s%3$s, t.%2$s%3$s".formatted(time, id, newestFirst ? " DESC" : "");
  }

  private Walk(String table, String time, boolean newestFirst) {
    this(table, time, "id", "id", newestFirst);
  }

  static Walk of(Of what, Filter filter, boolean newestFirst) {
    return switch (what) {
      case DELIVERIES -> deliveries(filter, newestFirst);
      case EVENTS -> events(filter, newestFirst);
      case REQUESTS -> requests(filter, newestFirst);
      case REFUSALS ->
          new Walk("refusal", "refused_at", newestFirst)
              .between(filter)
              .with("provider", filter.provider());
      case AUDIT -> new Walk("audit", "at", newestFirst).between(filter);
      case API_TOKENS -> new Walk("api_token", "made_at", newestFirst).between(filter);
      case SET_ASIDE ->
          new Walk("set_aside", "created_at", newestFirst)
              .between(filter)
              .with("provider", filter.provider());
      case RUNS -> new Walk("operation", "prepared_at", newestFirst).between(filter);
    };
  }

  /**
   * What waits or is retried, newest first, for {@link #few}: no index has these by time, which
   * every delivery and every request would enter and leave. Null where something else is meant.
   */
  static @Nullable Walk ofOpen(Of what, Filter filter) {
    if (filter.states().isEmpty() || !OPEN.containsAll(filter.states())) {
      return null;
    }
    return switch (what) {
      case DELIVERIES ->
          openDeliveries("id", filter)
              .where("w.at >= ?", millis(filter.from()))
              .where("w.at < ?", millis(filter.to()))
              .withFactsOfDeliveries(filter);
      case EVENTS ->
          filter.subject() == null && filter.email() == null
              ? openDeliveries("event_id", filter).withFactsOfTheirEvents(filter)
              : null;
      case REQUESTS -> openRequests(filter);
      default -> null;
    };
  }

  private static Walk openDeliveries(String item, Filter filter) {
    var walk = new Walk("delivery", "created_at", "id", item, true);
    walk.order = "t.destination, t.subject, t.event_time, t.id";
    walk.walking(SubjectOrder.openOfSubject("t"));
    if (filter.destination() != null) {
      walk.walking("t.destination = ?", filter.destination());
    }
    return walk.withStates(filter);
  }

  private static Walk openRequests(Filter filter) {
    var walk = new Walk("inbox", "due_at", "request_id", "request_id", true);
    walk.order = "t.provider, t.due_at, t.request_id";
    walk.at = "r.received_at";
    walk.walking("t." + Leases.OPEN);
    if (filter.provider() != null) {
      walk.walking("t.provider = ?", filter.provider());
    }
    return walk.withStates(filter)
        .join("request r ON r.id = w.id")
        .withFactsOfRequests(filter)
        .withEvents(filter);
  }

  private static Walk deliveries(Filter filter, boolean newestFirst) {
    var walk = new Walk("delivery", "created_at", newestFirst).between(filter);
    if (isOneOf(RARE_DELIVERIES, filter)) {
      walk.alongRare(RARE_DELIVERIES, filter);
    } else {
      walk.withStates(filter);
    }
    return walk.with("destination", filter.destination()).withFactsOfDeliveries(filter);
  }

  private Walk withFactsOfDeliveries(Filter filter) {
    with("failure_kind", filter.failureKind())
        .with("reason", filter.reason())
        .with("subject", filter.subject());
    if (filter.provider() != null || filter.survey() != null || filter.type() != null) {
      reading("event_id").join("event e ON e.id = w.event_id");
    }
    return where("e.provider = ?", filter.provider())
        .where("e.survey_id = ?", filter.survey())
        .where("e.type = ?", filter.type());
  }

  private static Walk events(Filter filter, boolean newestFirst) {
    // Each has an index; the one that most likely leaves the fewest is walked along, and the others
    // are asked of its rows.
    var values = new LinkedHashMap<String, @Nullable String>();
    values.put("subject", filter.subject());
    values.put("email", filter.email() == null ? null : searched(filter.email()));
    // Not for a run, which changes the states that it would walk along.
    if (newestFirst
        && isOneOf(RARE_DELIVERIES, filter)
        && values.values().stream().allMatch(Objects::isNull)) {
      return eventsOfRareDeliveries(filter);
    }
    values.put("survey_id", filter.survey());
    values.put("type", filter.type());
    values.put("provider", filter.provider());
    var walk = new Walk("event", "created_at", newestFirst).between(filter);
    var walked = values.keySet().stream().filter(name -> values.get(name) != null).findFirst();
    values.forEach(
        (name, value) -> {
          if (value != null && walked.orElseThrow().equals(name)) {
            walk.walking("t." + name + " = ?", value);
          } else {
            walk.with(name, value);
          }
        });
    if (!filter.states().isEmpty()) {
      walk.where(
          "EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = w.id AND d.state"
              + in(filter.states())
              + ")",
          filter.states());
    }
    return walk;
  }

  /**
   * Along the deliveries in that state, by when they were made, which is when their event was kept:
   * those of a replay are later.
   */
  private static Walk eventsOfRareDeliveries(Filter filter) {
    var walk =
        new Walk("delivery", "created_at", "id", "event_id", true)
            .alongRare(RARE_DELIVERIES, filter);
    if (filter.from() != null) {
      // No delivery is made before its event is kept.
      walk.walking("t.created_at >= ?", millis(filter.from()));
    }
    return walk.withFactsOfTheirEvents(filter);
  }

  /** An event of several deliveries that match is listed once, for the latest. */
  private Walk withFactsOfTheirEvents(Filter filter) {
    return join("event e ON e.id = w.item")
        .where(
            "NOT EXISTS (SELECT 1 FROM delivery o WHERE o.event_id = w.item AND o.id > w.id AND"
                + " o.state"
                + in(filter.states())
                + ")",
            filter.states())
        .where("e.created_at >= ?", millis(filter.from()))
        .where("e.created_at < ?", millis(filter.to()))
        .where("e.survey_id = ?", filter.survey())
        .where("e.type = ?", filter.type())
        .where("e.provider = ?", filter.provider());
  }

  /** What is in no row where no row could have it. */
  private static String searched(String email) {
    var searchable = NewEvent.searchable(email);
    return searchable == null ? "" : searchable;
  }

  private static Walk requests(Filter filter, boolean newestFirst) {
    // Not for a run: one that is parked again meanwhile would turn up again, for ever.
    return (newestFirst && isOneOf(RARE_REQUESTS, filter)
            ? rareRequests(filter)
            : allRequests(filter, newestFirst))
        .withEvents(filter);
  }

  private Walk withEvents(Filter filter) {
    var has = "EXISTS (SELECT 1 FROM event e WHERE e.request_id = w.id AND e.%s = ?)";
    return where(has.formatted("survey_id"), filter.survey())
        .where(has.formatted("type"), filter.type());
  }

  private static Walk rareRequests(Filter filter) {
    var walk =
        new Walk("inbox", "finished_at", "request_id", "request_id", true)
            .alongRare(RARE_REQUESTS, filter)
            .with("provider", filter.provider());
    if (filter.from() != null || filter.to() != null) {
      walk.join("request r ON r.id = w.id");
    }
    return walk.withFactsOfRequests(filter);
  }

  private Walk withFactsOfRequests(Filter filter) {
    return with("failure_kind", filter.failureKind())
        .with("reason", filter.reason())
        .where("r.received_at >= ?", millis(filter.from()))
        .where("r.received_at < ?", millis(filter.to()));
  }

  private static Walk allRequests(Filter filter, boolean newestFirst) {
    var walk = new Walk("request", "received_at", newestFirst).between(filter);
    if (filter.provider() != null) {
      walk.walking("t.provider = ?", filter.provider());
    }
    if (!filter.states().isEmpty() || filter.failureKind() != null || filter.reason() != null) {
      walk.join("inbox i ON i.request_id = w.id");
    }
    if (!filter.states().isEmpty()) {
      walk.where("i.state" + in(filter.states()), filter.states());
    }
    return walk.where("i.failure_kind = ?", filter.failureKind())
        .where("i.reason = ?", filter.reason());
  }

  private Walk between(Filter filter) {
    if (filter.from() != null) {
      walking("t." + time + " >= ?", millis(filter.from()));
    }
    if (filter.to() != null) {
      walking("t." + time + " < ?", millis(filter.to()));
    }
    return this;
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  private static boolean isOneOf(Set<String> rare, Filter filter) {
    return filter.states().size() == 1 && rare.containsAll(filter.states());
  }

  /** All of the rare ones are written out, so that the databases see their index. */
  private Walk alongRare(Set<String> rare, Filter filter) {
    return walking(
        rare.stream().sorted().collect(Collectors.joining("', '", "t.state IN ('", "')"))
            + " AND t.state = ?",
        filter.states().iterator().next());
  }

  private static String in(Collection<String> values) {
    return " IN (" + InboxStore.placeholders(values.size()) + ")";
  }

  /** Reads a column of the rows that are walked along, for conditions and joins. */
  private Walk reading(String column) {
    read.add(column);
    return this;
  }

  private Walk withStates(Filter filter) {
    return filter.states().isEmpty()
        ? this
        : reading("state").where("w.state" + in(filter.states()), filter.states());
  }

  private Walk with(String column, @Nullable Object value) {
    return value == null ? this : reading(column).where("w." + column + " = ?", value);
  }

  private Walk join(String table) {
    joins.add(" LEFT JOIN " + table);
    return this;
  }

  private Walk where(String condition, @Nullable Object value) {
    return value == null ? this : where(condition, List.of(value));
  }

  private Walk where(String condition, Collection<?> parameters) {
    conditions.add(condition);
    values.addAll(parameters);
    return this;
  }

  private Walk walking(String condition, Object... parameters) {
    walked.add(condition);
    walkedValues.addAll(List.of(parameters));
    return this;
  }

  /**
   * Events whose document is like any of these patterns, too.
   *
   * @param isLike of the {@link Dialect}
   */
  static Walk ofEventsLike(Filter filter, List<String> patterns, String isLike) {
    return events(filter, true)
        .join("event held ON held.id = w.item")
        .where(
            patterns.stream()
                .map(pattern -> "held.document" + isLike)
                .collect(Collectors.joining(" OR ", "(", ")")),
            patterns);
  }

  /** Whether each row matches, so that no more than a page needs to be read. */
  boolean isUnfiltered() {
    return conditions.isEmpty();
  }

  String sql(@Nullable Position after) {
    var where = new ArrayList<>(walked);
    if (after != null) {
      where.add("(t.%s, t.%s) %s (?, ?)".formatted(time, id, newestFirst ? "<" : ">"));
    }
    return "SELECT "
        + at
        + ", w.id, "
        + (conditions.isEmpty()
            ? "1"
            : conditions.stream()
                .collect(Collectors.joining(" AND ", "CASE WHEN ", " THEN 1 ELSE 0 END")))
        + ", w.item FROM (SELECT t.%s AS at, t.%s AS id, t.%s AS item".formatted(time, id, item)
        + read.stream().map(column -> ", t." + column).collect(Collectors.joining())
        + " FROM %s t%s ORDER BY %s LIMIT ?) w"
            .formatted(table, where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where), order)
        + String.join("", joins)
        + " ORDER BY %1$s%2$s, w.id%2$s".formatted(at, newestFirst ? " DESC" : "");
  }

  List<Object> parameters(@Nullable Position after, int rows) {
    var parameters = new ArrayList<>(values);
    parameters.addAll(walkedValues);
    if (after != null) {
      parameters.add(after.at());
      parameters.add(after.id());
    }
    parameters.add(rows);
    return parameters;
  }

  private record Looked(Position position, boolean isMatch, long item) {}

  private List<Looked> look(Store store, @Nullable Position after, int rows) {
    return store.read(
        jdbc ->
            jdbc.query(
                sql(after),
                (row, n) ->
                    new Looked(
                        new Position(row.getLong(1), row.getLong(2)),
                        row.getInt(3) == 1,
                        row.getLong(4)),
                parameters(after, rows).toArray()));
  }

  /**
   * @param rows that are looked at, at most
   * @param limit of matches
   */
  Stretch next(Store store, @Nullable Position after, int rows, int limit) {
    var looked = look(store, after, rows);
    var matches = new ArrayList<Long>();
    for (var i = 0; i < looked.size(); i++) {
      if (looked.get(i).isMatch) {
        matches.add(looked.get(i).item);
        if (matches.size() == limit && i < looked.size() - 1) {
          return new Stretch(matches, looked.get(i).position, i + 1);
        }
      }
    }
    return new Stretch(
        matches,
        looked.size() < rows ? null : looked.get(looked.size() - 1).position,
        looked.size());
  }

  /**
   * All of {@link #ofOpen}, from there on; null where more than {@link #FEW} are to be looked at.
   *
   * @param limit of matches
   */
  @Nullable Stretch few(Store store, @Nullable Position after, int limit) {
    var looked = look(store, null, FEW + 1);
    if (looked.size() > FEW) {
      return null;
    }
    var matches =
        looked.stream()
            .filter(row -> row.isMatch && (after == null || row.position.isBefore(after)))
            .toList();
    var page = matches.subList(0, Math.min(limit, matches.size()));
    return new Stretch(
        page.stream().map(Looked::item).toList(),
        matches.size() > limit ? page.get(limit - 1).position : null,
        looked.size());
  }
}
