package io.surveygateway.demo;

/** What samples of each provider are signed with. */
public record SampleSecrets(
    String popsee,
    String smartSurvey,
    String smarterMeasure,
    String surveyMonkeyClientId,
    String surveyMonkeyClientSecret) {

  /** Those of the demo: public, and good for nothing else. */
  public static final SampleSecrets DEMO =
      new SampleSecrets(
          "popsee-demo-secret",
          "smartsurvey-demo-secret",
          "smartermeasure-demo-key",
          "surveymonkey-demo-id",
          "surveymonkey-demo-secret");
}
