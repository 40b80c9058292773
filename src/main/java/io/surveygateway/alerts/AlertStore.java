package io.surveygateway.alerts;

import io.surveygateway.store.Ids;
import io.surveygateway.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What is amiss and what is still to be told, over restarts and for all gateways of a store.
 *
 * <p>Both tables are small: a row for each thing that is amiss, and {@value #MOST_NOTICES} notices
 * of a channel at most. Safe for use by many threads; {@link #change} is for one gateway at a time.
 */
final class AlertStore {

  /**
   * Beyond that the oldest are forgotten: a channel has been away for long, and the log has all.
   */
  static final int MOST_NOTICES = 50;

  private final Store store;
  private final Ids ids;

  AlertStore(Store store, Ids ids) {
    this.store = store;
    this.ids = ids;
  }

  /**
   * What one channel is to tell, all at once.
   *
   * @param attempts so far
   * @param dueAt when it may be tried
   */
  record Notice(long id, List<AlertChange> changes, int attempts, Instant dueAt) {}

  List<Alert> all() {
    return store.read(AlertStore::read);
  }

  private static List<Alert> read(JdbcTemplate jdbc) {
    return jdbc.query(
        "SELECT kind, about, since, raised_at, said_at, over_since, text FROM alert ORDER BY kind,"
            + " about",
        (row, n) ->
            new Alert(
                AlertKind.of(row.getString(1)),
                row.getString(2),
                Instant.ofEpochMilli(row.getLong(3)),
                date(row.getLong(4)),
                date(row.getLong(5)),
                date(row.getLong(6)),
                row.getString(7)));
  }

  /**
   * Keeps what is amiss now and what is to be told of it, in one transaction.
   *
   * @param before as {@link #all} gave it: what did not change is not written
   * @param channels that each tell the changes
   */
  void change(List<Alert> before, AlertBook.Next next, Collection<String> channels, Instant now) {
    var gone = new HashSet<>(before);
    next.alerts().forEach(gone::remove);
    var changed = new HashSet<>(next.alerts());
    before.forEach(changed::remove);
    if (gone.isEmpty() && changed.isEmpty()) {
      return;
    }
    var noticeIds = channels.stream().map(channel -> ids.next()).toList();
    var told = next.changes().isEmpty() ? null : AlertJson.of(next.changes()).toString();
    store.write(
        jdbc -> {
          for (var alert : gone) {
            jdbc.update(
                "DELETE FROM alert WHERE kind = ? AND about = ?",
                alert.kind().text(),
                alert.about());
          }
          changed.forEach(alert -> insert(jdbc, alert));
          if (told != null) {
            var id = noticeIds.iterator();
            channels.forEach(channel -> insertNotice(jdbc, id.next(), channel, told, now));
          }
          return null;
        });
  }

  private static void insert(JdbcTemplate jdbc, Alert alert) {
    jdbc.update(
        "INSERT INTO alert (kind, about, since, raised_at, said_at, over_since, text) VALUES (?, ?,"
            + " ?, ?, ?, ?, ?)",
        alert.kind().text(),
        alert.about(),
        alert.since().toEpochMilli(),
        millis(alert.raisedAt()),
        millis(alert.saidAt()),
        millis(alert.overSince()),
        alert.text());
  }

  private static void insertNotice(
      JdbcTemplate jdbc, long id, String channel, String changes, Instant now) {
    var waiting =
        jdbc.queryForList(
            "SELECT id FROM alert_notice WHERE channel = ? ORDER BY id", Long.class, channel);
    for (var i = 0; i <= waiting.size() - MOST_NOTICES; i++) {
      jdbc.update("DELETE FROM alert_notice WHERE id = ?", waiting.get(i));
    }
    jdbc.update(
        "INSERT INTO alert_notice (id, channel, made_at, changes, due_at) VALUES (?, ?, ?, ?, ?)",
        id,
        channel,
        now.toEpochMilli(),
        changes,
        now.toEpochMilli());
  }

  /** The oldest that a channel has still to tell. */
  Optional<Notice> next(String channel) {
    return store.read(
        jdbc ->
            jdbc
                .query(
                    "SELECT id, changes, attempts, due_at FROM alert_notice WHERE channel = ? ORDER"
                        + " BY id LIMIT 1",
                    (row, n) -> notice(row),
                    channel)
                .stream()
                .findFirst());
  }

  private static Notice notice(ResultSet row) throws SQLException {
    return new Notice(
        row.getLong(1),
        AlertJson.read(row.getString(2)),
        row.getInt(3),
        Instant.ofEpochMilli(row.getLong(4)));
  }

  /** It was told, or given up. */
  void remove(Notice notice) {
    store.write(jdbc -> jdbc.update("DELETE FROM alert_notice WHERE id = ?", notice.id()));
  }

  void retry(Notice notice, Instant at) {
    store.write(
        jdbc ->
            jdbc.update(
                "UPDATE alert_notice SET attempts = attempts + 1, due_at = ? WHERE id = ?",
                at.toEpochMilli(),
                notice.id()));
  }

  /** A channel that is off tells nothing, also not when it is on again. */
  void forget(String channel) {
    if (next(channel).isPresent()) {
      store.write(jdbc -> jdbc.update("DELETE FROM alert_notice WHERE channel = ?", channel));
    }
  }

  private static long millis(@Nullable Instant date) {
    return date == null ? 0 : date.toEpochMilli();
  }

  private static @Nullable Instant date(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
