package io.surveygateway.warehouse;

import static io.surveygateway.warehouse.SurveyEvents.completed;
import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.PostgresForTests;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Failure;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** {@code routes/destinations/database/database.camel.yaml}, from the outbox to the rows. */
class DatabaseRouteTest {

  @Nested
  class OnSqlite extends OnAnyDatabase {

    @Override
    String newDatabase(Path folder) {
      return "jdbc:sqlite:" + folder.resolve("warehouse.db");
    }
  }

  @Nested
  class OnPostgresql extends OnAnyDatabase {

    @Override
    String newDatabase(Path folder) {
      return PostgresForTests.newDatabase();
    }

    @Test
    void storesTypesThatAnalystsCanReckonWith() throws Exception {
      deliver(completed());

      assertThat(
              sql.queryForObject(
                  """
                  SELECT extract(epoch FROM completed_at - started_at) || ' '
                    || round(nps / 2, 1) || ' ' || (document -> 'scores' ->> 'csat')
                  FROM survey_response
                  """,
                  String.class))
          .isEqualTo("89.500000 4.5 4.5");
    }
  }

  @TestInstance(Lifecycle.PER_CLASS)
  abstract static class OnAnyDatabase {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private Instant now = NOON;
    private final OutboxStandIn outboxComponent = new OutboxStandIn();
    private CamelContext camel;
    private ProducerTemplate outbox;
    private Warehouse warehouse;
    JdbcTemplate sql;

    abstract String newDatabase(Path folder);

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
      warehouse =
          Warehouse.open(
              new WarehouseProperties(newDatabase(folder), null, null),
              () -> {
                throw new AssertionError("The store was asked for");
              });
      WarehouseSchema.migrate(warehouse.dataSource());
      sql = new JdbcTemplate(warehouse.dataSource());
      camel = new DefaultCamelContext();
      var beans = camel.getRegistry();
      beans.bind("warehouse", warehouse.dataSource());
      beans.bind(
          "warehouseTransaction",
          new WarehouseTransaction(new JdbcTransactionManager(warehouse.dataSource())));
      InstantSource time = () -> now;
      beans.bind("warehouseRows", new ShapeRows(time.withZone(ZoneOffset.UTC)));
      beans.bind("warehouseStatements", new WarehouseStatements());
      beans.bind("warehouseErrors", new WarehouseErrors());
      camel.addComponent("outbox", outboxComponent);
      var route =
          PluginHelper.getResourceLoader(camel)
              .resolveResource("file:routes/destinations/database/database.camel.yaml");
      PluginHelper.getRoutesLoader(camel).loadRoutes(route);
      camel.start();
      outbox = camel.createProducerTemplate();
    }

    @AfterAll
    void stop() throws Exception {
      camel.close();
      warehouse.close();
    }

    @BeforeEach
    void empty() {
      now = NOON;
      sql.update("DELETE FROM survey_answer");
      sql.update("DELETE FROM survey_response");
    }

    @Test
    void writesOneRowForTheResponse() throws Exception {
      deliver(completed());

      var row = response();
      assertThat(row)
          .containsEntry("response_key", "popsee:7c9e")
          .containsEntry("provider", "popsee")
          .containsEntry("response_id", "7c9e")
          .containsEntry("survey_id", "s-1")
          .containsEntry("survey_title", "After the visit")
          .containsEntry("collector_id", "c-1")
          .containsEntry("collector_name", "Shop")
          .containsEntry("collector_channel", "web")
          .containsEntry("status", "completed")
          .containsEntry("respondent_id", "r-1")
          .containsEntry("respondent_email", "jo@example.com")
          .containsEntry("respondent_name", "Jo Doe")
          .containsEntry("respondent_phone", "+44 20 7946 0000")
          .containsEntry("respondent_external_id", "crm-9")
          .containsEntry("respondent_language", "en")
          .containsEntry("started_at", "2026-03-01T09:58:30.500Z")
          .containsEntry("completed_at", "2026-03-01T10:00:00.000Z")
          .containsEntry("modified_at", "2026-03-01T10:00:00.123Z")
          .containsEntry("duration_seconds", "89.5")
          .containsEntry("nps", "9")
          .containsEntry("csat", "4.5")
          .containsEntry("ces", null)
          .containsEntry("event_id", "evt-1")
          .containsEntry("event_type", "survey.response.completed")
          .containsEntry("event_at", "2026-03-01T10:00:00.000Z")
          .containsEntry("created_at", "2026-03-01T12:00:00.000Z")
          .containsEntry("updated_at", "2026-03-01T12:00:00.000Z");
      assertThat(SurveyEvents.JSON.readTree(row.get("document")))
          .isEqualTo(completed().node().get("data"));
    }

