package io.surveygateway.webhook;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;

/** Camel's Vert.x engine on a server of our own, which keeps what it should not have let in. */
final class WebhookEngine extends VertxPlatformHttpEngine {

  private final WebhookServer server;

  WebhookEngine(WebhookServer server) {
    this.server = server;
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    // The body is read already; Vert.x's own handler would take forms and uploads apart.
    endpoint.setUseBodyHandler(false);
    return new WebhookConsumer(endpoint, processor, WebhookServer.ROUTER);
  }

  @Override
  public int getServerPort() {
    return server.port();
  }
}
