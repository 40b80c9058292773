package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A store that was in use before events were found by address. */
class ConsoleMigrationTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void findsWhatIsThereAlready(Dialect dialect) {
    var store = OlderStore.open(dialect, folder, "11");
    var jdbc = new JdbcTemplate(store.source());
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

    store.migrateToLatest();

    assertThat(jdbc.queryForList("SELECT email FROM event ORDER BY id", String.class))
        .containsExactly("ada@example.org", null, null, null, null);
  }
}
