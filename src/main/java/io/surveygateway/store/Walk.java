package io.surveygateway.store;

import io.surveygateway.store.StepResult.NewEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Goes along a table by time, a bounded stretch at a time, and tells which of its rows match a
 * filter.
 *
 * <p>A stretch is read along an index; the filter is asked of its rows one by one. So no filter,
 * and no table, makes a step long. Never changes.
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
   * @param matches of the stretch, in its order
   * @param reached where the stretch ended; null where the list did
   * @param looked how many rows were
   */
  record Stretch(List<Position> matches, @Nullable Position reached, int looked) {}

  private final String table;
  private final String time;
  private final String id;
  private final List<String> walked = new ArrayList<>();
  private final List<Object> walkedValues = new ArrayList<>();
  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();
  private final String joins;
  private final boolean newestFirst;

  private Walk(String table, String time, String id, String joins, boolean newestFirst) {
    this.table = table;
    this.time = time;
    this.id = id;
    this.joins = joins;
    this.newestFirst = newestFirst;
  }

  static Walk of(Of what, Filter filter, boolean newestFirst) {
    return switch (what) {
      case DELIVERIES -> deliveries(filter, newestFirst);
      case EVENTS -> events(filter, newestFirst);
      case REQUESTS -> requests(filter, newestFirst);
      case REFUSALS ->
          new Walk(
                  "refusal", "refused_at", "id", " LEFT JOIN refusal r ON r.id = w.id", newestFirst)
              .between(filter)
              .where("r.provider = ?", filter.provider());
      case AUDIT -> new Walk("audit", "at", "id", "", newestFirst).between(filter);
      case API_TOKENS -> new Walk("api_token", "made_at", "id", "", newestFirst).between(filter);
      case SET_ASIDE ->
          new Walk(
                  "set_aside",
                  "created_at",
                  "id",
                  " LEFT JOIN set_aside s ON s.id = w.id",
                  newestFirst)
              .between(filter)
              .where("s.provider = ?", filter.provider());
      case RUNS -> new Walk("operation", "prepared_at", "id", "", newestFirst).between(filter);
    };
  }

  private static Walk deliveries(Filter filter, boolean newestFirst) {
    var walk =
        new Walk(
                "delivery",
                "created_at",
                "id",
                " LEFT JOIN delivery d ON d.id = w.id LEFT JOIN event e ON e.id = d.event_id",
                newestFirst)
            .between(filter)
            .where("d.destination = ?", filter.destination())
            .where("d.failure_kind = ?", filter.failureKind())
            .where("d.reason = ?", filter.reason())
            .where("e.provider = ?", filter.provider())
            .where("e.survey_id = ?", filter.survey())
            .where("e.type = ?", filter.type())
            .where("d.subject = ?", filter.subject());
    // Written out, so that the databases see the index of parked ones.
    return filter.states().equals(Set.of("parked"))
        ? walk.walking("t.state = 'parked'")
        : walk.states("d.state", filter);
  }

  private static Walk events(Filter filter, boolean newestFirst) {
    var walk =
        new Walk("event", "created_at", "id", " LEFT JOIN event e ON e.id = w.id", newestFirst)
            .between(filter);
    // Each has an index; the one that most likely leaves the fewest is walked along, and the others
    // are asked of its rows.
    var values = new LinkedHashMap<String, @Nullable String>();
    values.put("subject", filter.subject());
    values.put("email", filter.email() == null ? null : searched(filter.email()));
    values.put("survey_id", filter.survey());
    values.put("type", filter.type());
    values.put("provider", filter.provider());
    var walked = values.keySet().stream().filter(name -> values.get(name) != null).findFirst();
    values.forEach(
        (name, value) -> {
          if (value != null && walked.orElseThrow().equals(name)) {
            walk.walking("t." + name + " = ?", value);
          } else {
            walk.where("e." + name + " = ?", value);
          }
        });
    if (!filter.states().isEmpty()) {
      walk.states(
          "EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = w.id AND d.state", ")", filter);
    }
    return walk;
  }

  /** What is in no row where no row could have it. */
  private static String searched(String email) {
    var searchable = NewEvent.searchable(email);
    return searchable == null ? "" : searchable;
  }

  private static Walk requests(Filter filter, boolean newestFirst) {
    // Not for a run: one that is parked again meanwhile would turn up again, for ever.
    var isParked = newestFirst && filter.states().equals(Set.of("parked"));
    var joins = " LEFT JOIN inbox i ON i.request_id = w.id LEFT JOIN request r ON r.id = w.id";
    var walk =
        isParked
            ? new Walk("inbox", "finished_at", "request_id", joins, newestFirst)
                .walking("t.state = 'parked'")
                .where("r.received_at >= ?", millis(filter.from()))
                .where("r.received_at < ?", millis(filter.to()))
            : new Walk("request", "received_at", "id", joins, newestFirst)
                .between(filter)
                .states("i.state", filter);
    walk.where("i.provider = ?", filter.provider())
        .where("i.failure_kind = ?", filter.failureKind())
        .where("i.reason = ?", filter.reason());
    if (filter.survey() != null) {
      walk.where(
          "EXISTS (SELECT 1 FROM event e WHERE e.request_id = w.id AND e.survey_id = ?)",
          filter.survey());
    }
    if (filter.type() != null) {
      walk.where(
          "EXISTS (SELECT 1 FROM event e WHERE e.request_id = w.id AND e.type = ?)", filter.type());
    }
    return walk;
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

  private Walk states(String column, Filter filter) {
    return states(column, "", filter);
  }

  private Walk states(String column, String end, Filter filter) {
    if (!filter.states().isEmpty()) {
      conditions.add(
          column + " IN (" + InboxStore.placeholders(filter.states().size()) + ")" + end);
      values.addAll(filter.states());
    }
    return this;
  }

  private Walk where(String condition, @Nullable Object value) {
    if (value != null) {
      conditions.add(condition);
      values.add(value);
    }
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
    var walk = events(filter, true);
    walk.conditions.add(
        patterns.stream()
            .map(pattern -> "e.document" + isLike)
            .collect(Collectors.joining(" OR ", "(", ")")));
    walk.values.addAll(patterns);
    return walk;
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
    var order = newestFirst ? " DESC" : "";
    return "SELECT w.at, w.id, "
        + (conditions.isEmpty()
            ? "1"
            : conditions.stream()
                .collect(Collectors.joining(" AND ", "CASE WHEN ", " THEN 1 ELSE 0 END")))
        + " FROM (SELECT t.%1$s AS at, t.%2$s AS id FROM %3$s t%4$s ORDER BY t.%1$s%5$s, t.%2$s%5$s"
            .formatted(
                time,
                id,
                table,
                where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where),
                order)
        + " LIMIT ?) w"
        + (conditions.isEmpty() ? "" : joins)
        + " ORDER BY w.at"
        + order
        + ", w.id"
        + order;
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

  /**
   * @param rows that are looked at, at most
   * @param limit of matches
   */
  Stretch next(Store store, @Nullable Position after, int rows, int limit) {
    record Looked(Position position, boolean isMatch) {}
    var looked =
        store.read(
            jdbc ->
                jdbc.query(
                    sql(after),
                    (row, n) ->
                        new Looked(
                            new Position(row.getLong(1), row.getLong(2)), row.getInt(3) == 1),
                    parameters(after, rows).toArray()));
    var matches = new ArrayList<Position>();
    for (var i = 0; i < looked.size(); i++) {
      if (looked.get(i).isMatch) {
        matches.add(looked.get(i).position);
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
}
