package io.surveygateway.operations;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How runs over many rows go.
 *
 * @param step rows that one transaction changes at most
 * @param pause after each step, for those who write meanwhile
 * @param poll how often the store is asked for runs that another gateway was told to start
 */
@ConfigurationProperties("gateway.runs")
record RunSettings(
    @DefaultValue("200") int step,
    @DefaultValue("100ms") Duration pause,
    @DefaultValue("5s") Duration poll) {

  RunSettings {
    if (step < 1 || step > 1000) {
      throw new IllegalArgumentException(
          "Expected a gateway.runs.step from 1 to 1000, got " + step);
    }
    if (pause.isNegative() || poll.isNegative() || poll.isZero()) {
      throw new IllegalArgumentException(
          "Expected a gateway.runs.pause of 0 or more and a gateway.runs.poll above, got "
              + pause
              + " and "
              + poll);
    }
  }
}
