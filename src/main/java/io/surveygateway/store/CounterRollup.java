package io.surveygateway.store;

import io.surveygateway.store.Counters.Row;
import io.surveygateway.store.Counts.Change;
import io.surveygateway.store.Counts.Key;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Makes hours of minutes and days of hours, and lets days leave, by time and in small steps.
 *
 * <p>Moves rows: a count stands in one row of a minute, an hour or a day at any time, so that one
 * that comes late to a minute that is long an hour is moved by the next run. What is counted since
 * ever stays as it is. Rows that someone holds are passed over: several gateways may do it at once.
 */
final class CounterRollup {

  private record Lane(String name, String lane) {}

  private record Moving(long bucket, String detail, int shard, Change change) {}

  private final Store store;
  private final Clock clock;
  private final RetentionProperties properties;
  private final Breath breath;

  CounterRollup(Store store, Clock clock, RetentionProperties properties, Breath breath) {
    this.store = store;
    this.clock = clock;
    this.properties = properties;
    this.breath = breath;
  }

  /**
   * Moves all that is old enough by now.
   *
   * @throws StoreUnavailableException if the store failed in between; the next run goes on
   */
  void run() {
    var lanes =
        store.read(
            jdbc ->
                jdbc.query(
                    "SELECT DISTINCT name, lane FROM counter WHERE span = '"
                        + CounterSpan.EVER
                        + "'",
                    (row, n) -> new Lane(row.getString(1), row.getString(2))));
    for (var span : CounterSpan.values()) {
      var cutoff = cutoff(span);
      for (var lane : lanes) {
        moveAll(span, lane, cutoff);
      }
    }
  }

  /** Whole hours and days move at once, or the oldest minutes of a series would be a part. */
  private long cutoff(CounterSpan span) {
    var oldest = clock.instant().minus(kept(span)).toEpochMilli();
    return span.coarser().map(coarser -> coarser.bucketOf(oldest)).orElse(oldest);
  }

  private Duration kept(CounterSpan span) {
    return switch (span) {
      case MINUTE -> properties.counts().byMinute();
      case HOUR -> properties.counts().byHour();
      case DAY -> properties.counts().byDay();
    };
  }

  private void moveAll(CounterSpan span, Lane lane, long cutoff) {
    while (breath.goesOn()) {
      int moved = store.write(jdbc -> move(jdbc, span, lane, cutoff));
      if (moved > 0) {
        breath.take();
      }
      if (moved < properties.step()) {
        return;
      }
    }
  }

  private int move(JdbcTemplate jdbc, CounterSpan span, Lane lane, long cutoff) {
    var rows =
        jdbc.query(
            "SELECT bucket, detail, shard, added, taken FROM counter WHERE span = ? AND name = ?"
                + " AND lane = ? AND bucket < ? ORDER BY bucket, detail, shard LIMIT ?"
                + store.dialect().claimSuffix(),
            (row, n) ->
                new Moving(
                    row.getLong(1),
                    row.getString(2),
                    row.getInt(3),
                    new Change(row.getLong(4), row.getLong(5))),
            span.text(),
            lane.name,
            lane.lane,
            cutoff,
            properties.step());
    if (rows.isEmpty()) {
      return 0;
    }
    delete(jdbc, span, lane, rows);
    span.coarser().ifPresent(coarser -> Counters.write(jdbc, summed(coarser, lane, rows), 0));
    return rows.size();
  }

  private static void delete(JdbcTemplate jdbc, CounterSpan span, Lane lane, List<Moving> moving) {
    jdbc.batchUpdate(
        "DELETE FROM counter WHERE span = ? AND name = ? AND lane = ? AND bucket = ? AND detail = ?"
            + " AND shard = ?",
        moving,
        moving.size(),
        (values, row) -> {
          values.setString(1, span.text());
          values.setString(2, lane.name);
          values.setString(3, lane.lane);
          values.setLong(4, row.bucket);
          values.setString(5, row.detail);
          values.setInt(6, row.shard);
        });
  }

  /** By bucket, then detail: the order in which every gateway writes them. */
  private static List<Row> summed(CounterSpan coarser, Lane lane, List<Moving> moving) {
    Map<Long, Map<String, Change>> sums = new TreeMap<>();
    for (var row : moving) {
      sums.computeIfAbsent(coarser.bucketOf(row.bucket), bucket -> new TreeMap<>())
          .merge(row.detail, row.change, Change::plus);
    }
    return sums.entrySet().stream()
        .flatMap(
            bucket ->
                bucket.getValue().entrySet().stream()
                    .map(
                        detail ->
                            new Row(
                                coarser.text(),
                                bucket.getKey(),
                                new Key(lane.name, lane.lane, detail.getKey()),
                                detail.getValue())))
        .toList();
  }
}
