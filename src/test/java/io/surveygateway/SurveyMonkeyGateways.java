package io.surveygateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.standin.SurveyMonkeyResponse;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import io.surveygateway.store.Ids;
import io.surveygateway.store.InboxStore;
import io.surveygateway.store.InboxStore.NewRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;

/** SurveyMonkey's events, with a stand-in of its API. */
abstract class SurveyMonkeyGateways extends ProviderGateways {

  private static final Duration STRIDE = Duration.ofSeconds(5);

  final SurveyMonkeyStandIn api = SurveyMonkeyStandIn.start();

  @Override
  String provider() {
    return "surveymonkey";
  }

  @Override
  Stream<String> settingsOfApi() {
    return Stream.of(
        "--gateway.providers.surveymonkey.access-token=" + SurveyMonkeyStandIn.TOKEN,
        "--gateway.providers.surveymonkey.api-url=" + api.url());
  }

  @Override
  void closeApi() {
    api.close();
  }

  void receive(ConfigurableApplicationContext gateway, int from, int to) {
    for (var i = from; i < to; i++) {
      receive(gateway, i, "310044821", "0");
    }
  }

  void receive(
      ConfigurableApplicationContext gateway, int number, String survey, String recipient) {
    var body =
        """
        {"name":"gw","event_type":"response_completed","event_id":"%d","object_type":"response",
         "object_id":"%d","event_datetime":"%s","resources":{"collector_id":"430",
         "survey_id":"%s","recipient_id":"%s","user_id":"612"}}"""
            .formatted(5000 + number, number, clock.instant(), survey, recipient);
    gateway
        .getBean(InboxStore.class)
        .add(
            new NewRequest(
                gateway.getBean(Ids.class).next(),
                "surveymonkey",
                "response_completed",
                "application/json",
                "current secret",
                clock.instant(),
                body.getBytes(UTF_8)))
        .join();
  }

  ObjectNode prepare(int number, String survey) {
    var response = SurveyMonkeyResponse.madeUp(survey, "" + number, clock.instant());
    api.prepare("" + number, response);
    return response;
  }

  /**
   * Moves the clock to the next date that an event waits for, or a little further, until none
   * waits.
   */
  void runToTheEnd() {
    settle();
    while (count("SELECT count(*) FROM inbox WHERE state = 'retrying'") > 0) {
      var next = count("SELECT min(due_at) FROM inbox WHERE state = 'retrying'");
      var wait = Duration.between(clock.instant(), Instant.ofEpochMilli(next));
      // Several in one go: they fall due twice a second, and days have many seconds.
      clock.advance(wait.compareTo(STRIDE) > 0 ? wait : STRIDE);
      settle();
    }
  }
}
