package io.surveygateway.demo;

import io.surveygateway.Gateway;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import org.springframework.boot.SpringApplication;

/** {@code ./mvnw spring-boot:test-run}: the gateway with everything it needs in one process. */
public class DemoGateway {

  public static void main(String[] args) {
    var settings =
        new DemoSettings(
            DemoConfiguration.SLACK, DemoConfiguration.SALESFORCE, SurveyMonkeyStandIn.start());
    SpringApplication.from(Gateway::main)
        .with(DemoConfiguration.class)
        .run(settings.asArguments(args));
  }
}
