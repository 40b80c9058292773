package io.surveygateway.surveymonkey;

import io.surveygateway.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What the store knows of SurveyMonkey's surveys and responses. Safe for use by many threads. */
@Component
final class SeenSurveys {

  private static final Duration USUAL = Duration.ofDays(14);

  /** Fewer events are too few to tell what is usual. */
  private static final int FEWEST = 10;

  /** So many times the usual pause between two events is silence. */
  private static final int LONG = 5;

  private static final Duration SHORTEST_SILENCE = Duration.ofHours(1);

  private final Store store;
  private final Clock clock;

  SeenSurveys(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * How far a survey has been looked at.
   *
   * @param isWhole whether the look came to its end
   */
  record Seen(Instant until, boolean isWhole) {}

  /** How far a survey has been looked at, or null for never. */
  @Nullable Seen seen(String survey) {
    return store.read(
        jdbc ->
            jdbc
                .query(
                    "SELECT seen_until, is_whole FROM surveymonkey_survey WHERE survey_id = ?",
                    (row, n) -> new Seen(Instant.ofEpochMilli(row.getLong(1)), row.getInt(2) == 1),
                    survey)
                .stream()
                .findFirst()
                .orElse(null));
  }

  /** Never goes back. */
  void seen(String survey, Instant until, boolean isWhole) {
    store.write(
        jdbc ->
            jdbc.update(
                "INSERT INTO surveymonkey_survey (survey_id, seen_until, is_whole) VALUES (?, ?, ?)"
                    + " ON CONFLICT (survey_id) DO UPDATE SET seen_until = excluded.seen_until,"
                    + " is_whole = excluded.is_whole WHERE excluded.seen_until >="
                    + " surveymonkey_survey.seen_until",
                survey,
                until.toEpochMilli(),
                isWhole ? 1 : 0));
  }

  /**
   * What has arrived of each response, thin events too: the newest time of each type.
   *
   * @param ids a page of them
   */
  Map<String, Map<String, Instant>> events(Collection<String> ids) {
    var found = new HashMap<String, Map<String, Instant>>();
    if (ids.isEmpty()) {
      return found;
    }
    var prefix = StoredCallBudget.PROVIDER + ":";
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
   * Since when a survey that usually talks has been silent, by what SurveyMonkey itself sent; null
   * where it is not, or talks too seldom to tell.
   */
  @Nullable Instant silentSince(String survey) {
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
                    Stream.of(
                            StoredCallBudget.PROVIDER,
                            survey,
                            now.minus(USUAL).toEpochMilli(),
                            GapRepair.PROVED_BY)
                        .toArray()));
    if (talk.events() < FEWEST) {
      return null;
    }
    var last = Instant.ofEpochMilli(talk.last());
    var pause = Duration.between(last, now);
    var isLong = pause.compareTo(USUAL.dividedBy(talk.events()).multipliedBy(LONG)) > 0;
    return isLong && pause.compareTo(SHORTEST_SILENCE) > 0 ? last : null;
  }
}
