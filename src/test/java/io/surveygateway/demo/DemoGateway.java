package io.surveygateway.demo;

import io.surveygateway.Gateway;
import io.surveygateway.standin.SalesforceStandIn;
import io.surveygateway.standin.SlackStandIn;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import org.springframework.boot.SpringApplication;

/** {@code ./mvnw spring-boot:test-run}: the gateway with everything it needs in one process. */
public class DemoGateway {

  public static void main(String[] args) {
    var settings =
        new DemoSettings(
            SlackStandIn.start(), SalesforceStandIn.start(), SurveyMonkeyStandIn.start());
    SpringApplication.from(Gateway::main)
        .with(DemoConfiguration.class)
        .run(settings.asArguments(args));
  }
}
