package io.surveygateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.surveygateway.webhook.PublicPort.Seen;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.springboot.DirectComponentAutoConfiguration;
import org.apache.camel.component.kamelet.springboot.KameletComponentAutoConfiguration;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.unit.DataSize;

/** The public port in an application: its settings, and when it opens and closes. */
class WebhookConfigurationTest {

  @Configuration(proxyBeanMethods = false)
  @Import({WebhookConfiguration.class, Providers.class})
  @EnableConfigurationProperties(WebhookProperties.class)
  @ImportAutoConfiguration({
    CamelAutoConfiguration.class,
    KameletComponentAutoConfiguration.class,
    DirectComponentAutoConfiguration.class
  })
  static class Application {

    final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    final CountDownLatch goOn = new CountDownLatch(1);
    final AtomicInteger inFlightWhenTheRestStops = new AtomicInteger();

    /** Stands for all that a request in flight needs; stops before everything else that stops. */
    @Bean
    SmartLifecycle theStore(WebhookServer server) {
      return new SmartLifecycle() {
        @Override
        public void start() {
          inFlightWhenTheRestStops.set(-1);
        }

        @Override
        public void stop() {
          inFlightWhenTheRestStops.set(server.door().inFlight());
        }

        @Override
        public boolean isRunning() {
          return inFlightWhenTheRestStops.get() == -1;
        }

        @Override
        public int getPhase() {
          return Integer.MAX_VALUE;
        }
      };
    }

    @Bean
    RouteBuilder popsee() {
      return new RouteBuilder() {
        @Override
        public void configure() {
          from("kamelet:webhook-source?provider=popsee")
              .routeConfigurationId("refuse-webhook")
              .process(
                  exchange -> {
                    seen.add(Seen.of(exchange));
                    goOn.await();
                  });
        }
      };
    }
  }

  private static ConfigurableApplicationContext start(String... settings) {
    var application =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .properties(settings)
            .run(
                "--gateway.webhook.port=0",
                "--gateway.webhook.address=127.0.0.1",
                "--camel.main.routes-include-pattern=file:routes/refusals.camel.yaml");
    application.getBean(Providers.class).on("popsee");
    return application;
  }

  @Test
  void readsItsSettingsFromTheApplicationsFile() {
    try (var application = start()) {
      var properties = application.getBean(WebhookProperties.class);

      assertThat(properties)
          .isEqualTo(
              new WebhookProperties(
                  0,
                  "127.0.0.1",
                  DataSize.ofMegabytes(8),
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(75),
                  Duration.ofSeconds(20),
                  64,
                  null,
                  4096));
      assertThat(application.getBean(Providers.class).find("popsee"))
          .hasValueSatisfying(popsee -> assertThat(popsee.maxBody()).isEqualTo(8 * 1024 * 1024));
    }
  }

  @Test
  void letsRequestsInFlightEndBeforeTheApplicationStops() throws Exception {
    var application = start();
    var beans = application.getBean(Application.class);
    var server = application.getBean(WebhookServer.class);
    var port = server.port();
    try (var client = new RawClient(port)) {
      client.post("/webhooks/popsee", "{}");
      var seen = beans.seen.poll(PublicPort.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(seen).isNotNull();

      var stopping = CompletableFuture.runAsync(application::close);
      await().until(() -> server.door().isDraining());
      beans.goOn.countDown();

      assertThat(client.reply().status()).isEqualTo(200);
      assertThat(stopping).succeedsWithin(PublicPort.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(beans.inFlightWhenTheRestStops).hasValue(0);
    }
    assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void leavesNoThreadBehind() {
    // Another test's application may be kept for later, with threads of its own.
    var before = Thread.getAllStackTraces().keySet();

    start().close();

    // Netty says that a thread has ended just before it has.
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("vert.x-")));
  }
}