    @Test
    void writesOneRowForEachAnswerAndEachMatrixRow() throws Exception {
      deliver(completed());

      assertThat(answers())
          .containsExactly(
              "popsee:7c9e|q1||1|Would you recommend us?|rating|9|9",
              "popsee:7c9e|q2|price|2|How was … – Price|choice|Fair|null",
              "popsee:7c9e|q2|staff|3|How was … – Staff|choice|Friendly|null");
    }

    @Test
    void writesNumbersOnlyWhereTheAnswerIsOne() throws Exception {
      deliver(
          completed()
              .withAnswers(
                  """
                  [{"questionId": "a", "position": 1, "value": "42", "text": "42"},
                   {"questionId": "b", "position": 2, "value": true},
                   {"questionId": "c", "position": 3, "value": 0.25},
                   {"questionId": "d", "position": 4, "value": -3},
                   {"questionId": "e", "position": 5, "value": ["x", "y"]},
                   {"questionId": "f", "position": 6},
                   {"questionId": "g", "position": 7, "value": 9007199254740993},
                   {"questionId": "h", "position": 8, "value": 1e999}]
                  """));

      assertThat(answers())
          .containsExactly(
              "popsee:7c9e|a||1|null|null|42|null",
              "popsee:7c9e|b||2|null|null|true|null",
              "popsee:7c9e|c||3|null|null|0.25|0.25",
              "popsee:7c9e|d||4|null|null|-3|-3",
              "popsee:7c9e|e||5|null|null|x; y|null",
              "popsee:7c9e|f||6|null|null|null|null",
              "popsee:7c9e|g||7|null|null|9007199254740993|9007199254740993",
              "popsee:7c9e|h||8|null|null|Infinity|null");
    }

    @Test
    void joinsTwoAnswersToOneQuestion() throws Exception {
      deliver(
          completed()
              .withAnswers(
                  """
                  [{"questionId": "a", "position": 1, "value": 1, "text": "Red"},
                   {"questionId": "a", "position": 2, "value": 2, "text": "Blue"}]
                  """));

      assertThat(answers()).containsExactly("popsee:7c9e|a||1|null|null|Red; Blue|null");
    }

    @Test
    void letsANewerEventReplaceRowAndAnswers() throws Exception {
      deliver(completed());
      now = NOON.plusSeconds(60);

      deliver(
          completed()
              .withId("evt-2")
              .ofType("survey.response.updated")
              .at("2026-03-01T10:00:00.001Z")
              .with(data -> data.withObject("/respondent").put("email", "jo@example.org"))
              .withAnswers("[{\"questionId\": \"q1\", \"position\": 1, \"value\": 3}]"));

      assertThat(response())
          .containsEntry("respondent_email", "jo@example.org")
          .containsEntry("event_type", "survey.response.updated")
          .containsEntry("created_at", "2026-03-01T12:00:00.000Z")
          .containsEntry("updated_at", "2026-03-01T12:01:00.000Z");
      assertThat(answers()).containsExactly("popsee:7c9e|q1||1|null|null|3|3");
    }

    @Test
    void neverLetsAnOlderEventWin() throws Exception {
      deliver(completed());
      var before = everything();
      now = NOON.plusSeconds(60);

      deliver(
          completed()
              .withId("evt-0")
              .at("2026-03-01T09:59:59.999Z")
              .with(data -> data.put("status", "partial"))
              .withAnswers("[]"));

      assertThat(everything()).isEqualTo(before);
    }

