package io.surveygateway.lint;

import io.surveygateway.inbox.InboxEndpoint;
import io.surveygateway.outbox.OutboxEndpoint;
import io.surveygateway.webhook.Providers;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.main.RoutesCollector;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the lint between the folder and Camel. */
@Configuration(proxyBeanMethods = false)
public class LintConfiguration {

  /** Endpoints of this project's components; a new component is added here. */
  public static final List<Class<? extends Endpoint>> OWN_ENDPOINTS =
      List.of(InboxEndpoint.class, OutboxEndpoint.class);

  @Bean
  RoutesCollector lintedRoutes(
      ApplicationContext application, LastFindings last, Providers providers) {
    return new LintedRoutes(application, last, providers);
  }
}
