package io.surveygateway.trial;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a trial may cost.
 *
 * @param longest that one request may take
 * @param longestDiff that a comparison of many may take; it says what it has seen by then
 */
@ConfigurationProperties("gateway.trials")
record TrialSettings(
    @DefaultValue("10s") Duration longest, @DefaultValue("30s") Duration longestDiff) {

  TrialSettings {
    for (var limit : new Duration[] {longest, longestDiff}) {
      if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofMinutes(10)) > 0) {
        throw new IllegalArgumentException(
            "Expected gateway.trials.longest and .longest-diff over zero and of ten minutes at"
                + " most, got "
                + limit);
      }
    }
  }
}
