package io.surveygateway.demo;

import java.time.Duration;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Adds to the gateway that samples are sent to it once it is ready. */
@TestConfiguration(proxyBeanMethods = false)
class DemoConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger("demo");

  @Bean
  ApplicationListener<ApplicationReadyEvent> demo(Environment environment) {
    var gateway = "http://127.0.0.1:" + environment.getRequiredProperty("gateway.webhook.port");
    var pause = environment.getProperty("demo.pause", Duration.class, Duration.ofSeconds(5));
    var traffic = new DemoTraffic(new Sender(gateway), SampleSecrets.DEMO, new Random(), LOG::info);
    return ready -> {
      LOG.info(DemoGuide.text(environment, gateway));
      var sending = new Thread(() -> send(traffic, pause), "demo");
      sending.setDaemon(true);
      sending.start();
    };
  }

  private static void send(DemoTraffic traffic, Duration pause) {
    try {
      traffic.sendOneOfEachKind();
      LOG.info("From now on a response every {} seconds; Ctrl-C ends the demo", pause.toSeconds());
      while (true) {
        Thread.sleep(pause.toMillis());
        traffic.sendOne();
      }
    } catch (InterruptedException ends) {
      Thread.currentThread().interrupt();
    }
  }
}
