package io.surveygateway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignedSamplesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void signsAsPopseeDoes() {
    // printf '{"event":"x"}' | openssl dgst -sha256 -hmac key -r
    assertThat(SignedSamples.popsee().body("{\"event\":\"x\"}").signedWith("key").toRequest())
        .satisfies(
            request -> {
              assertThat(request.path()).isEqualTo("/webhooks/popsee");
              assertThat(request.headers())
                  .containsEntry("Content-Type", "application/json")
                  .containsEntry(
                      "X-Popsee-Signature",
                      "sha256=774be471c03553e6ffcb7759081933cd2e124c9c7992b81f64c20005644925fa");
            });
  }

  @Test
  void signsAsSmartSurveyDoes() {
    // printf '[]' | openssl dgst -sha256 -hmac key -r
    assertThat(SignedSamples.smartSurvey().body("[]").signedWith("key").toRequest().headers())
        .containsEntry(
            "X-SmartSurvey-Signature",
            "8cf3d584bac42070e44f249a550910bd0077d18a9cc62a54c59c6758458bf01a");
  }

  @Test
  void signsAsSurveyMonkeyDoes() {
    // printf '{"event_id":"1"}' | openssl dgst -sha1 -hmac 'key&secret' -binary | base64
    var request =
        SignedSamples.surveyMonkey()
            .event("response_deleted")
            .body("{\"event_id\":\"1\"}")
            .signedWith("key", "secret")
            .toRequest();

    assertThat(request.path()).isEqualTo("/webhooks/surveymonkey/response_deleted");
    assertThat(request.headers())
        .containsEntry("Sm-Apikey", "key")
        .containsEntry("Sm-Signature", "FMyjH/9rLqiYBr+Cj3r49W8R5WQ=")
        .containsEntry("Content-Type", "application/vnd.surveymonkey.response.v1+json");
  }

  @Test
  void bringsTheKeyAsSmarterMeasureDoes() {
    var inHeader = SignedSamples.smarterMeasure().signedWith("0a1b").toRequest();
    var inBoth = SignedSamples.smarterMeasure().signedWith("0a1b").keyInUrl("0a1b").toRequest();

    assertThat(inHeader.path()).isEqualTo("/webhooks/smartermeasure");
    assertThat(inHeader.headers()).containsEntry("X-SmarterMeasure-Verification-Key", "0a1b");
    assertThat(inBoth.path()).isEqualTo("/webhooks/smartermeasure?VerificationKey=0a1b");
  }

  @Test
  void bringsNoProofUntilItIsSigned() {
    assertThat(SignedSamples.popsee().toRequest().headers()).containsOnlyKeys("Content-Type");
    assertThat(SignedSamples.smartSurvey().toRequest().headers()).containsOnlyKeys("Content-Type");
    assertThat(SignedSamples.surveyMonkey().toRequest().headers()).containsOnlyKeys("Content-Type");
    assertThat(SignedSamples.smarterMeasure().toRequest().headers())
        .containsOnlyKeys("Content-Type");
  }

  @Test
  void saysWhatItWasTold() throws Exception {
    var request =
        SignedSamples.popsee()
            .responseId("r-1")
            .score(3)
            .name("Zoë \"Z\"")
            .email("")
            .comment("Très <b>bien</b> 👍")
            .at(Instant.parse("2026-03-02T09:16:55Z"))
            .toRequest();

    var response = json(request).path("response");
    assertThat(response.path("id").asText()).isEqualTo("r-1");
    assertThat(response.path("completedAt").asText()).isEqualTo("2026-03-02T09:16:55Z");
    assertThat(response.path("answers"))
        .extracting(answer -> answer.path("value").asText())
        .containsExactly("3", "Très <b>bien</b> 👍", "Zoë \"Z\"");
    assertThat(request.responseKeys()).containsExactly("popsee:r-1");
    assertThat(request.story()).isEqualTo("completed response r-1 (nps 3)");
  }

  @Test
  void makesABatchOfManyResponses() throws Exception {
    var request =
        SignedSamples.smartSurvey()
            .responseId("1")
            .and(SignedSamples.smartSurvey().responseId("2").status("disqualified"))
            .andItem("\"garbage\"")
            .signedWith("key")
            .toRequest();

    assertThat(json(request))
        .extracting(item -> item.path("id").asInt() + " " + item.path("status").asText())
        .containsExactly("1 completed", "2 disqualified", "0 ");
    assertThat(request.responseKeys()).containsExactly("smartsurvey:1", "smartsurvey:2");
  }

  @Test
  void makesGarbageThatIsSigned() {
    var garbage = SignedSamples.popsee().unreadable().signedWith("key").toRequest();

    assertThat(garbage.headers()).containsKey("X-Popsee-Signature");
    assertThat(garbage.responseKeys()).isEmpty();
    assertThatThrownBy(() -> json(garbage)).isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void namesWhatAnEventIsAbout() throws Exception {
    var response = json(SignedSamples.surveyMonkey().responseId("7").eventId("8").toRequest());
    var survey = SignedSamples.surveyMonkey().event("survey_updated").toRequest();

    assertThat(response.path("event_id").asText()).isEqualTo("8");
    assertThat(response.path("object_id").asText()).isEqualTo("7");
    assertThat(response.at("/resources/respondent_id").asText()).isEqualTo("7");
    assertThat(json(survey).path("object_id").asText()).isEqualTo("310044821");
    assertThat(json(survey).at("/resources/collector_id").isMissingNode()).isTrue();
    assertThat(survey.responseKeys()).isEmpty();
  }

  @Test
  void namesTheAssessmentAndItsUser() throws Exception {
    var sample = SignedSamples.smarterMeasure().responseId("u-1").score(8);

    assertThat(json(sample.toRequest()).path("user_id").asText()).isEqualTo("u-1");
    assertThat(json(sample.toRequest()).at("/score/overall").asInt()).isEqualTo(80);
    assertThat(sample.toRequest().responseKeys()).containsExactly("smartermeasure:as-99120:u-1");
    assertThat(sample.xml().toRequest())
        .satisfies(
            request -> {
              assertThat(request.headers()).containsEntry("Content-Type", "application/xml");
              assertThat(request.text())
                  .contains("<user_id>u-1</user_id><assessment_id>as-99120</assessment_id>");
            });
  }

  @Test
  void hasIdsOfItsOwnEachTime() {
    assertThat(SignedSamples.popsee().toRequest().responseKeys())
        .isNotEqualTo(SignedSamples.popsee().toRequest().responseKeys());
    assertThat(SignedSamples.smarterMeasure().toRequest().text())
        .isNotEqualTo(SignedSamples.smarterMeasure().toRequest().text());
  }

  private static JsonNode json(SampleRequest request) throws JsonProcessingException {
    return JSON.readTree(request.text());
  }
}
