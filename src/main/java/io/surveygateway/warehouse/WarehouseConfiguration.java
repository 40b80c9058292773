package io.surveygateway.warehouse;

import io.surveygateway.failure.FailureClassifier;
import java.sql.SQLException;
import java.time.Clock;
import javax.sql.DataSource;
import org.apache.camel.component.jdbc.JdbcPrepareStatementStrategy;
import org.apache.camel.spi.TransactedPolicy;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans that {@code routes/destinations/database/} names, and what they stand on. */
@Configuration(proxyBeanMethods = false)
class WarehouseConfiguration {

  /** After the store has made its own tables: it expects an empty database for that. */
  @Bean
  @DependsOn("store")
  Warehouse warehousePlace(
      WarehouseProperties settings, @Qualifier("store") ObjectProvider<DataSource> store)
      throws SQLException {
    return Warehouse.open(settings, store::getObject);
  }

  /** Closed by its place, which knows whether it is ours to close. */
  @Bean(destroyMethod = "")
  DataSource warehouse(Warehouse warehousePlace) {
    return warehousePlace.dataSource();
  }

  @Bean
  PlatformTransactionManager warehouseTransactions(@Qualifier("warehouse") DataSource warehouse) {
    return new JdbcTransactionManager(warehouse);
  }

  @Bean
  TransactedPolicy warehouseTransaction(
      @Qualifier("warehouseTransactions") PlatformTransactionManager warehouseTransactions) {
    return new WarehouseTransaction(warehouseTransactions);
  }

  @Bean
  ShapeRows warehouseRows() {
    return new ShapeRows(Clock.systemUTC());
  }

  @Bean
  JdbcPrepareStatementStrategy warehouseStatements() {
    return new WarehouseStatements();
  }

  @Bean
  FailureClassifier warehouseErrors() {
    return new WarehouseErrors();
  }

  @Bean
  WarehouseHealth warehouseHealthIndicator(
      Warehouse warehousePlace, @Qualifier("warehouseErrors") FailureClassifier warehouseErrors) {
    return new WarehouseHealth(warehousePlace, warehouseErrors);
  }
}
