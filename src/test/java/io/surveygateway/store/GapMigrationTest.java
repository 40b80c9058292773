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

/** A store that was in use while SurveyMonkey alone was compared. */
class GapMigrationTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void keepsHowFarItWasComparedAndWhenItIsDue(Dialect dialect) {
    var source =
        new DriverManagerDataSource(
            dialect == Dialect.SQLITE
                ? "jdbc:sqlite:" + folder.resolve("gateway.db")
                : PostgresForTests.newDatabase());
    migrate(dialect, source, "9");
    var jdbc = new JdbcTemplate(source);
    jdbc.update("INSERT INTO surveymonkey_job (name, next_at) VALUES ('gap repair', 7)");
    jdbc.update(
        "INSERT INTO surveymonkey_survey (survey_id, seen_until, is_whole) VALUES ('310', 5, 0)");

    migrate(dialect, source, "latest");

    assertThat(jdbc.queryForList("SELECT name || ' ' || next_at FROM provider_job", String.class))
        .containsExactly("surveymonkey gap repair 7");
    assertThat(
            jdbc.queryForList(
                "SELECT provider || ' ' || survey_id || ' ' || seen_until || ' ' || is_whole FROM"
                    + " gap_look",
                String.class))
        .containsExactly("surveymonkey 310 5 0");
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
