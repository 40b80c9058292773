package io.surveygateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.demo.Receiver.Received;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoTrafficTest {

  private final List<String> story = new ArrayList<>();
  private Receiver gateway;
  private DemoTraffic traffic;

  @BeforeEach
  void start() throws Exception {
    gateway = new Receiver(200);
    traffic = trafficTo(gateway.url());
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void tellsWhatBecameOfOneOfEachKind() throws Exception {
    traffic.sendOneOfEachKind();

    assertThat(story).hasSize(17);
    assertThat(story.get(0)).matches("popsee: 200, completed response \\S{36} \\(nps \\d+\\)");
    assertThat(story.get(1)).isEqualTo("popsee, repeated: 200, known already");
    assertThat(story.get(2)).matches("smartsurvey: 200, completed response \\d{9} \\(nps \\d+\\)");
    assertThat(story.get(4)).startsWith("surveymonkey: 200, response_completed of response 11");
    assertThat(story.get(6)).startsWith("smartermeasure: 200, assessment.completed of user u-");
    assertThat(story.get(8)).isEqualTo("popsee, forged: 200");
    assertThat(story.get(12)).isEqualTo("popsee, unreadable: 200, set aside");
    assertThat(story.get(16))
        .isEqualTo("smartsurvey, one of three unreadable: 200, that one set aside");
    assertThat(gateway.received)
        .extracting(Received::pathAndQuery)
        .startsWith("/webhooks/popsee", "/webhooks/popsee", "/webhooks/smartsurvey")
        .contains("/webhooks/surveymonkey/response_completed", "/webhooks/smartermeasure");
  }

  @Test
  void namesTheResponsesThatHaveToComeOut() throws Exception {
    assertThat(traffic.sendOneOfEachKind())
        .extracting(key -> key.replaceFirst(":.*", ""))
        .containsExactly(
            "popsee",
            "smartsurvey",
            "surveymonkey",
            "smartermeasure",
            "smartsurvey",
            "smartsurvey");
  }

  @Test
  void repeatsToTheByte() throws Exception {
    traffic.sendOneOfEachKind();

    var first = gateway.received.get(0);
    var second = gateway.received.get(1);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("X-popsee-signature")).isEqualTo(first.header("X-popsee-signature"));
  }

  @Test
  void forgesWithAnotherSecret() throws Exception {
    traffic.sendOneOfEachKind();

    var forged = gateway.received.get(8);
    var rightly =
        SignedSamples.popsee()
            .body(new String(forged.body(), StandardCharsets.UTF_8))
            .signedWith(SampleSecrets.DEMO.popsee())
            .toRequest();
    assertThat(forged.header("X-popsee-signature"))
        .matches("sha256=[0-9a-f]{64}")
        .isNotEqualTo(rightly.headers().get("X-Popsee-Signature"));
  }

  @Test
  void sendsOtherResponsesAsTimeGoesOn() throws Exception {
    for (var i = 0; i < 40; i++) {
      traffic.sendOne();
    }

    assertThat(story).hasSize(40).doesNotHaveDuplicates();
    assertThat(story.stream().map(line -> line.replaceFirst(":.*", "")).distinct())
        .containsExactlyInAnyOrder("popsee", "smartsurvey", "surveymonkey", "smartermeasure");
  }

  @Test
  void goesOnWhenNobodyAnswers() throws Exception {
    gateway.close();

    trafficTo(gateway.url()).sendOne();

    assertThat(story.get(0)).contains(": no answer (java.net.ConnectException");
  }

  private DemoTraffic trafficTo(String url) {
    return new DemoTraffic(new Sender(url), SampleSecrets.DEMO, new Random(7), story::add);
  }
}
