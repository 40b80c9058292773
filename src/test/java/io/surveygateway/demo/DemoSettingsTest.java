package io.surveygateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.standin.SalesforceStandIn;
import io.surveygateway.standin.SlackStandIn;
import io.surveygateway.standin.SurveyMonkeyStandIn;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.FileSystemResource;

class DemoSettingsTest {

  private final SlackStandIn slack = SlackStandIn.start();
  private final SalesforceStandIn salesforce = SalesforceStandIn.start();
  private final SurveyMonkeyStandIn surveyMonkey = SurveyMonkeyStandIn.start();
  private final DemoSettings demo = new DemoSettings(slack, salesforce, surveyMonkey);

  @AfterEach
  void stop() {
    slack.close();
    salesforce.close();
    surveyMonkey.close();
  }

  @Test
  void leavesNothingButThePortsToTheEnvironment() throws Exception {
    var ofTheEnvironment =
        shipped().entrySet().stream()
            .filter(setting -> setting.getValue().matches("\\$\\{[A-Z_]+:.*}"))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());

    ofTheEnvironment.removeAll(demo.asMap().keySet());

    assertThat(ofTheEnvironment).containsExactlyInAnyOrder("gateway.webhook.port", "server.port");
  }

  @Test
  void leadsToTheStandIns() {
    assertThat(demo.asMap())
        .containsEntry("gateway.slack.server-url", slack.url())
        .containsEntry("gateway.salesforce.login-url", salesforce.url())
        .containsEntry("gateway.providers.surveymonkey.api-url", surveyMonkey.url());
  }

  @Test
  void givesWayToTheCommandLine() {
    var arguments = demo.asArguments("--gateway.store.folder=/elsewhere", "--debug");

    assertThat(arguments)
        .contains("--gateway.store.url=", "--gateway.store.folder=/elsewhere", "--debug")
        .doesNotContain("--gateway.store.folder=target/demo-data");
  }

  /** The shipped settings, as they are written. */
  private static Map<String, String> shipped() throws Exception {
    var sources =
        new YamlPropertySourceLoader().load("shipped", new FileSystemResource("application.yaml"));
    var settings = new TreeMap<String, String>();
    for (var source : sources) {
      for (var name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
        settings.put(name, String.valueOf(source.getProperty(name)));
      }
    }
    return settings;
  }
}
