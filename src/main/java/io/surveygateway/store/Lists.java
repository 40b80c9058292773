package io.surveygateway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** Pages of lists, and single rows of them: the same for all tables. */
final class Lists {

  /** Rows that one page looks at, at most, in stretches of so many. */
  private static final int STRETCH = 2000;

  private static final int STRETCHES = 50;

  /** Most pages are full long before: the first stretch is so many times the page, later longer. */
  private static final int WIDER = 4;

  /** No further stretch begins after so long: who looks gets what there is, and where to go on. */
  private static final Duration LONGEST = Duration.ofMillis(100);

  /**
   * What a stretch should take: the last one goes beyond the longest, by more where the database
   * has to fetch its rows from the disk.
   */
  private static final Duration EACH = Duration.ofMillis(20);

  private static final int LEAST = 50;

  private Lists() {}

  /**
   * Newest first.
   *
   * @param select up to its WHERE, without one; the first column is the id
   */
  static <T> Page<T> page(
      Store store,
      Walk.Of what,
      Filter filter,
      @Nullable Position after,
      int limit,
      String select,
      RowMapper<T> mapper) {
    return page(store, what, filter, after, limit, select, mapper, System::nanoTime);
  }

  /**
   * @param nanos as {@link System#nanoTime()} counts
   */
  static <T> Page<T> page(
      Store store,
      Walk.Of what,
      Filter filter,
      @Nullable Position after,
      int limit,
      String select,
      RowMapper<T> mapper,
      LongSupplier nanos) {
    var end = nanos.getAsLong() + LONGEST.toNanos();
    var open = Walk.ofOpen(what, filter);
    var few = open == null ? null : open.few(store, after, limit);
    if (few != null) {
      return new Page<>(rows(store, few.matches(), select, mapper), few.reached());
    }
    var walk = Walk.of(what, filter, true);
    var found = new ArrayList<Long>();
    var at = after;
    var rows = walk.isUnfiltered() ? limit + 1 : Math.min(STRETCH, WIDER * limit);
    var before = nanos.getAsLong();
    for (var i = 0; i < STRETCHES; i++) {
      var stretch = walk.next(store, at, rows, limit - found.size());
      found.addAll(stretch.matches());
      at = stretch.reached();
      var now = nanos.getAsLong();
      if (at == null || found.size() == limit || now - end >= 0) {
        break;
      }
      rows = next(rows, now - before);
      before = now;
    }
    return new Page<>(rows(store, found, select, mapper), at);
  }

  /** As many rows as take {@link #EACH}, by what the last ones took. */
  private static int next(int rows, long nanos) {
    var fitting = rows * EACH.toNanos() / Math.max(1, nanos);
    return (int) Math.max(LEAST, Math.min(fitting, Math.min(STRETCH, WIDER * rows)));
  }

  private static <T> List<T> rows(
      Store store, List<Long> found, String select, RowMapper<T> mapper) {
    if (found.isEmpty()) {
      return List.of();
    }
    Map<Long, T> rows = new HashMap<>();
    var ids = found.toArray();
    store.read(
        jdbc -> {
          jdbc.query(
              select + InboxStore.placeholders(ids.length) + ")",
              row -> {
                rows.put(row.getLong(1), mapper.mapRow(row, 0));
              },
              ids);
          return null;
        });
    // What left meanwhile is left out.
    return found.stream().map(rows::get).filter(Objects::nonNull).toList();
  }

  static <T> Optional<T> find(Store store, long id, String select, RowMapper<T> mapper) {
    return store.read(jdbc -> jdbc.query(select + "?)", mapper, id)).stream().findFirst();
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    var millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