    @Test
    void neverLetsAnOlderDeletionWin() throws Exception {
      deliver(completed());
      var before = everything();

      deliver(completed().withId("evt-0").at("2026-03-01T09:59:59Z").deleted());

      assertThat(everything()).isEqualTo(before);
    }

    @Test
    void changesNothingOnARepeat() throws Exception {
      deliver(completed());
      var before = everything();
      now = NOON.plusSeconds(60);

      deliver(completed());

      assertThat(everything()).isEqualTo(before);
    }

    @Test
    void takesTheLaterArrivalOfTwoEventsOfOneMoment() throws Exception {
      deliver(completed());

      deliver(completed().withId("evt-2").with(data -> data.put("status", "disqualified")));

      assertThat(response())
          .containsEntry("status", "disqualified")
          .containsEntry("event_id", "evt-2");
    }

    @Test
    void takesAReplayThatWasMappedBetter() throws Exception {
      deliver(completed());

      deliver(completed().with(data -> data.withObject("/survey").put("title", "New title")));

      assertThat(response()).containsEntry("survey_title", "New title");
    }

    @Test
    void takesTheSameEventThatWasMappedAgainToAnEarlierTime() throws Exception {
      deliver(completed());

      deliver(completed().at("2026-03-01T09:00:00Z"));

      assertThat(response()).containsEntry("event_at", "2026-03-01T09:00:00.000Z");
      // And so one is news that came between the two times.
      deliver(completed().withId("evt-2").at("2026-03-01T09:30:00Z"));
      assertThat(response()).containsEntry("event_id", "evt-2");
    }

    @Test
    void keepsOfADeletedResponseThatItWasThere() throws Exception {
      deliver(completed());

      deliver(
          completed()
              .withId("evt-2")
              .at("2026-03-02T00:00:00Z")
              .deleted()
              .with(data -> data.withObject("/survey").remove("title")));

      var row = response();
      assertThat(row.get("document"))
          .satisfies(
              document ->
                  assertThat(SurveyEvents.JSON.readTree(document))
                      .isEqualTo(
                          SurveyEvents.JSON.readTree(
                              """
                              {"key": "popsee:7c9e", "provider": "popsee", "id": "7c9e",
                               "status": "deleted", "survey": {"id": "s-1"}}
                              """)));
      row.remove("document");
      row.values().removeIf(value -> value == null);
      assertThat(row)
          .containsOnlyKeys(
              "response_key",
              "provider",
              "response_id",
              "survey_id",
              "survey_title",
              "status",
              "event_id",
              "event_type",
              "event_at",
              "created_at",
              "updated_at")
          .containsEntry("status", "deleted")
          .containsEntry("survey_title", "After the visit");
      assertThat(answers()).isEmpty();
    }

    @Test
    void doesNotUndoADeletionByAnEventOfTheSameMoment() throws Exception {
      deliver(completed().withId("evt-2").deleted());

      deliver(completed());

      assertThat(response()).containsEntry("status", "deleted");
      assertThat(answers()).isEmpty();
    }

    @Test
    void writesAllRowsOfAnEventOrNone() throws Exception {
      var thrown =
          failure(
              completed()
                  .withAnswers(
                      """
                      [{"questionId": "a", "position": 1, "text": "fine"},
                       {"questionId": "b", "text": "has no position"},
                       {"questionId": "c", "position": 3, "text": "fine"}]
                      """));

      assertThat(everything()).isEmpty();
      assertThat(thrown.kind()).isEqualTo(Failure.Kind.PERMANENT);
      assertThat(thrown.reason())
          .contains("survey_answer", "position")
          .doesNotContain("fine", "popsee:7c9e");
    }

    @Test
    void keepsTheFormerRowsWhenNewOnesFail() throws Exception {
      deliver(completed());
      var before = everything();

      failure(
          completed()
              .withId("evt-2")
              .at("2026-03-02T00:00:00Z")
              .withAnswers("[{\"questionId\": \"b\", \"text\": \"has no position\"}]"));

      assertThat(everything()).isEqualTo(before);
    }

