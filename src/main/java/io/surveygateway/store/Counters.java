package io.surveygateway.store;

import io.surveygateway.store.Counts.Change;
import io.surveygateway.store.Counts.Key;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Counts that are exact: written in the transaction of what they count, so that a crash or a repeat
 * of a commit leaves both or neither. Reading them scans nothing that grows.
 *
 * <p>Each change goes to a row of its minute and to a row of all since ever. Rows are kept for each
 * shard, and a gateway takes the next of {@value #SHARDS} shards at its start: gateways on one
 * store do not wait for each other's commits, and where two share a shard they do and still count
 * right.
 *
 * <p>Minutes are the writing gateway's own. Safe for use by many threads.
 */
public final class Counters {

  static final int SHARDS = 16;

  /** Points that one series has at most: two days of minutes, four months of hours. */
  static final int LONGEST_SERIES = 3000;

  /** Ends an insert of rows that may be there already. */
  static final String ADDING =
      "ON CONFLICT (span, name, lane, bucket, detail, shard) DO UPDATE SET added = counter.added +"
          + " excluded.added, taken = counter.taken + excluded.taken";

  private static final String ADD =
      "INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken) VALUES (?, ?, ?,"
          + " ?, ?, ?, ?, ?) ON CONFLICT (span, name, lane, bucket, detail, shard) DO UPDATE SET"
          + " added = counter.added + excluded.added, taken = counter.taken + excluded.taken";

  static final String TOTALS =
      "SELECT name, lane, detail, SUM(added), SUM(taken) FROM counter WHERE span = 'ever' GROUP BY"
          + " name, lane, detail";

  static final String LAST =
      "SELECT bucket FROM counter WHERE span = ? AND name = ? AND lane = ? AND added > 0 ORDER BY"
          + " bucket DESC LIMIT 1";

  /** Not MIN, for which PostgreSQL reads all that waits as long as it has no statistics. */
  static final String OLDEST_WAITING =
      "SELECT COALESCE(restarted_at, created_at) FROM delivery WHERE destination = ? AND "
          + Leases.OPEN
          + " ORDER BY COALESCE(restarted_at, created_at) LIMIT 1";

  /**
   * What was counted in one span of time.
   *
   * @param start of the span, which is as long as was asked for
   * @param lane the provider or destination
   * @param added how many came
   * @param taken how many of these, or of earlier ones, left again
   */
  public record Point(Instant start, String lane, String detail, long added, long taken) {}

  record Row(String span, long bucket, Key key, Change change) {}

  private final Store store;
  private final Clock clock;
  private final int shard;

  Counters(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.shard = nextShard(store);
  }

  /** SQLite has one writer at a time anyway. */
  private static int nextShard(Store store) {
    if (store.dialect() == Dialect.SQLITE) {
      return 0;
    }
    long taken =
        store.write(
            jdbc ->
                jdbc.queryForObject(
                    "UPDATE id_block SET next_id = next_id + 1 WHERE name = 'counter-shard'"
                        + " RETURNING next_id",
                    Long.class));
    return (int) (taken % SHARDS);
  }

  /**
   * Counts within a transaction: once, as its last statement. All transactions take these rows
   * last, and in one order, so that none waits for another that waits for it.
   *
   * @param jdbc of the {@link Store#write} that makes the change
   */
  public void add(JdbcTemplate jdbc, Counts counts) {
    write(jdbc, rows(counts), shard);
  }

  int shard() {
    return shard;
  }

  /** What counts add, in the order in which all write them. */
  List<Row> rows(Counts counts) {
    var minute = CounterSpan.MINUTE.bucketOf(clock.millis());
    var rows = new ArrayList<Row>(2 * counts.changes().size());
    counts.changes().forEach((key, change) -> rows.add(new Row(CounterSpan.EVER, 0, key, change)));
    counts
        .changes()
        .forEach(
            (key, change) -> rows.add(new Row(CounterSpan.MINUTE.text(), minute, key, change)));
    return rows;
  }

  /**
   * @param rows in the order in which all write them
   */
  static void write(JdbcTemplate jdbc, List<Row> rows, int shard) {
    if (rows.isEmpty()) {
      return;
    }
    jdbc.batchUpdate(
        ADD,
        rows,
        rows.size(),
        (values, row) -> {
          values.setString(1, row.span());
          values.setString(2, row.key().name());
          values.setString(3, row.key().lane());
          values.setLong(4, row.bucket());
          values.setString(5, row.key().detail());
          values.setInt(6, shard);
          values.setLong(7, row.change().added());
          values.setLong(8, row.change().taken());
        });
  }

  /**
   * All counts since ever: one query over a few hundred rows.
   *
   * @throws StoreUnavailableException if the store could not be reached or failed
   */
  public CounterTotals totals() {
    return store.read(
        jdbc -> {
          Map<Key, Change> values = new HashMap<>();
          jdbc.query(
              TOTALS,
              row -> {
                values.put(
                    new Key(row.getString(1), row.getString(2), row.getString(3)),
                    new Change(row.getLong(4), row.getLong(5)));
              });
          return new CounterTotals(values);
        });
  }

  /**
   * What was counted in each span of time, oldest first, then by lane and detail. Spans in which
   * nothing was counted are left out; older ones than {@code gateway.retention.counts} keeps at
   * this length are no more.
   *
   * @param lane the provider or destination, or null for all
   * @param from the first moment, and {@code to} the one after the last; widened to whole spans
   * @throws IllegalArgumentException if that would be more than {@value #LONGEST_SERIES} spans
   * @throws StoreUnavailableException if the store could not be reached or failed
   */
  public List<Point> series(
      Counter counter, @Nullable String lane, CounterSpan span, Instant from, Instant to) {
    return points(counter, lane == null ? null : List.of(lane), span, from, to);
  }

  /**
   * The same of some lanes: reads their rows of that time alone, along the key.
   *
   * @param lanes providers or destinations; none: nothing
   */
  public List<Point> seriesOf(
      Counter counter, Collection<String> lanes, CounterSpan span, Instant from, Instant to) {
    return lanes.isEmpty() ? List.of() : points(counter, lanes, span, from, to);
  }

  private List<Point> points(
      Counter counter,
      @Nullable Collection<String> lanes,
      CounterSpan span,
      Instant from,
      Instant to) {
    var length = span.length().toMillis();
    var first = span.bucketOf(from.toEpochMilli());
    var end = span.bucketOf(to.toEpochMilli() - 1) + length;
    if ((end - first) / length > LONGEST_SERIES) {
      throw new IllegalArgumentException(
          "Expected a series of at most "
              + LONGEST_SERIES
              + " points, got "
              + (end - first) / length
              + "; ask for a shorter time or a longer span than a "
              + span.text());
    }
    var parameters = new ArrayList<Object>(List.of(length, counter.text(), first, end));
    if (lanes != null) {
      parameters.addAll(lanes);
    }
    return store.read(
        jdbc ->
            jdbc.query(
                "SELECT start_at, lane, detail, SUM(added), SUM(taken) FROM (SELECT bucket - bucket"
                    + " % ? AS start_at, lane, detail, added, taken FROM counter WHERE span IN ("
                    + span.andFiner().stream()
                        .map(each -> "'" + each.text() + "'")
                        .collect(Collectors.joining(", "))
                    + ") AND name = ? AND bucket >= ? AND bucket < ?"
                    + (lanes == null
                        ? ""
                        : " AND lane IN (" + InboxStore.placeholders(lanes.size()) + ")")
                    + ") counted GROUP BY start_at, lane, detail ORDER BY start_at, lane, detail",
                (row, n) ->
                    new Point(
                        Instant.ofEpochMilli(row.getLong(1)),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5)),
                parameters.toArray()));
  }

  /**
   * When something was last counted, to the minute, or to the hour or the day where it is longer
   * ago; of each lane of which it ever was. One look at an index each.
   *
   * @throws StoreUnavailableException if the store could not be reached or failed
   */
  public Map<String, Instant> last(Counter counter, Collection<String> lanes) {
    return store.read(
        jdbc -> {
          Map<String, Instant> last = new HashMap<>();
          for (var lane : lanes) {
            for (var span : CounterSpan.values()) {
              jdbc.queryForList(LAST, Long.class, span.text(), counter.text(), lane)
                  .forEach(at -> last.merge(lane, Instant.ofEpochMilli(at), Counters::later));
            }
          }
          return last;
        });
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /**
   * Since when the delivery that has waited, or been retried, for longest does so, of each
   * destination that has one: since it was made, or since a person last sent it again. One look at
   * an index each.
   *
   * @throws StoreUnavailableException if the store could not be reached or failed
   */
  public Map<String, Instant> oldestWaiting(Collection<String> destinations) {
    return store.read(
        jdbc -> {
          Map<String, Instant> oldest = new HashMap<>();
          for (var destination : destinations) {
            jdbc.queryForList(OLDEST_WAITING, Long.class, destination)
                .forEach(at -> oldest.put(destination, Instant.ofEpochMilli(at)));
          }
          return oldest;
        });
  }
}
