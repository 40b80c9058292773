package io.surveygateway.store;

import io.surveygateway.PostgresForTests;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A store whose tables are those of an older version, to be brought to the latest. */
record OlderStore(Dialect dialect, DataSource source) {

  /**
   * @param folder for the file of SQLite
   * @param version of its tables, as the names of the migrations count it
   */
  static OlderStore open(Dialect dialect, Path folder, String version) {
    return on(
        dialect,
        dialect == Dialect.SQLITE
            ? "jdbc:sqlite:" + folder.resolve("gateway.db")
            : PostgresForTests.newDatabase(),
        version);
  }

  /**
   * @param url of a database that is empty
   */
  static OlderStore on(Dialect dialect, String url, String version) {
    var store = new OlderStore(dialect, new DriverManagerDataSource(url));
    store.migrate(version);
    return store;
  }

  void migrateToLatest() {
    migrate("latest");
  }

  private void migrate(String target) {
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/store")
        .placeholders(dialect.placeholders())
        .target(target)
        .load()
        .migrate();
  }
}
