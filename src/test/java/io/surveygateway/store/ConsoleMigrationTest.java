package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.PostgresForTests;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A store that was in use before events were found by address. */
class ConsoleMigrationTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void findsWhatIsThereAlready(Dialect dialect) {
    var source =
        new DriverManagerDataSource(
            dialect == Dialect.SQLITE
                ? "jdbc:sqlite:" + folder.resolve("gateway.db")
                : PostgresForTests.newDatabase());
    migrate(dialect, source, "11");
    var jdbc = new JdbcTemplate(source);
    var documents =
        new String[] {
          "{\"data\":{\"respondent\":{\"email\":\"Ada@Example.org\"}}}",
          "{\"data\":{\"respondent\":{\"name\":\"Bob\"},\"attributes\":{\"email\":\"other\"}}}",
          "{\"data\":{\"respondent\":{\"email\":\"c@example.org\"},\"pageUrl\":\"\\u0000\"}}",
          "{\"data\":{\"respondent\":null}}",
          "{}"
        };
    for (var i = 0; i < documents.length; i++) {
      jdbc.update(
          "INSERT INTO event (id, provider, event_key, request_id, type, subject, event_time,"
              + " created_at, document) VALUES (?, 'popsee', ?, 1, 't', 's', 1, 1, ?)",
          i,
          "k-" + i,
          documents[i]);
    }

    migrate(dialect, source, "latest");

    assertThat(jdbc.queryForList("SELECT email FROM event ORDER BY id", String.class))
        .containsExactly("ada@example.org", null, null, null, null);
  }

  private static void migrate(Dialect dialect, DataSource source, String target) {
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/store")
        .placeholders(dialect.placeholders())
        .target(target)
        .load()
        .migrate();
  }
}
