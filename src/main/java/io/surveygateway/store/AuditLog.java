package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record of what people changed. Each entry is written before its change and ended after it.
 * Safe for use by many threads.
 */
public final class AuditLog {

  /**
   * A change that somebody asked for.
   *
   * @param action what was asked, such as {@code retry}
   * @param target what it was asked of, such as {@code delivery 12}
   * @param detail a filter or a reason, where there is one
   * @param endedAt null where the gateway died in between, or is still at it
   * @param changed how many rows; of a run that was prepared, how many match
   * @param note what came of it, for a person
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      long id,
      Instant at,
      String who,
      String action,
      String target,
      @Nullable String detail,
      @Nullable Instant endedAt,
      @Nullable Long changed,
      @Nullable String note) {}

  private static final int LONGEST_WORD = 63;
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_NOTE = 1000;
  private static final int LONGEST_DETAIL = 4000;

  private final Store store;
  private final Ids ids;
  private final Clock clock;

  AuditLog(Store store, Ids ids, Clock clock) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * @return the entry's id
   * @throws StoreUnavailableException if it could not be written: then nothing may be changed
   */
  public long begin(String who, String action, String target, @Nullable String detail) {
    var id = ids.next();
    store.write(
        jdbc ->
            jdbc.update(
                "INSERT INTO audit (id, at, who, action, target, detail) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                clock.millis(),
                cut(who, LONGEST_NAME),
                cut(action, LONGEST_WORD),
                cut(target, LONGEST_NAME),
                detail == null ? null : cut(detail, LONGEST_DETAIL)));
    return id;
  }

  public void end(long id, long changed, @Nullable String note) {
    store.write(
        jdbc ->
            jdbc.update(
                "UPDATE audit SET ended_at = ?, changed = ?, note = ? WHERE id = ?",
                clock.millis(),
                changed,
                note == null ? null : cut(note, LONGEST_NOTE),
                id));
  }

  /** Newest first. */
  public Page<Entry> page(@Nullable Position after, int limit) {
    return Lists.page(
        store,
        Walk.Of.AUDIT,
        Filter.ALL,
        after,
        limit,
        "SELECT id, at, who, action, target, detail, ended_at, changed, note FROM audit WHERE id IN (",
        (row, n) -> {
          var changed = row.getLong("changed");
          return new Entry(
              row.getLong("id"),
              Lists.instant(row, "at"),
              row.getString("who"),
              row.getString("action"),
              row.getString("target"),
              row.getString("detail"),
              Lists.instantOrNull(row, "ended_at"),
              row.getObject("ended_at") == null ? null : changed,
              row.getString("note"));
        });
  }

  /** What a person typed goes to a database and a page: no control characters. */
  private static String cut(String text, int longest) {
    var plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.substring(0, Math.min(plain.length(), longest));
  }
}