    @Test
    void writesTheResponsesOfABatch() throws Exception {
      deliver(completed().about("k1"), completed().about("k2").thin(), completed().about("k3"));

      assertThat(rows("SELECT response_key FROM survey_response ORDER BY 1"))
          .hasSize(3)
          .allSatisfy(row -> assertThat(row.get("response_key")).matches("k[123]"));
      assertThat(rows("SELECT DISTINCT response_key FROM survey_answer")).hasSize(2);
    }

    @Test
    void letsEachOfABatchWinOrLoseByItself() throws Exception {
      deliver(completed().about("k1"), completed().about("k2"), completed().about("k3"));
      var later = "2026-03-02T00:00:00Z";
      var oneAnswer = "[{\"questionId\": \"q9\", \"position\": 1, \"value\": 3}]";

      deliver(
          completed().about("k1").withId("evt-0").at("2026-02-01T00:00:00Z").withAnswers(oneAnswer),
          completed().about("k2").withId("evt-2").at(later).withAnswers(oneAnswer),
          completed().about("k3").withId("evt-3").at(later).thin());

      assertThat(answers("response_key || '|' || question_id"))
          .containsExactly("k1|q1", "k1|q2", "k1|q2", "k2|q9", "k3|q1", "k3|q2", "k3|q2");
      assertThat(answers("DISTINCT response_key || '|' || event_id"))
          .containsExactly("k1|evt-1", "k2|evt-2", "k3|evt-3");
    }

    private List<String> answers(String shown) {
      return sql.queryForList(
          "SELECT "
              + shown
              + " FROM survey_response JOIN survey_answer USING (response_key) ORDER BY 1",
          String.class);
    }

    /** The outbox then sends each by itself. */
    @Test
    void writesNothingOfABatchThatHoldsABadOne() throws Exception {
      var bad = completed().withAnswers("[{\"questionId\": \"b\", \"text\": \"has no position\"}]");

      var thrown = failure(completed().about("k1"), bad.about("k2"), completed().about("k3"));

      assertThat(everything()).isEmpty();
      assertThat(thrown.kind()).isEqualTo(Failure.Kind.PERMANENT);
    }

    @Test
    void worksOnAfterAFailure() throws Exception {
      IntStream.range(0, 20)
          .forEach(
              i -> failure(completed().withAnswers("[{\"questionId\": \"b\"}]").about("k" + i)));

      deliver(completed());

      assertThat(response()).containsEntry("response_key", "popsee:7c9e");
    }

    @Test
    void keepsWhatAThinEventDoesNotTell() throws Exception {
      deliver(completed().with(data -> data.putObject("attributes").put("plan", "pro")));
      var before = response();
      var answersBefore = answers();

      deliver(
          completed()
              .withId("evt-2")
              .ofType("survey.response.updated")
              .at("2026-03-02T00:00:00Z")
              .thin()
              .with(data -> data.put("status", "partial"))
              .with(data -> data.put("modifiedAt", "2026-03-02T00:00:00Z"))
              .with(data -> data.remove("completedAt")));

      assertThat(answers()).hasSize(3).isEqualTo(answersBefore);
      var after = response();
      assertThat(after)
          .containsEntry("event_id", "evt-2")
          .containsEntry("modified_at", "2026-03-02T00:00:00.000Z");
      assertThat(SurveyEvents.JSON.readTree(after.get("document")).path("attributes"))
          .isEqualTo(
              SurveyEvents.JSON.readTree(
                  "{\"plan\": \"pro\", \"answers_not_fetched\": \"no access token\"}"));
      var said = List.of("event_id", "event_type", "event_at", "modified_at", "document");
      after.keySet().removeAll(said);
      before.keySet().removeAll(said);
      assertThat(after).isEqualTo(before).containsEntry("nps", "9");
    }

    @Test
    void writesAThinEventThatIsTheFirst() throws Exception {
      deliver(completed().thin());

      assertThat(response())
          .containsEntry("status", "completed")
          .containsEntry("respondent_email", null);
      assertThat(answers()).isEmpty();
    }

    /** What was known of each is read by a statement that its reader closes. */
    @Test
    void keepsWhatSeveralThinEventsOfABatchDoNotTell() throws Exception {
      deliver(completed());

      deliver(
          completed().withId("evt-2").ofType("survey.response.updated").thin(),
          completed().withId("evt-3").ofType("survey.response.updated").thin(),
          completed().withId("evt-4").ofType("survey.response.updated").thin());

      assertThat(answers()).hasSize(3);
      assertThat(response()).containsEntry("nps", "9").containsEntry("event_id", "evt-4");
    }

