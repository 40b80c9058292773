package io.surveygateway.smartsurvey;

import io.surveygateway.store.Store;
import io.surveygateway.upkeep.GoesOnLaterException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Counts the calls to SmartSurvey's API over all gateways of a store, and knows when there may be
 * another one. Safe for use by many threads.
 */
@Component
final class SmartSurveyCalls {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
  private static final int MOST_DOUBLINGS = 9;

  private final Store store;
  private final SmartSurveyCallSettings settings;
  private final Clock clock;

  SmartSurveyCalls(Store store, SmartSurveyCallSettings settings, Clock clock) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Takes a call.
   *
   * @throws GoesOnLaterException if there is none for now
   */
  void take() {
    var now = clock.millis();
    var minuteAgo = now - MINUTE.toMillis();
    var dayAgo = now - DAY.toMillis();
    var taken =
        store.write(
            jdbc ->
                jdbc.update(
                    "UPDATE smartsurvey_calls SET minute_used = CASE WHEN minute_from <= ? THEN 1"
                        + " ELSE minute_used + 1 END, minute_from = CASE WHEN minute_from <= ? THEN"
                        + " ? ELSE minute_from END, day_used = CASE WHEN day_from <= ? THEN 1 ELSE"
                        + " day_used + 1 END, day_from = CASE WHEN day_from <= ? THEN ? ELSE"
                        + " day_from END WHERE id = 1 AND not_before <= ? AND (minute_from <= ? OR"
                        + " minute_used < ?) AND (day_from <= ? OR day_used < ?)",
                    minuteAgo,
                    minuteAgo,
                    now,
                    dayAgo,
                    dayAgo,
                    now,
                    now,
                    minuteAgo,
                    settings.perMinute(),
                    dayAgo,
                    settings.perDay()));
    if (taken == 0) {
      throw later(now);
    }
  }

  private GoesOnLaterException later(long now) {
    return store.read(
        jdbc ->
            jdbc.queryForObject(
                "SELECT not_before, minute_from, minute_used, day_from, day_used FROM"
                    + " smartsurvey_calls WHERE id = 1",
                (row, n) -> {
                  if (row.getLong(1) > now) {
                    return later("until SmartSurvey's API takes calls again, ", row.getLong(1));
                  }
                  var dayEnds = row.getLong(4) + DAY.toMillis();
                  return row.getInt(5) >= settings.perDay() && dayEnds > now
                      ? later("for the daily calls until ", dayEnds)
                      : later("for a call until ", row.getLong(2) + MINUTE.toMillis());
                }));
  }

  private static GoesOnLaterException later(String what, long until) {
    var date = Instant.ofEpochMilli(until);
    return new GoesOnLaterException("waiting " + what + date, date);
  }

  /** The last call was answered, and this one says that none are left until then; or null. */
  void answered(@Nullable Instant noneUntil) {
    store.write(
        jdbc ->
            jdbc.update(
                "UPDATE smartsurvey_calls SET refusals = 0, not_before = ? WHERE id = 1",
                noneUntil == null ? 0 : noneUntil.toEpochMilli()));
  }

  /**
   * The last call was too many: there is none for as long as it was told, and for longer each time
   * in a row.
   *
   * @param retryAfter what the answer said; null for nothing
   * @return for the caller to throw
   */
  GoesOnLaterException refused(@Nullable Duration retryAfter) {
    var now = clock.instant();
    var until =
        store.write(
            jdbc -> {
              jdbc.update("UPDATE smartsurvey_calls SET refusals = refusals + 1 WHERE id = 1");
              var refusals =
                  jdbc.queryForObject(
                      "SELECT refusals FROM smartsurvey_calls WHERE id = 1", Integer.class);
              var backoff =
                  FIRST_BACKOFF.multipliedBy(1L << Math.min(refusals - 1, MOST_DOUBLINGS));
              var wait =
                  retryAfter != null && retryAfter.compareTo(backoff) > 0 ? retryAfter : backoff;
              var date = now.plus(wait);
              jdbc.update(
                  "UPDATE smartsurvey_calls SET not_before = ? WHERE id = 1", date.toEpochMilli());
              return date;
            });
    return later("until SmartSurvey's API takes calls again, ", until.toEpochMilli());
  }
}
