package io.surveygateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.outbox.CallBudgets;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.component.salesforce.AuthenticationType;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.slack.SlackComponent;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/** How application.yaml sets up the components that destinations send with. */
class DestinationSettingsTest {

  @Test
  void slackTakesTheWebhookWhereTheTokenIsBlank() {
    try (var context = start("SLACK_WEBHOOK_URL=https://hook", "SLACK_TOKEN=", "SLACK_CHANNEL=")) {
      var slack = component(context, "slack", SlackComponent.class);

      assertThat(slack.getToken()).isNull();
      assertThat(slack.getWebhookUrl()).isEqualTo("https://hook");
    }
  }

  @Test
  void slackTakesTheTokenWhereItHasAChannel() {
    try (var context = start("SLACK_TOKEN=xoxb", "SLACK_CHANNEL=#alerts")) {
      assertThat(component(context, "slack", SlackComponent.class).getToken()).isEqualTo("xoxb");
    }
  }

  @Test
  void salesforceLogsInLate() {
    try (var context =
        start(
            "SALESFORCE_LOGIN_URL=https://x.my.salesforce.com",
            "SALESFORCE_CLIENT_ID=id",
            "SALESFORCE_CLIENT_SECRET=secret")) {
      var salesforce = component(context, "salesforce", SalesforceComponent.class);

      assertThat(salesforce.isLazyLogin()).isTrue();
      assertThat(salesforce.getAuthenticationType())
          .isEqualTo(AuthenticationType.CLIENT_CREDENTIALS);
      assertThat(salesforce.getLoginUrl()).isEqualTo("https://x.my.salesforce.com");
      assertThat(salesforce.getClientId()).isEqualTo("id");
      assertThat(salesforce.getClientSecret()).isEqualTo("secret");
      assertThat(salesforce.getConfig().getApiVersion()).isEqualTo("62.0");
      assertThat(salesforce.getHttpRequestTimeout()).isEqualTo(30_000);
      assertThat(salesforce.getHttpClientConnectionTimeout()).isEqualTo(5_000);
    }
  }

  @Test
  void salesforceStartsWithoutSettings() {
    try (var context = start()) {
      assertThat(component(context, "salesforce", SalesforceComponent.class).isStarted()).isTrue();
    }
  }

  private static <T extends org.apache.camel.Component> T component(
      ConfigurableApplicationContext context, String name, Class<T> type) {
    return context.getBean(CamelContext.class).getComponent(name, type);
  }

  private static ConfigurableApplicationContext start(String... environment) {
    var arguments = new String[environment.length + 2];
    for (var i = 0; i < environment.length; i++) {
      arguments[i] = "--" + environment[i];
    }
    arguments[environment.length] = "--camel.main.routes-include-pattern=file:routes/*.none";
    // Readiness asks parts of the gateway that are left out here.
    arguments[environment.length + 1] =
        "--management.endpoint.health.validate-group-membership=false";
    return new SpringApplicationBuilder(Destinations.class)
        .web(WebApplicationType.NONE)
        .run(arguments);
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
  @ComponentScan({"io.surveygateway.slack", "io.surveygateway.salesforce"})
  @ConfigurationPropertiesScan({"io.surveygateway.slack", "io.surveygateway.salesforce"})
  static class Destinations {

    /** Of a package that is left out here. */
    @Bean
    CallBudgets callBudgets() {
      return new CallBudgets(Clock.systemUTC());
    }
  }
}
