package io.surveygateway.alerts;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is said when, and to whom.
 *
 * @param interval from one look to the next, of all gateways together
 * @param failingAfter how long a destination has to fail before it is said
 * @param refusedAfter the same for credentials that are refused
 * @param parkedFrom how many have to be parked
 * @param waitingLongerThan how old a delivery has to be that waits
 * @param clearedAfter how long a thing has to be over before that is said
 * @param stillAfter from one word on a thing that does not end to the next
 * @param slackUrl address of an incoming webhook; a secret
 */
@ConfigurationProperties("gateway.alerts")
record AlertSettings(
    @DefaultValue("30s") Duration interval,
    @DefaultValue("10m") Duration failingAfter,
    @DefaultValue("0s") Duration refusedAfter,
    @DefaultValue("1") long parkedFrom,
    @DefaultValue("1h") Duration waitingLongerThan,
    @DefaultValue("2m") Duration clearedAfter,
    @DefaultValue("24h") Duration stillAfter,
    @DefaultValue Silent silent,
    @Nullable String slackUrl,
    @DefaultValue Webhook webhook) {

  /**
   * @param after how long a provider has to send nothing
   * @param leastRequests that it sent in the same hours of each of the last two weeks; 0: silence
   *     is never said
   */
  record Silent(@DefaultValue("1h") Duration after, @DefaultValue("10") long leastRequests) {}

  /**
   * @param url of a receiver; may hold a key
   * @param secret of Standard Webhooks, that each message is signed with
   */
  record Webhook(@Nullable String url, @Nullable String secret) {

    @Override
    public String toString() {
      return "Webhook[not shown]";
    }
  }

  AlertSettings {
    if (interval.toMillis() < 1000) {
      throw new IllegalArgumentException(
          "Expected a gateway.alerts.interval of 1s or more, got " + interval);
    }
    if (parkedFrom < 1) {
      throw new IllegalArgumentException(
          "Expected a gateway.alerts.parked-from of 1 or more, got " + parkedFrom);
    }
    if (stillAfter.compareTo(interval) < 0) {
      throw new IllegalArgumentException(
          "Expected a gateway.alerts.still-after of the interval ("
              + interval
              + ") or more, got "
              + stillAfter);
    }
  }

  @Override
  public String toString() {
    return "AlertSettings[interval=" + interval + ", channels not shown]";
  }
}
