package io.surveygateway.demo;

import io.surveygateway.Gateway;
import io.surveygateway.standin.SalesforceObject;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;

/** {@code ./mvnw spring-boot:test-run}: the gateway with everything it needs in one process. */
public class DemoGateway {

  /** What an admin deploys to an org, the demo's org has too. */
  private static final Path SURVEY_RESPONSE =
      Path.of(
          "routes/destinations/salesforce/metadata/force-app/main/default/objects",
          "Survey_Response__c");

  public static void main(String[] args) {
    DemoConfiguration.SALESFORCE.declare(SalesforceObject.read(SURVEY_RESPONSE));
    var settings =
        new DemoSettings(
            DemoConfiguration.SLACK, DemoConfiguration.SALESFORCE, SurveyMonkeyStandIn.start());
    SpringApplication.from(Gateway::main)
        .with(DemoConfiguration.class)
        .run(settings.asArguments(args));
  }
}
