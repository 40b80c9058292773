package io.surveygateway.demo;

import io.surveygateway.demo.SignedSamples.Popsee;
import io.surveygateway.demo.SignedSamples.SmartSurvey;
import io.surveygateway.demo.SignedSamples.SmarterMeasure;
import io.surveygateway.standin.SalesforceStandIn;
import io.surveygateway.standin.SlackStandIn;
import io.surveygateway.standin.SurveyMonkeyResponse;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.FileSystemResource;

/**
 * The settings of the demo: everything embedded, the other sides stood in for.
 *
 * <p>They outrank the environment, so that no sample leaves this machine by mistake: not to a
 * Slack, a Salesforce or a database that the same shell is set up for. Its secrets are public, so
 * both ports are open to this machine alone.
 */
final class DemoSettings {

  static final String PASSWORD = "demo";

  /** Settings that the shell may change all the same: where the two ports are. */
  private static final Set<String> LEFT_TO_THE_SHELL =
      Set.of("gateway.webhook.port", "server.port");

  /**
   * A setting that an environment variable fills, as application.yaml writes it, and its default.
   */
  private static final Pattern OF_THE_SHELL = Pattern.compile("\\$\\{[A-Z0-9_]+:(.*)}");

  private final Map<String, String> settings = new LinkedHashMap<>();

  DemoSettings(SlackStandIn slack, SalesforceStandIn salesforce, SurveyMonkeyStandIn surveyMonkey) {
    set("gateway.webhook.address", "127.0.0.1");
    set("server.address", "127.0.0.1");
    set("gateway.console.admin-password", PASSWORD);
    set("gateway.reload.enabled", "true");

    set("gateway.store.folder", "target/demo-data");
    for (var database : List.of("gateway.store.", "gateway.warehouse.")) {
      set(database + "url", "");
      set(database + "username", "");
      set(database + "password", "");
    }

    set("gateway.providers.popsee.secret", SampleSecrets.DEMO.popsee());
    set("gateway.providers.smartsurvey.secret", SampleSecrets.DEMO.smartSurvey());
    set("gateway.providers.smartermeasure.key", SampleSecrets.DEMO.smarterMeasure());
    var surveyMonkeys = "gateway.providers.surveymonkey.";
    set(surveyMonkeys + "client-id", SampleSecrets.DEMO.surveyMonkeyClientId());
    set(surveyMonkeys + "client-secret", SampleSecrets.DEMO.surveyMonkeyClientSecret());
    set(surveyMonkeys + "access-token", SurveyMonkeyStandIn.TOKEN);
    set(surveyMonkeys + "api-url", surveyMonkey.url());

    set("gateway.slack.webhook-url", "");
    set("gateway.slack.token", SlackStandIn.TOKEN);
    set("gateway.slack.channel", SlackStandIn.CHANNEL);
    set("gateway.slack.server-url", slack.url());
    set("gateway.salesforce.login-url", salesforce.url());
    set("gateway.salesforce.client-id", SalesforceStandIn.CLIENT_ID);
    set("gateway.salesforce.client-secret", SalesforceStandIn.CLIENT_SECRET);
    leaveOutTheRest();

    survey(0, "popsee", Popsee.SURVEY, "Checkout feedback");
    question(0, 0, Popsee.RECOMMEND, "How likely is it that you would recommend us?", "nps");
    question(0, 1, Popsee.COMMENT, "What could we do better?", "comment");
    question(0, 2, Popsee.NAME, "Your name", "name");
    question(0, 3, Popsee.EMAIL, "Your e-mail address", "email");
    survey(1, "smartsurvey", SmartSurvey.SURVEY, "Visit");
    question(1, 0, "88012", "Anything else?", "comment");
    survey(2, "surveymonkey", SurveyMonkeyResponse.SURVEY, "Customer service");
    question(2, 0, SurveyMonkeyResponse.RECOMMEND, "", "nps");
    question(2, 1, SurveyMonkeyResponse.COMMENT, "", "comment");
    survey(3, "smartermeasure", SmarterMeasure.ASSESSMENT, "Readiness for online study");
  }

  /** Providers and destinations that have no part in it, whatever the shell is set up for. */
  private void leaveOutTheRest() {
    var shipped = new YamlPropertiesFactoryBean();
    shipped.setResources(new FileSystemResource("application.yaml"));
    shipped
        .getObject()
        .forEach(
            (name, value) -> {
              var preset = OF_THE_SHELL.matcher(String.valueOf(value));
              if (preset.matches() && !LEFT_TO_THE_SHELL.contains(name.toString())) {
                settings.putIfAbsent(name.toString(), preset.group(1));
              }
            });
  }

  Map<String, String> asMap() {
    return Map.copyOf(settings);
  }

  /** As arguments, with those of the command line, which outrank them. */
  String[] asArguments(String... commandLine) {
    var arguments = new ArrayList<String>();
    settings.forEach(
        (name, value) -> {
          if (Arrays.stream(commandLine).noneMatch(given -> given.startsWith("--" + name + "="))) {
            arguments.add("--" + name + "=" + value);
          }
        });
    arguments.addAll(List.of(commandLine));
    return arguments.toArray(String[]::new);
  }

  private void survey(int number, String provider, String id, String title) {
    var survey = "gateway.surveys[%d].".formatted(number);
    set(survey + "provider", provider);
    set(survey + "id", id);
    set(survey + "title", title);
  }

  private void question(int survey, int number, String id, String title, String role) {
    var question = "gateway.surveys[%d].questions[%d].".formatted(survey, number);
    set(question + "id", id);
    set(question + "title", title);
    set(question + "role", role);
  }

  private void set(String name, String value) {
    settings.put(name, value);
  }
}
