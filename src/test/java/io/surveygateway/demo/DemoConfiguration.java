package io.surveygateway.demo;

import io.surveygateway.standin.SalesforceStandIn;
import io.surveygateway.standin.SlackStandIn;
import java.time.Duration;
import java.util.Random;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Adds to the gateway that samples are sent to it once it is ready. */
@TestConfiguration(proxyBeanMethods = false)
class DemoConfiguration {

  /** They run before there is a context: its settings hold their addresses. */
  static final SlackStandIn SLACK = SlackStandIn.start();

  static final SalesforceStandIn SALESFORCE = SalesforceStandIn.start();

  private static final Logger LOG = LoggerFactory.getLogger("demo");

  @Bean
  ApplicationListener<ApplicationReadyEvent> demo(
      Environment environment, @Qualifier("warehouse") DataSource warehouse) {
    var gateway = "http://127.0.0.1:" + environment.getRequiredProperty("gateway.webhook.port");
    var pause = environment.getProperty("demo.pause", Duration.class, Duration.ofSeconds(5));
    var traffic = new DemoTraffic(new Sender(gateway), SampleSecrets.DEMO, new Random(), LOG::info);
    var arrivals = new DemoArrivals(SLACK, SALESFORCE, warehouse);
    return ready -> {
      LOG.info(DemoGuide.text(environment, gateway));
      var sending = new Thread(() -> send(traffic, arrivals, pause), "demo");
      sending.setDaemon(true);
      sending.start();
    };
  }

  private static void send(DemoTraffic traffic, DemoArrivals arrivals, Duration pause) {
    try {
      var sent = traffic.sendOneOfEachKind();
      var missing = arrivals.await(sent, Duration.ofMinutes(2));
      LOG.info(
          missing.isEmpty()
              ? "All samples have arrived: {} responses in Slack, Salesforce and the database"
              : "Not all of {} responses have arrived: " + missing,
          sent.size());
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
