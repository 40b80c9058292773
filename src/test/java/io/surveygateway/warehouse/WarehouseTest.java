package io.surveygateway.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.surveygateway.PostgresForTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.jdbc.core.JdbcTemplate;

class WarehouseTest {

  private static final Path MIGRATIONS = Path.of("src/main/resources/db/warehouse");

  @Test
  void makesItsTablesInAnSqliteStoreThatHasTablesOfItsOwn(@TempDir Path folder) throws Exception {
    makesItsTablesBesideTheStores("jdbc:sqlite:" + folder.resolve("gateway.db"));
  }

  @Test
  void makesItsTablesInAPostgresqlStoreThatHasTablesOfItsOwn() throws Exception {
    makesItsTablesBesideTheStores(PostgresForTests.newDatabase());
  }

  private static void makesItsTablesBesideTheStores(String url) throws Exception {
    try (var store = pool(url)) {
      store.setMaximumPoolSize(url.contains("sqlite") ? 1 : 2);
      var sql = new JdbcTemplate(store);
      sql.execute("CREATE TABLE flyway_schema_history (installed_rank INT)");
      var settings = new WarehouseProperties("", "", "");

      Warehouse.open(settings, () -> store).close();
      try (var again = Warehouse.open(settings, () -> store)) {
        WarehouseSchema.check(again.dataSource());

        assertThat(again.isTheStore()).isTrue();
        assertThat(sql.queryForObject("SELECT count(*) FROM warehouse_schema_history", int.class))
            .isEqualTo(2);
      }
      assertThat(store.isClosed()).isFalse();
    }
  }

  @Test
  void makesNothingInADatabaseOfItsOwn(@TempDir Path folder) throws Exception {
    var url = "jdbc:sqlite:" + folder.resolve("warehouse.db");
    try (var warehouse = open(url)) {
      var health = new WarehouseHealth(warehouse, new WarehouseErrors()).health();

      assertThat(health.getStatus()).isEqualTo(Status.DOWN);
      assertThat(health.getDetails().get("reason"))
          .asString()
          .contains("no such table: survey_response", "run its SQL file there");
      assertThat(
              new JdbcTemplate(warehouse.dataSource())
                  .queryForList("SELECT name FROM sqlite_schema"))
          .isEmpty();
    }
  }

  @Test
  void worksOnceTheAdministratorRanTheSqliteFile(@TempDir Path folder) throws Exception {
    // As `sqlite3 warehouse.db < V1__survey_responses.sql` would: statement by statement.
    var url = "jdbc:sqlite:" + folder.resolve("warehouse.db");
    try (var admin = DriverManager.getConnection(url);
        var statement = admin.createStatement()) {
      statement.executeUpdate(
          Files.readString(MIGRATIONS.resolve("sqlite/V1__survey_responses.sql")));
    }

    assertThat(healthOf(url)).isEqualTo(up());
  }

  @Test
  void worksOnceTheAdministratorRanThePostgresqlFile() throws Exception {
    var url = PostgresForTests.newDatabase();
    try (var admin = DriverManager.getConnection(url);
        var statement = admin.createStatement()) {
      statement.execute(
          Files.readString(MIGRATIONS.resolve("postgresql/V1__survey_responses.sql")));
    }

    assertThat(healthOf(url)).isEqualTo(up());
  }

  @Test
  void opensWhileTheDatabaseIsAway() throws Exception {
    var health = healthOf("jdbc:postgresql://127.0.0.1:1/warehouse?connectTimeout=1");

    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails().get("reason")).asString().startsWith("The business database");
  }

  @Test
  void saysThatNoDriverTakesTheAddressWithoutRepeatingIt() {
    assertThatThrownBy(() -> open("jdbc:nosuch://host/name?password=secret"))
        .hasMessage(
            "Expected WAREHOUSE_URL to begin with jdbc:postgresql: or jdbc:sqlite:, or the driver"
                + " of another database on the class path")
        .hasNoCause();
  }

  @Test
  void refusesAnAddressThatIsNotJdbc() {
    assertThatThrownBy(() -> new WarehouseProperties("postgres://u:secret@host/name", "", ""))
        .hasMessage(
            "Expected WAREHOUSE_URL to be a JDBC address such as jdbc:postgresql://host:5432/name,"
                + " or empty for the gateway's own store");
  }

  @Test
  void refusesALoginWithoutAnAddress() {
    assertThatThrownBy(() -> new WarehouseProperties(" ", "analyst", "secret"))
        .hasMessageStartingWith("Expected WAREHOUSE_URL beside WAREHOUSE_USERNAME");
  }

  @Test
  void hidesWhatItIsToldInItsText() {
    assertThat(new WarehouseProperties("jdbc:sqlite:x?password=secret", "user", "secret"))
        .hasToString("WarehouseProperties[a database of its own]");
  }

  private static Health healthOf(String url) throws SQLException {
    try (var warehouse = open(url)) {
      return new WarehouseHealth(warehouse, new WarehouseErrors()).health();
    }
  }

  private static Health up() {
    return Health.up().withDetail("place", "a database of its own").build();
  }

  private static Warehouse open(String url) throws SQLException {
    return Warehouse.open(
        new WarehouseProperties(url, null, null),
        () -> {
          throw new AssertionError("The store was asked for");
        });
  }

  private static HikariDataSource pool(String url) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    return pool;
  }
}
