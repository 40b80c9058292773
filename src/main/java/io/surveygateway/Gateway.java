package io.surveygateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The gateway as one process: receives survey webhooks, keeps them, maps them, delivers them. */
@SpringBootApplication(exclude = FlywayAutoConfiguration.class)
@ConfigurationPropertiesScan
public class Gateway {

  public static void main(String[] args) {
    SpringApplication.run(Gateway.class, args);
  }
}
