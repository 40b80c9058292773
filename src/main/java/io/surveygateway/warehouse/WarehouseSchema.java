package io.surveygateway.warehouse;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * The two tables of the business database: made where they are ours to make, looked for elsewhere.
 *
 * <p>In the gateway's own store their history stands in a table of its own, {@code
 * warehouse_schema_history}: the store's migrations and these do not know each other.
 */
final class WarehouseSchema {

  static final List<String> TABLES = List.of("survey_response", "survey_answer");

  private WarehouseSchema() {}

  /** Makes the tables, or brings them up to date. */
  static void migrate(DataSource store) throws SQLException {
    Flyway.configure()
        .dataSource(store)
        .locations("classpath:db/warehouse/" + dialectOf(store))
        .table("warehouse_schema_history")
        // The store's own tables stand there already.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }

  /** Throws what the database says if a table is missing, or cannot be read. */
  static void check(DataSource warehouse) throws SQLException {
    try (var connection = warehouse.getConnection();
        var statement = connection.createStatement()) {
      for (var table : TABLES) {
        statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0").close();
      }
    }
  }

  private static String dialectOf(DataSource store) throws SQLException {
    try (var connection = store.getConnection()) {
      return connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
    }
  }
}
