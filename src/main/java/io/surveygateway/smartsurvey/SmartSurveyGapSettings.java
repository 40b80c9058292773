package io.surveygateway.smartsurvey;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is looked for that SmartSurvey did not tell of.
 *
 * @param surveys whose responses are listed; empty for all of the account
 * @param updates whether changes of responses that arrived are made up for, too
 * @param interval between two runs
 * @param lookBack how far the first run of a survey goes back
 * @param overlap that a run has with the one before; not below the grace
 * @param grace that an event has to arrive by itself
 */
@ConfigurationProperties("gateway.providers.smartsurvey.gap-repair")
record SmartSurveyGapSettings(
    @DefaultValue List<String> surveys,
    @DefaultValue("false") boolean updates,
    @DefaultValue("6h") Duration interval,
    @DefaultValue("1d") Duration lookBack,
    @DefaultValue("1d") Duration overlap,
    @DefaultValue("1h") Duration grace) {

  SmartSurveyGapSettings {
    surveys = List.copyOf(surveys);
    for (var survey : surveys) {
      if (!survey.matches("\\d{1,18}")) {
        throw new IllegalArgumentException(
            "Expected ids of 1 to 18 digits in gateway.providers.smartsurvey.gap-repair.surveys, got "
                + survey);
      }
    }
    if (interval.compareTo(Duration.ofMinutes(1)) < 0
        || lookBack.isNegative()
        || grace.isNegative()
        || overlap.compareTo(grace) < 0) {
      throw new IllegalArgumentException(
          "Expected gateway.providers.smartsurvey.gap-repair to have an interval of 1m or more, no"
              + " negative times, and an overlap that is not below its grace");
    }
  }
}
