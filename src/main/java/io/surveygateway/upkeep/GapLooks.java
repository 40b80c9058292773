package io.surveygateway.upkeep;

import io.surveygateway.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * How far providers' surveys have been compared with what arrived, and what arrived. Safe for use
 * by many threads.
 */
@Component
public final class GapLooks {

  /** What proves a request of the gateway's own. */
  public static final String PROVED_BY = "gap-repair";

  private static final Duration USUAL = Duration.ofDays(14);

  /** Fewer events are too few to tell what is usual. */
  private static final int FEWEST = 10;

  /** So many times the usual pause between two events is silence. */
  private static final int LONG = 5;

  private static final Duration SHORTEST_SILENCE = Duration.ofHours(1);

  private static final String HOW_FAR = "seen_until, is_whole, listed_since, listed_at, next_page";

  private final Store store;
  private final Clock clock;

  public GapLooks(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * How far a survey has been looked at.
   *
   * @param until all that was modified before was looked at; null for never
   * @param isWhole whether the look came to its end
   */
  public record Seen(@Nullable Instant until, boolean isWhole) {}

  /**
   * Where a look goes on that goes by pages and ended on its way.
   *
   * @param since what it lists
   * @param begunAt when its first page was asked for
   * @param next page, from 1
   */
  public record Pages(Instant since, Instant begunAt, int next) {}

  /**
   * What came out of the last look at a survey.
   *
   * @param until all that was modified before was looked at; null where that is not known
   * @param listed responses that were compared
   * @param missing of them, those that had not arrived
   * @param imported of these, those that were taken in
   * @param silentSince when the provider last sent an event of a survey that usually talks; or null
   */
  public record Look(
      String survey,
      Instant at,
      @Nullable Instant until,
      int listed,
      int missing,
      int imported,
      @Nullable Instant silentSince) {

    /** In one line, for a person. */
    public String words() {
      return (until == null ? "compared" : "compared until " + until)
          + ", "
          + imported
          + " of "
          + listed
          + " responses recovered"
          + (silentSince == null ? "" : "; silent since " + silentSince + ", which is long for it");
    }
  }

  public Seen seen(String provider, String survey) {
    return row(
        provider,
        survey,
        row -> new Seen(date(row.getLong(1)), row.getInt(2) == 1),
        new Seen(null, true));
  }

  /** Where the last look goes on, or null where it came to its end. */
  public @Nullable Pages pages(String provider, String survey) {
    return row(
        provider,
        survey,
        row ->
            row.getInt(5) <= 1
                ? null
                : new Pages(
                    Instant.ofEpochMilli(row.getLong(3)),
                    Instant.ofEpochMilli(row.getLong(4)),
                    row.getInt(5)),
        null);
  }

  /** Whether the last look at a survey came to its end. */
  boolean isWhole(String provider, String survey) {
    return seen(provider, survey).isWhole() && pages(provider, survey) == null;
  }

  private interface Reading<T> {
    @Nullable T of(ResultSet row) throws SQLException;
  }

  private <T> @Nullable T row(
      String provider, String survey, Reading<T> reading, @Nullable T otherwise) {
    return store.read(
        jdbc ->
            jdbc.query(
                "SELECT " + HOW_FAR + " FROM gap_look WHERE provider = ? AND survey_id = ?",
                (ResultSet row) -> row.next() ? reading.of(row) : otherwise,
                provider,
                survey));
  }

  /** All before this date was looked at. Never goes back. */
  public void seen(String provider, String survey, Instant until, boolean isWhole) {
    store.write(
        jdbc ->
            jdbc.update(
                "INSERT INTO gap_look (provider, survey_id, seen_until, is_whole) VALUES (?, ?, ?,"
                    + " ?) ON CONFLICT (provider, survey_id) DO UPDATE SET seen_until ="
                    + " excluded.seen_until, is_whole = excluded.is_whole, next_page = 1 WHERE"
                    + " excluded.seen_until >= gap_look.seen_until",
                provider,
                survey,
                until.toEpochMilli(),
                isWhole ? 1 : 0));
  }

  /** The pages before the next one were looked at. */
  public void seen(String provider, String survey, Pages pages) {
    store.write(
        jdbc ->
            jdbc.update(
                "INSERT INTO gap_look (provider, survey_id, listed_since, listed_at, next_page)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (provider, survey_id) DO UPDATE SET"
                    + " listed_since = excluded.listed_since, listed_at = excluded.listed_at,"
                    + " next_page = excluded.next_page",
                provider,
                survey,
                pages.since().toEpochMilli(),
                pages.begunAt().toEpochMilli(),
                pages.next()));
  }

  /** Keeps what came out of a look, for all gateways to show. */
  public void keep(String provider, Look look) {
    store.write(
        jdbc ->
            jdbc.update(
                "INSERT INTO gap_look (provider, survey_id, looked_at, looked_until, listed,"
                    + " missing, imported, silent_since) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON"
                    + " CONFLICT (provider, survey_id) DO UPDATE SET looked_at ="
                    + " excluded.looked_at, looked_until = excluded.looked_until, listed ="
                    + " excluded.listed, missing = excluded.missing, imported ="
                    + " excluded.imported, silent_since = excluded.silent_since",
                provider,
                look.survey(),
                look.at().toEpochMilli(),
                millis(look.until()),
                look.listed(),
                look.missing(),
                look.imported(),
                millis(look.silentSince())));
  }

  /** The last look at each survey, by any gateway of the store, in the order of their ids. */
  public List<Look> last(String provider) {
    return store.read(
        jdbc ->
            jdbc.query(
                "SELECT survey_id, looked_at, looked_until, listed, missing, imported,"
                    + " silent_since FROM gap_look WHERE provider = ? AND looked_at > 0 ORDER BY"
                    + " survey_id",
                (row, n) ->
                    new Look(
                        row.getString(1),
                        Instant.ofEpochMilli(row.getLong(2)),
                        date(row.getLong(3)),
                        row.getInt(4),
                        row.getInt(5),
                        row.getInt(6),
                        date(row.getLong(7))),
                provider));
  }

  /**
   * What has arrived of each response, thin events too: the newest time of each type.
   *
   * @param ids a page of them
   */
  public Map<String, Map<String, Instant>> events(String provider, Collection<String> ids) {
    var found = new HashMap<String, Map<String, Instant>>();
    if (ids.isEmpty()) {
      return found;
    }
    var prefix = provider + ":";
    store.read(
        jdbc -> {
          jdbc.query(
              "SELECT subject, type, MAX(event_time) FROM event WHERE subject IN ("
                  + String.join(", ", Collections.nCopies(ids.size(), "?"))
                  + ") GROUP BY subject, type",
              row -> {
                found
                    .computeIfAbsent(
                        row.getString(1).substring(prefix.length()), any -> new HashMap<>())
                    .put(row.getString(2), Instant.ofEpochMilli(row.getLong(3)));
              },
              ids.stream().map(prefix::concat).toArray());
          return null;
        });
    return found;
  }

  /**
   * Since when a survey that usually talks has been silent, by what the provider itself sent; null
   * where it is not, or talks too seldom to tell.
   */
  public @Nullable Instant silentSince(String provider, String survey) {
    record Talk(int events, long last) {}
    var now = clock.instant();
    var talk =
        store.read(
            jdbc ->
                jdbc.queryForObject(
                    "SELECT count(*), COALESCE(MAX(r.received_at), 0) FROM event e JOIN request r ON"
                        + " r.id = e.request_id WHERE e.provider = ? AND e.survey_id = ? AND"
                        + " e.created_at >= ? AND r.proved_by <> ?",
                    (row, n) -> new Talk(row.getInt(1), row.getLong(2)),
                    provider,
                    survey,
                    now.minus(USUAL).toEpochMilli(),
                    PROVED_BY));
    if (talk.events() < FEWEST) {
      return null;
    }
    var last = Instant.ofEpochMilli(talk.last());
    var pause = Duration.between(last, now);
    var isLong = pause.compareTo(USUAL.dividedBy(talk.events()).multipliedBy(LONG)) > 0;
    return isLong && pause.compareTo(SHORTEST_SILENCE) > 0 ? last : null;
  }

  private static long millis(@Nullable Instant date) {
    return date == null ? 0 : date.toEpochMilli();
  }

  private static @Nullable Instant date(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
