package io.surveygateway;

import io.surveygateway.trial.TryCommand;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.logging.otlp.OtlpLoggingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The gateway as one process: receives survey webhooks, keeps them, maps them, delivers them. */
@SpringBootApplication(
    exclude = {
      FlywayAutoConfiguration.class,
      // Traces are made in package tracing, where a collector is set.
      OpenTelemetryAutoConfiguration.class,
      OpenTelemetryLoggingAutoConfiguration.class,
      OtlpLoggingAutoConfiguration.class
    })
@ConfigurationPropertiesScan
public class Gateway {

  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals(TryCommand.NAME)) {
      System.exit(TryCommand.run(args, System.in, System.out, System.err));
    }
    try {
      SpringApplication.run(Gateway.class, args);
    } catch (SpringApplication.AbandonedRunException e) {
      // No failure: a build tool wanted the application's beans, and not its life.
      throw e;
    } catch (RuntimeException e) {
      // Said already, in the report of the start. Threads of a destination's client would keep the
      // process alive, and whoever watches over it would take it for a gateway.
      System.exit(1);
    }
  }
}
