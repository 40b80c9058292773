package io.surveygateway.surveymonkey;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often SurveyMonkey's API may be asked.
 *
 * <p>The defaults are what a private app has. Source: SurveyMonkey API v3, "Request and Response
 * Limits".
 *
 * @param perMinute calls in any 60 seconds, at most
 * @param perDay calls from one midnight UTC to the next, at most
 * @param together from so many waiting responses of one survey on they are asked for together, a
 *     hundred at a time; 0 for never
 */
@ConfigurationProperties("gateway.providers.surveymonkey.calls")
public record CallSettings(
    @DefaultValue("120") int perMinute,
    @DefaultValue("500") int perDay,
    @DefaultValue("10") int together) {

  public CallSettings {
    for (var limit : List.of(perMinute, perDay)) {
      if (limit < 1) {
        throw new IllegalArgumentException(
            "Expected gateway.providers.surveymonkey.calls.per-minute and per-day of 1 or more, got "
                + limit);
      }
    }
    if (together < 0) {
      throw new IllegalArgumentException(
          "Expected gateway.providers.surveymonkey.calls.together of 0 or more, got " + together);
    }
  }
}
