package io.surveygateway.webhook;

import io.surveygateway.store.RefusalLog;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/** Puts the public port together, and ties it to the life of the application. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

  @Bean
  WebhookServer webhookServer(
      WebhookProperties properties,
      Providers providers,
      ObjectProvider<RefusalLog> refusals,
      ObjectProvider<AnswerTimes> times) {
    return new WebhookServer(
        properties,
        providers,
        orNone(refusals),
        times.getIfAvailable(() -> (provider, status, nanos) -> {}));
  }

  @Bean
  WebhookRefusal webhookRefusal(ObjectProvider<RefusalLog> refusals) {
    return new WebhookRefusal(orNone(refusals));
  }

  @Bean
  CamelContextConfiguration publicPort(WebhookServer server) {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext camel) {
        server.attachTo(camel);
      }

      @Override
      public void afterApplicationStart(CamelContext camel) {
        // The server opens by itself, once Camel has fully started.
      }
    };
  }

  @Bean
  StopFirst stopPublicPortFirst(ApplicationContext application, WebhookServer server) {
    return new StopFirst(application, server);
  }

  private static RefusalLog orNone(ObjectProvider<RefusalLog> refusals) {
    return refusals.getIfAvailable(() -> (provider, path, status, cause) -> {});
  }

  /** Ends the taking in while everything that it needs still works. */
  record StopFirst(ApplicationContext application, WebhookServer server)
      implements ApplicationListener<ContextClosedEvent>, Ordered {

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
      if (event.getApplicationContext() == application) {
        server.stop();
      }
    }

    @Override
    public int getOrder() {
      return HIGHEST_PRECEDENCE;
    }
  }
}
