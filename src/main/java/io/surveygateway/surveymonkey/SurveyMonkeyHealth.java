package io.surveygateway.surveymonkey;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Shows how many calls to SurveyMonkey's API are left, who waits for one, whether its webhooks are
 * as wanted, and what they never told of. Never down: events wait in the inbox.
 */
@Component("surveyMonkeyHealthIndicator")
final class SurveyMonkeyHealth implements HealthIndicator {

  private final SurveyMonkeyAccess access;
  private final StoredCallBudget budget;
  private final Subscriptions subscriptions;
  private final SurveyMonkeyJobs jobs;

  SurveyMonkeyHealth(
      SurveyMonkeyAccess access,
      StoredCallBudget budget,
      Subscriptions subscriptions,
      SurveyMonkeyJobs jobs) {
    this.access = access;
    this.budget = budget;
    this.subscriptions = subscriptions;
    this.jobs = jobs;
  }

  @Override
  public Health health() {
    var health = Health.up();
    if (!access.isSet()) {
      return health.withDetail("api", "not asked: set SURVEYMONKEY_ACCESS_TOKEN").build();
    }
    var account = budget.account();
    health.withDetail("callsLeftToday", account.dayRoom());
    health.withDetail("callsLeftNow", account.room());
    health.withDetail("eventsWaiting", budget.waiting());
    var report = subscriptions.last();
    if (report != null) {
      health.withDetail("subscriptionsInOrder", report.isInOrder());
      health.withDetail("subscriptions", report.lines());
    }
    jobs.looks().forEach(look -> health.withDetail("survey " + look.survey(), look.words()));
    jobs.trouble().forEach((name, reason) -> health.withDetail(name + "Failed", reason));
    return health.build();
  }
}
