package io.surveygateway.surveymonkey;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which of SurveyMonkey's events the gateway wants to be told of.
 *
 * @param apply whether subscriptions are made, changed and deleted; otherwise they are only
 *     reported
 * @param publicUrl address that SurveyMonkey reaches the gateway's public port by, without a path
 * @param authorization values of the Authorization header of each event, comma-separated, the
 *     newest first; empty for none
 * @param interval between two checks
 * @param wanted empty where SurveyMonkey's webhooks are none of the gateway's business
 */
@ConfigurationProperties("gateway.providers.surveymonkey.subscriptions")
record SubscriptionSettings(
    @DefaultValue("false") boolean apply,
    @DefaultValue("") String publicUrl,
    @DefaultValue("") String authorization,
    @DefaultValue("6h") Duration interval,
    @DefaultValue List<Wanted> wanted) {

  private static final String HERE = "gateway.providers.surveymonkey.subscriptions";

  /**
   * Events of one type.
   *
   * @param eventType as SurveyMonkey names it; one that we do not know is asked for as it is
   * @param surveys whose events, by their ids
   * @param collectors or those of these collectors
   */
  record Wanted(
      @DefaultValue("") String eventType,
      @DefaultValue List<String> surveys,
      @DefaultValue List<String> collectors) {

    Wanted {
      surveys = List.copyOf(surveys);
      collectors = List.copyOf(collectors);
      if (!eventType.matches("[a-z]+_[a-z_]{1,40}")) {
        throw new IllegalArgumentException(
            "Expected "
                + HERE
                + ".wanted[].event-type such as response_completed, got "
                + eventType);
      }
      for (var ids : List.of(surveys, collectors)) {
        for (var id : ids) {
          if (!id.matches("\\d{1,20}")) {
            throw new IllegalArgumentException(
                "Expected ids of 1 to 20 digits in "
                    + HERE
                    + ".wanted of "
                    + eventType
                    + ", got "
                    + id);
          }
        }
      }
      checkObjects(eventType, surveys, collectors);
    }

    /** What SurveyMonkey would refuse is refused here, where somebody reads it. */
    private static void checkObjects(
        String eventType, List<String> surveys, List<String> collectors) {
      if (eventType.equals("collector_created") && !collectors.isEmpty()) {
        throw new IllegalArgumentException(
            "Expected surveys and no collectors for collector_created in "
                + HERE
                + ".wanted: SurveyMonkey refuses it with object_type=collector, since there is no"
                + " collector yet whose creation could be told");
      }
      if (eventType.equals("survey_created")) {
        if (!surveys.isEmpty() || !collectors.isEmpty()) {
          throw new IllegalArgumentException(
              "Expected neither surveys nor collectors for survey_created in "
                  + HERE
                  + ".wanted: there is no survey yet");
        }
      } else if (surveys.isEmpty() == collectors.isEmpty()) {
        throw new IllegalArgumentException(
            "Expected surveys or collectors, one of the two, for "
                + eventType
                + " in "
                + HERE
                + ".wanted");
      }
    }

    String objectType() {
      return surveys.isEmpty() ? collectors.isEmpty() ? "" : "collector" : "survey";
    }

    List<String> objectIds() {
      return (surveys.isEmpty() ? collectors : surveys).stream().distinct().sorted().toList();
    }
  }

  SubscriptionSettings {
    wanted = List.copyOf(wanted);
    authorization = authorization.strip();
    publicUrl = publicUrl.strip().replaceFirst("/+$", "");
    if (!wanted.isEmpty() && !isAddress(publicUrl)) {
      throw new IllegalArgumentException(
          "Expected "
              + HERE
              + ".public-url to be the address that SurveyMonkey reaches the public port by, such as"
              + " https://gateway.example.org, without a path; http only for this machine");
    }
    if (!authorization.matches("[\\x20-\\x7e]*")) {
      throw new IllegalArgumentException(
          "Expected " + HERE + ".authorization to be what a header can hold: plain ASCII");
    }
    if (interval.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException(
          "Expected " + HERE + ".interval of 1m or more, got " + interval);
    }
    var seen = new HashSet<String>();
    for (var one : wanted) {
      if (!seen.add(one.eventType + " " + one.objectType())) {
        throw new IllegalArgumentException(
            "Expected "
                + one.eventType
                + " once in "
                + HERE
                + ".wanted, got it twice: put all ids into one list");
      }
    }
  }

  private static boolean isAddress(String url) {
    if (!url.matches("https?://[^/?#@\\s]+")) {
      return false;
    }
    var host = URI.create(url).getHost();
    return url.startsWith("https:") || List.of("localhost", "127.0.0.1").contains(host);
  }

  /** What SurveyMonkey is told to send; empty for nothing. */
  String newestAuthorization() {
    return authorization.split(",")[0].strip();
  }

  /** Hides the secret. */
  @Override
  public String toString() {
    return "SubscriptionSettings[" + wanted.size() + " wanted, apply " + apply + "]";
  }
}
