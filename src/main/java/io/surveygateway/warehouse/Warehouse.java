package io.surveygateway.warehouse;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The place that responses go to: a database of its own, or the gateway's store.
 *
 * <p>In the store the two tables are ours to make. In a database of its own nothing is made, and it
 * may be away, even at the start.
 */
final class Warehouse implements AutoCloseable {

  private final DataSource dataSource;
  private final @Nullable HikariDataSource ownPool;

  private Warehouse(DataSource dataSource, @Nullable HikariDataSource ownPool) {
    this.dataSource = new KeptInTransaction(dataSource);
    this.ownPool = ownPool;
  }

  /**
   * @param store asked for only if the settings name no other database
   */
  static Warehouse open(WarehouseProperties settings, Supplier<DataSource> store)
      throws SQLException {
    if (settings.url() != null) {
      var pool = pool(settings, settings.url());
      return new Warehouse(pool, pool);
    }
    var shared = store.get();
    WarehouseSchema.migrate(shared);
    return new Warehouse(shared, null);
  }

  DataSource dataSource() {
    return dataSource;
  }

  /** Whether it is the gateway's own store, with tables that the gateway looks after. */
  boolean isTheStore() {
    return ownPool == null;
  }

  @Override
  public void close() {
    if (ownPool != null) {
      ownPool.close();
    }
  }

  private static HikariDataSource pool(WarehouseProperties settings, String url) {
    try {
      DriverManager.getDriver(url);
    } catch (SQLException e) {
      // Its message repeats the address, and people put passwords there.
      throw new IllegalStateException(
          "Expected WAREHOUSE_URL to begin with jdbc:postgresql: or jdbc:sqlite:, or the driver of"
              + " another database on the class path");
    }
    var config = new HikariConfig();
    config.setPoolName("warehouse");
    config.setJdbcUrl(url);
    config.setUsername(settings.username());
    config.setPassword(settings.password());
    // The gateway starts without it, and a delivery that finds it away is soon back in the outbox.
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
    config.setMaximumPoolSize(5);
    // What the address says outranks the properties that follow.
    if (url.startsWith("jdbc:sqlite:")) {
      // One writer at a time; analysts read meanwhile, and may hold a lock for a moment.
      config.setMaximumPoolSize(1);
      config.addDataSourceProperty("journal_mode", "WAL");
      config.addDataSourceProperty("synchronous", "FULL");
      config.addDataSourceProperty("busy_timeout", "5000");
    } else if (url.startsWith("jdbc:postgresql:")) {
      config.addDataSourceProperty("ApplicationName", "survey-gateway");
      config.addDataSourceProperty("connectTimeout", "5");
      config.addDataSourceProperty("socketTimeout", "60");
      config.addDataSourceProperty("tcpKeepAlive", "true");
      // Details quote what respondents wrote.
      config.addDataSourceProperty("logServerErrorDetail", "false");
    }
    return new HikariDataSource(config);
  }
}
