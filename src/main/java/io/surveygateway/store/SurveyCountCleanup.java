package io.surveygateway.store;

import java.time.Clock;
import java.time.Duration;

/**
 * Lets counts of surveys by the minute and by the quarter of an hour leave, by age and in small
 * steps. How many responses a survey ever had stays.
 *
 * <p>Rows that someone holds are passed over: several gateways may do it at once.
 */
final class SurveyCountCleanup {

  private static final String KEY = "span, provider, survey_id, bucket, shard";

  private final Store store;
  private final Clock clock;
  private final RetentionProperties properties;
  private final Breath breath;

  SurveyCountCleanup(Store store, Clock clock, RetentionProperties properties, Breath breath) {
    this.store = store;
    this.clock = clock;
    this.properties = properties;
    this.breath = breath;
  }

  /**
   * @throws StoreUnavailableException if the store failed in between; the next run goes on
   */
  void run() {
    remove(SurveyCounts.MINUTE, SurveyCounts.MINUTES);
    remove(SurveyCounts.QUARTER, properties.counts().byHour());
  }

  static String delete(Dialect dialect) {
    return "DELETE FROM survey_count WHERE ("
        + KEY
        + ") IN (SELECT "
        + KEY
        + " FROM survey_count WHERE span = ? AND bucket < ? LIMIT ?"
        + dialect.claimSuffix()
        + ")";
  }

  private void remove(String span, Duration kept) {
    var cutoff = clock.instant().minus(kept).toEpochMilli();
    while (breath.goesOn()) {
      int removed =
          store.write(
              jdbc -> jdbc.update(delete(store.dialect()), span, cutoff, properties.step()));
      if (removed < properties.step()) {
        return;
      }
      breath.take();
    }
  }
}
