package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A store that was in use while SurveyMonkey alone was compared. */
class GapMigrationTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void keepsHowFarItWasComparedAndWhenItIsDue(Dialect dialect) {
    var store = OlderStore.open(dialect, folder, "9");
    var jdbc = new JdbcTemplate(store.source());
    jdbc.update("INSERT INTO surveymonkey_job (name, next_at) VALUES ('gap repair', 7)");
    jdbc.update(
        "INSERT INTO surveymonkey_survey (survey_id, seen_until, is_whole) VALUES ('310', 5, 0)");

    store.migrateToLatest();

    assertThat(jdbc.queryForList("SELECT name || ' ' || next_at FROM provider_job", String.class))
        .containsExactly("surveymonkey gap repair 7");
    assertThat(
            jdbc.queryForList(
                "SELECT provider || ' ' || survey_id || ' ' || seen_until || ' ' || is_whole FROM"
                    + " gap_look",
                String.class))
        .containsExactly("surveymonkey 310 5 0");
  }
}