    @Test
    void completesAThinEventLater() throws Exception {
      deliver(completed().ofType("survey.response.updated").thin());

      deliver(completed().withId("evt-2"));

      assertThat(response()).containsEntry("nps", "9");
      assertThat(SurveyEvents.JSON.readTree(response().get("document")))
          .isEqualTo(completed().node().get("data"));
      assertThat(answers()).hasSize(3);
    }

    @Test
    void changesNothingOnARepeatOfAThinEvent() throws Exception {
      deliver(completed());
      deliver(completed().withId("evt-2").at("2026-03-02T00:00:00Z").thin());
      var before = everything();
      now = NOON.plusSeconds(60);

      deliver(completed().withId("evt-2").at("2026-03-02T00:00:00Z").thin());

      assertThat(everything()).isEqualTo(before);
    }

    @Test
    void neverLetsAnOlderThinEventWin() throws Exception {
      deliver(completed());
      var before = everything();

      deliver(completed().withId("evt-0").at("2026-02-01T00:00:00Z").thin());

      assertThat(everything()).isEqualTo(before);
    }

    @Test
    void emptiesWhatAnEventWithoutAnswersNoLongerHolds() throws Exception {
      deliver(completed());

      deliver(
          completed()
              .withId("evt-2")
              .with(data -> data.remove(List.of("answers", "scores", "respondent"))));

      assertThat(response()).containsEntry("nps", null).containsEntry("respondent_id", null);
      assertThat(answers()).isEmpty();
    }

    @Test
    void neverLetsAnEventWithoutItsAnswersWinOverTheSameOneWithThem() throws Exception {
      deliver(completed().withId("evt-1"));
      var before = everything();

      deliver(completed().withId("evt-1|thin").thin());

      assertThat(everything()).isEqualTo(before);
    }

    @Test
    void completesAnEventThatCameWithoutItsAnswersFirst() throws Exception {
      deliver(completed().withId("evt-1"));
      var complete = everything();
      empty();
      deliver(completed().withId("evt-1|thin").thin());

      deliver(completed().withId("evt-1"));

      assertThat(everything()).isEqualTo(complete);
    }

    @Test
    void deletesByAThinEventToo() throws Exception {
      deliver(completed());

      deliver(completed().withId("evt-2").thin().deleted());

      assertThat(response()).containsEntry("status", "deleted").containsEntry("nps", null);
      assertThat(answers()).isEmpty();
    }

    @Test
    void keepsHostileTextAsText() throws Exception {
      var hostile =
          "'; DROP TABLE survey_answer; -- \" \\ ? :?now ${body} {{x}} %s \uD83D\uDE00\r\n\t";

      deliver(
          completed()
              .with(data -> data.withObject("/respondent").put("name", hostile))
              .with(
                  data ->
                      data.putArray("answers")
                          .addObject()
                          .put("questionId", hostile)
                          .put("position", 1)
                          .put("text", hostile)));

      assertThat(response()).containsEntry("respondent_name", hostile);
      assertThat(answers())
          .containsExactly("popsee:7c9e|" + hostile + "||1|null|null|" + hostile + "|null");
    }

    @Test
    void takesNoValueFromAnotherHeader() throws Exception {
      var exchange = new DefaultExchange(camel);
      exchange.getMessage().setBody(SurveyJson.mapper().createArrayNode().add(completed().node()));
      exchange.getMessage().setHeader("response_key", "another");
      exchange.getMessage().setHeader("CamelJdbcParameters", Map.of("response_key", "another"));
      exchange.getMessage().setHeader("CamelJdbcUpdateCount", "0");

      outbox.send("outbox:database", exchange);

      assertThat(exchange.getException()).isNull();
      assertThat(response()).containsEntry("response_key", "popsee:7c9e");
      assertThat(answers()).hasSize(3);
    }

