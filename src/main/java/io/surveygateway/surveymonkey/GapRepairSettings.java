package io.surveygateway.surveymonkey;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is looked for that SurveyMonkey did not tell of.
 *
 * @param surveys whose responses are listed; empty for those that the subscriptions name
 * @param eventTypes that are made up for; {@code response_updated} too where changes count
 * @param interval between two runs
 * @param lookBack how far the first run of a survey goes back
 * @param overlap that a run has with the one before
 * @param grace that an event has to arrive by itself
 */
@ConfigurationProperties("gateway.providers.surveymonkey.gap-repair")
record GapRepairSettings(
    @DefaultValue List<String> surveys,
    @DefaultValue({"response_completed", "response_disqualified", "response_overquota"})
        List<String> eventTypes,
    @DefaultValue("6h") Duration interval,
    @DefaultValue("1d") Duration lookBack,
    @DefaultValue("1h") Duration overlap,
    @DefaultValue("1h") Duration grace) {

  private static final List<String> KNOWN =
      List.of(
          "response_completed", "response_disqualified", "response_overquota", "response_updated");

  GapRepairSettings {
    surveys = List.copyOf(surveys);
    eventTypes = List.copyOf(eventTypes);
    for (var survey : surveys) {
      if (!survey.matches("\\d{1,20}")) {
        throw new IllegalArgumentException(
            "Expected ids of 1 to 20 digits in gateway.providers.surveymonkey.gap-repair.surveys, got "
                + survey);
      }
    }
    if (!KNOWN.containsAll(eventTypes)) {
      throw new IllegalArgumentException(
          "Expected gateway.providers.surveymonkey.gap-repair.event-types to be some of "
              + KNOWN
              + ", got "
              + eventTypes);
    }
    if (interval.compareTo(Duration.ofMinutes(1)) < 0
        || lookBack.isNegative()
        || overlap.isNegative()
        || grace.isNegative()) {
      throw new IllegalArgumentException(
          "Expected gateway.providers.surveymonkey.gap-repair to have an interval of 1m or more and no"
              + " negative times");
    }
  }
}
