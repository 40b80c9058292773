package io.surveygateway.warehouse;

import io.surveygateway.failure.FailureClassifier;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Shows whether the business database takes responses: it answers, and has the two tables.
 *
 * <p>No part of readiness. While it is away responses are still accepted, and wait in the outbox.
 */
final class WarehouseHealth implements HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(WarehouseHealth.class);

  private final Warehouse warehouse;
  private final FailureClassifier errors;

  WarehouseHealth(Warehouse warehouse, FailureClassifier errors) {
    this.warehouse = warehouse;
    this.errors = errors;
  }

  @Override
  public Health health() {
    var place = warehouse.isTheStore() ? "the gateway's own store" : "a database of its own";
    try {
      WarehouseSchema.check(warehouse.dataSource());
      return Health.up().withDetail("place", place).build();
    } catch (SQLException e) {
      return Health.down()
          .withDetail("place", place)
          .withDetail("reason", errors.classify(e).reason())
          .build();
    }
  }

  /** Says once at start what is wrong, on a thread that may wait without holding up anybody. */
  @EventListener(ApplicationReadyEvent.class)
  void tellAtStart() {
    var check =
        new Thread(
            () -> {
              var health = health();
              if (health.getDetails().get("reason") instanceof String reason) {
                log.warn("{}. Responses for it wait in the outbox", reason);
              }
            },
            "warehouse-check");
    check.setDaemon(true);
    check.start();
  }
}
