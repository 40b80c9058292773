package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.surveygateway.store.SurveyReads.Count;
import io.surveygateway.store.SurveyReads.Key;
import io.surveygateway.store.SurveyReads.Survey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A store that was in use before responses were counted by survey. */
class SurveyMigrationTest {

  private static final long QUARTER = 900_000;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void countsWhatIsThereAlready(Dialect dialect) {
    var store = OlderStore.open(dialect, folder, "14");
    var jdbc = new JdbcTemplate(store.source());
    var change = "survey.response.updated";
    insert(jdbc, 1, change, "popsee:r-1", 5, QUARTER + 1, "\"status\":\"partial\"");
    insert(
        jdbc,
        2,
        change,
        "popsee:r-1",
        9,
        3 * QUARTER,
        "\"status\":\"completed\",\"scores\":{\"nps\":6.5},\"respondent\":{\"externalId\":\"u-7\"}");
    insert(jdbc, 3, change, "popsee:r-1", 7, 3 * QUARTER, "\"status\":\"partial\"");
    insert(
        jdbc,
        4,
        change,
        "popsee:r-2",
        1,
        4 * QUARTER,
        "\"status\":\"deleted\",\"survey\":{\"title\":\"Checkout\"}");
    insert(jdbc, 5, "survey.updated", "popsee:s-1", 1, 1, "\"survey\":{\"title\":\"Other\"}");
    insert(jdbc, 6, change, "popsee:r-3", 1, 1, "\"status\":\"partial\",\"pageUrl\":\"\\u0000\"");

    store.migrateToLatest();

    var reads = new SurveyReads(new Store(dialect, store.source(), store.source(), store.source()));
    assertThat(reads.list(null, null, 10))
        .containsExactly(
            new Survey("popsee", "s-1", "Checkout", 1, Instant.ofEpochMilli(4 * QUARTER)));
    assertThat(reads.counts(new Key("popsee", "s-1"), Duration.ofMinutes(15), Instant.EPOCH))
        .extracting(Count::start, SurveyCountsTest::words)
        .containsExactly(
            tuple(Instant.ofEpochMilli(QUARTER), "1 completed, 1 said 6"),
            tuple(Instant.ofEpochMilli(4 * QUARTER), "1 deleted"));
    assertThat(jdbc.queryForList("SELECT first_at FROM event ORDER BY id", Long.class))
        .containsExactly(QUARTER + 1, QUARTER + 1, QUARTER + 1, 4 * QUARTER, null, 1L);
    assertThat(jdbc.queryForList("SELECT external_id FROM event ORDER BY id", String.class))
        .containsExactly(null, "u-7", null, null, null, null);
  }

  private static void insert(
      JdbcTemplate jdbc, long id, String type, String subject, long time, long kept, String data) {
    jdbc.update(
        "INSERT INTO event (id, provider, event_key, request_id, type, subject, survey_id,"
            + " event_time, created_at, document) VALUES (?, 'popsee', ?, 1, ?, ?, 's-1', ?, ?, ?)",
        id,
        "k-" + id,
        type,
        subject,
        time,
        kept,
        "{\"data\":{" + data + "}}");
  }
}