    @Test
    void writesABatchOfLargeResponses() throws Exception {
      deliver(withAnswers("k1", 3000), withAnswers("k2", 3000), withAnswers("k3", 3000));

      assertThat(
              sql.queryForList(
                  "SELECT count(*) FROM survey_answer GROUP BY response_key", Integer.class))
          .containsExactly(3000, 3000, 3000);
    }

    private static SurveyEvents withAnswers(String key, int count) {
      var answers =
          IntStream.rangeClosed(1, count)
              .mapToObj("{\"questionId\": \"q%1$d\", \"position\": %1$d}"::formatted)
              .collect(Collectors.joining(",", "[", "]"));
      return completed().about(key).withAnswers(answers);
    }

    @Test
    void writesFiveThousandAnswersInOneGo() throws Exception {
      var many = completed();
      many.with(
          data -> {
            var answers = data.putArray("answers");
            for (var i = 1; i <= 5000; i++) {
              var answer =
                  answers
                      .addObject()
                      .put("questionId", "q" + i)
                      .put("position", i)
                      .put("text", "t");
              if (i % 3 == 0) {
                answer.put("value", i % 2 == 0 ? i : i / 10.0);
              }
            }
          });
      deliver(many);

      assertThat(
              sql.queryForList(
                  "SELECT position FROM survey_answer ORDER BY position", Integer.class))
          .isEqualTo(IntStream.rangeClosed(1, 5000).boxed().toList());
    }

    @Test
    void writesAResponseWithoutAnswers() throws Exception {
      deliver(completed().with(data -> data.remove(List.of("answers", "respondent", "scores"))));

      assertThat(response()).containsEntry("respondent_email", null).containsEntry("nps", null);
      assertThat(answers()).isEmpty();
    }

    @Test
    void namesWhoKnowsItsErrors() {
      assertThat(outboxComponent.errors()).isInstanceOf(WarehouseErrors.class);
    }

    @Test
    void refusesWhatIsNoResponse() {
      assertThat(failure(completed().ofType("survey.collector.created")))
          .isEqualTo(
              Failure.permanent(
                  "Expected an event about a response (survey.response.…), got"
                      + " survey.collector.created: the business database holds responses only;"
                      + " see routes/router.camel.yaml"));
    }

    void deliver(SurveyEvents... events) throws Exception {
      var exchange = new DefaultExchange(camel);
      var batch = SurveyJson.mapper().createArrayNode();
      Stream.of(events).forEach(event -> batch.add(event.node()));
      exchange.getMessage().setBody(batch);
      outbox.send("outbox:database", exchange);
      if (exchange.getException() != null) {
        throw exchange.getException();
      }
    }

    private Failure failure(SurveyEvents... events) {
      try {
        deliver(events);
      } catch (Exception e) {
        return new WarehouseErrors().classify(e);
      }
      throw new AssertionError("Expected a failure");
    }

    /** The one row, every value as text. */
    private Map<String, @Nullable String> response() throws SQLException {
      var rows = rows("SELECT * FROM survey_response");
      assertThat(rows).hasSize(1);
      return rows.get(0);
    }

    private List<String> answers() {
      return rows("SELECT * FROM survey_answer ORDER BY position").stream()
          .map(row -> row.values().stream().map(String::valueOf).collect(Collectors.joining("|")))
          .toList();
    }

    private List<Map<String, @Nullable String>> everything() {
      return rows(
          """
          SELECT * FROM survey_response LEFT JOIN survey_answer USING (response_key)
          ORDER BY response_key, position
          """);
    }

    private List<Map<String, @Nullable String>> rows(String query) {
      return sql.query(
          query,
          (row, number) -> {
            var values = new LinkedHashMap<String, @Nullable String>();
            for (var i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              var name = row.getMetaData().getColumnName(i);
              var value =
                  row.getMetaData().getColumnTypeName(i).equals("timestamptz")
                      ? time(row.getObject(i, OffsetDateTime.class))
                      : row.getString(i);
              values.put(name, value);
            }
            return values;
          });
    }

    private static @Nullable String time(@Nullable OffsetDateTime time) {
      return time == null
          ? null
          : DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX")
              .withZone(ZoneOffset.UTC)
              .format(time);
    }
  }
}
