package io.surveygateway.smartsurvey;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** Shows what SmartSurvey never told of, and what is silent. Never down: no event depends on it. */
@Component("smartSurveyHealthIndicator")
final class SmartSurveyHealth implements HealthIndicator {

  private final SmartSurveyAccess access;
  private final SmartSurveyJobs jobs;

  SmartSurveyHealth(SmartSurveyAccess access, SmartSurveyJobs jobs) {
    this.access = access;
    this.jobs = jobs;
  }

  @Override
  public Health health() {
    var health = Health.up();
    if (!access.isSet()) {
      return health
          .withDetail(
              "api", "not asked: set SMARTSURVEY_API_TOKEN and SMARTSURVEY_API_TOKEN_SECRET")
          .build();
    }
    jobs.looks().forEach(look -> health.withDetail("survey " + look.survey(), look.words()));
    jobs.trouble().forEach((name, reason) -> health.withDetail(name + "Failed", reason));
    return health.build();
  }
}
