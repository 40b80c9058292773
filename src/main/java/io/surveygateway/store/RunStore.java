package io.surveygateway.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The table of runs: prepared, started, stopped, read. Safe for use by many threads. */
public final class RunStore {

  /** Rows that a count looks at, at most, in stretches of so many. */
  static final int COUNTED = 500_000;

  private static final int STRETCH = 10_000;
  private static final int LONGEST_BY = 255;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private static final String COLUMNS =
      "SELECT id, action, state, asked_by, prepared_at, started_at, finished_at, filter,"
          + " destinations, matches, matches_more, done, changed, not_possible, position_at,"
          + " position_id, reason FROM operation WHERE ";

  /**
   * A run, and how far it has come.
   *
   * @param position of the last one that was looked at, or null before the first
   */
  record Progress(Run run, @Nullable Position position) {}

  private final Store store;
  private final Ids ids;
  private final Clock clock;

  RunStore(Store store, Ids ids, Clock clock) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
  }

  /** Counts what matches now, and keeps the run; nothing is changed before it is started. */
  public Run prepare(Run.Action action, Filter filter, List<String> destinations, String by) {
    var now = clock.instant();
    // What matches at this very moment is meant too.
    var bounded = filter.before(now.plusMillis(1));
    long matches = 0;
    Position at = null;
    var isMore = false;
    var walk = Walk.of(action.walkedAlong(), bounded, false);
    for (var looked = 0; ; looked += STRETCH) {
      if (looked >= COUNTED) {
        isMore = true;
        break;
      }
      var stretch = walk.next(store, at, STRETCH, STRETCH);
      matches += stretch.matches().size();
      at = stretch.reached();
      if (at == null) {
        break;
      }
    }
    var id = ids.next();
    var counted = matches;
    var more = isMore;
    store.write(
        jdbc ->
            jdbc.update(
                "INSERT INTO operation (id, action, state, asked_by, prepared_at, filter,"
                    + " destinations, matches, matches_more, not_possible) VALUES (?, ?, 'prepared',"
                    + " ?, ?, ?, ?, ?, ?, '{}')",
                id,
                action.text(),
                by.substring(0, Math.min(by.length(), LONGEST_BY)),
                now.toEpochMilli(),
                json(bounded),
                json(destinations),
                counted,
                more ? 1 : 0));
    return find(id).orElseThrow();
  }

  /**
   * Lets a run go on that is prepared or stopped.
   *
   * @return whether it was
   */
  public boolean start(long id) {
    return store.write(
            jdbc ->
                jdbc.update(
                    "UPDATE operation SET state = 'running', started_at = COALESCE(started_at, ?),"
                        + " finished_at = NULL, reason = NULL WHERE id = ? AND state IN"
                        + " ('prepared', 'stopped')",
                    clock.millis(),
                    id))
        == 1;
  }

  /**
   * Stops a run after the step under way.
   *
   * @param reason why, where nobody asked for it
   * @return whether it was running
   */
  public boolean stop(long id, @Nullable String reason) {
    return store.write(
            jdbc ->
                jdbc.update(
                    "UPDATE operation SET state = 'stopped', finished_at = ?, reason = ? WHERE id = ?"
                        + " AND state = 'running'",
                    clock.millis(),
                    reason,
                    id))
        == 1;
  }

  public Optional<Run> find(long id) {
    return progress(id).map(Progress::run);
  }

  /** Newest first. */
  public Page<Run> page(@Nullable Position after, int limit) {
    return Lists.page(
        store,
        Walk.Of.RUNS,
        Filter.ALL,
        after,
        limit,
        COLUMNS + "id IN (",
        (row, n) -> progress(row).run());
  }

  /** Those that run, the oldest first. */
  public List<Long> running() {
    return store.read(
        jdbc ->
            jdbc.queryForList(
                "SELECT id FROM operation WHERE state = 'running' ORDER BY id LIMIT 100",
                Long.class));
  }

  Optional<Progress> progress(long id) {
    return Lists.find(store, id, COLUMNS + "id IN (", (row, n) -> progress(row));
  }

  /** The same in a transaction, for which nobody else may change it. */
  Progress lock(JdbcTemplate jdbc, long id) {
    store.dialect().lockInOrder(jdbc, "operation", "id", List.of(id));
    return jdbc.query(COLUMNS + "id = ?", (row, n) -> progress(row), id).get(0);
  }

  /**
   * @param next how far it has come, or null where it is done
   */
  void advance(
      JdbcTemplate jdbc, Run run, int looked, List<Change> changes, @Nullable Position next) {
    var notPossible = new TreeMap<>(run.notPossible());
    long changed = 0;
    for (var change : changes) {
      if (change.isChanged()) {
        changed++;
      } else {
        notPossible.merge(change.verdict().text(), 1L, Long::sum);
      }
    }
    jdbc.update(
        "UPDATE operation SET state = ?, finished_at = ?, done = done + ?, changed = changed + ?,"
            + " not_possible = ?, position_at = COALESCE(?, position_at), position_id = COALESCE(?,"
            + " position_id) WHERE id = ?",
        next == null ? "done" : "running",
        next == null ? clock.millis() : null,
        looked,
        changed,
        json(notPossible),
        next == null ? null : next.at(),
        next == null ? null : next.id(),
        run.id());
  }

  private static Progress progress(ResultSet row) throws SQLException {
    try {
      var run =
          new Run(
              row.getLong("id"),
              Run.Action.of(row.getString("action")).orElseThrow(),
              Run.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
              row.getString("asked_by"),
              Lists.instant(row, "prepared_at"),
              Lists.instantOrNull(row, "started_at"),
              Lists.instantOrNull(row, "finished_at"),
              JSON.readValue(row.getString("filter"), Filter.class),
              JSON.readValue(row.getString("destinations"), new TypeReference<List<String>>() {}),
              row.getLong("matches"),
              row.getInt("matches_more") == 1,
              row.getLong("done"),
              row.getLong("changed"),
              JSON.readValue(
                  row.getString("not_possible"), new TypeReference<Map<String, Long>>() {}),
              row.getString("reason"));
      var at = row.getLong("position_at");
      return new Progress(run, row.wasNull() ? null : new Position(at, row.getLong("position_id")));
    } catch (JsonProcessingException e) {
      throw new SQLException("Run " + row.getLong("id") + " is not as it was written", e);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
