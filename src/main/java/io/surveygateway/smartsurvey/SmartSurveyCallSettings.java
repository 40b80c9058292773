package io.surveygateway.smartsurvey;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often SmartSurvey's API may be asked.
 *
 * <p>Spans begin with their first call, so that any 60 seconds see twice the number at most; the
 * defaults are half of what its smallest plan with an API has, or less. Source: SmartSurvey API,
 * "Access & Rate Limiting".
 *
 * @param perMinute calls in a span of 60 seconds, at most
 * @param perDay calls in a span of 24 hours, at most
 */
@ConfigurationProperties("gateway.providers.smartsurvey.calls")
record SmartSurveyCallSettings(
    @DefaultValue("60") int perMinute, @DefaultValue("1000") int perDay) {

  SmartSurveyCallSettings {
    if (perMinute < 1 || perDay < 1) {
      throw new IllegalArgumentException(
          "Expected gateway.providers.smartsurvey.calls.per-minute and per-day of 1 or more, got "
              + perMinute
              + " and "
              + perDay);
    }
  }
}
