package io.surveygateway;

import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.springframework.beans.factory.BeanFactory;

/** Where a started gateway takes webhooks, on a port that nobody chose. */
public final class PublicAddress {

  private PublicAddress() {}

  /** Without a path, such as {@code http://127.0.0.1:41689}. */
  public static String of(BeanFactory gateway) {
    return "http://127.0.0.1:"
        + gateway
            .getBean(CamelContext.class)
            .getComponent("platform-http", PlatformHttpComponent.class)
            .getEngine()
            .getServerPort();
  }
}
