package io.surveygateway.packaged;

import io.surveygateway.demo.SampleSecrets;
import io.surveygateway.standin.SalesforceStandIn;
import io.surveygateway.standin.SlackStandIn;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import java.util.HashMap;
import java.util.Map;

/** The other sides, stood in for, and the environment variables that lead a gateway to them. */
public final class Others implements AutoCloseable {

  public static final SampleSecrets SECRETS = SampleSecrets.DEMO;
  public static final String PASSWORD = "a-password-of-the-test";

  public final SlackStandIn slack = SlackStandIn.start();
  public final SalesforceStandIn salesforce = SalesforceStandIn.start();
  public final SurveyMonkeyStandIn surveyMonkey = SurveyMonkeyStandIn.start();

  public Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("POPSEE_SECRET", SECRETS.popsee());
    environment.put("SMARTSURVEY_SECRET", SECRETS.smartSurvey());
    environment.put("SMARTERMEASURE_KEY", SECRETS.smarterMeasure());
    environment.put("SURVEYMONKEY_CLIENT_ID", SECRETS.surveyMonkeyClientId());
    environment.put("SURVEYMONKEY_CLIENT_SECRET", SECRETS.surveyMonkeyClientSecret());
    environment.put("SURVEYMONKEY_ACCESS_TOKEN", SurveyMonkeyStandIn.TOKEN);
    environment.put("SURVEYMONKEY_API_URL", surveyMonkey.url());
    // What arrives in a burst should not wait for another minute.
    environment.put("GATEWAY_PROVIDERS_SURVEYMONKEY_CALLS_PERMINUTE", "10000");
    environment.put("GATEWAY_PROVIDERS_SURVEYMONKEY_CALLS_PERDAY", "500000");
    environment.put("SLACK_TOKEN", SlackStandIn.TOKEN);
    environment.put("SLACK_CHANNEL", SlackStandIn.CHANNEL);
    environment.put("SLACK_SERVER_URL", slack.url());
    environment.put("SALESFORCE_LOGIN_URL", salesforce.url());
    environment.put("SALESFORCE_CLIENT_ID", SalesforceStandIn.CLIENT_ID);
    environment.put("SALESFORCE_CLIENT_SECRET", SalesforceStandIn.CLIENT_SECRET);
    environment.put("GATEWAY_ADMIN_PASSWORD", PASSWORD);
    return environment;
  }

  @Override
  public void close() {
    slack.close();
    salesforce.close();
    surveyMonkey.close();
  }
}
