package io.surveygateway.packaged;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands where after a run: the gateway's store, the business database, Salesforce, Slack.
 *
 * @param messages how many Slack has of each mark
 */
record Holdings(
    List<Stored> requests,
    List<SetAside> setAside,
    List<String> events,
    List<Delivery> deliveries,
    List<Attempt> attempts,
    List<Row> rows,
    List<AnswerRow> answers,
    List<CrmRecord> records,
    Map<String, Integer> messages,
    List<String> refusedProviders) {

  record Stored(long id, String state, byte[] body) {}

  record SetAside(long request, @Nullable Integer item) {}

  /**
   * @param event provider and id, as {@link Told#key()}
   */
  record Delivery(
      long id, String event, String subject, Instant at, String destination, String state) {}

  /** Times are milliseconds. */
  record Attempt(long delivery, long startedAt, long endedAt, String outcome) {}

  record Row(String key, String event, String status) {}

  record AnswerRow(String key, String text) {}

  record CrmRecord(String key, String status, Instant at, String comment) {}

  private interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /**
   * @param url JDBC address of the store, which is the business database too
   */
  static Holdings read(String url, Others others, Map<String, Integer> messages)
      throws SQLException {
    try (var store = DriverManager.getConnection(url)) {
      return new Holdings(
          list(
              store,
              "SELECT r.id, i.state, r.body FROM request r LEFT JOIN inbox i ON i.request_id = r.id",
              row -> new Stored(row.getLong(1), row.getString(2), row.getBytes(3))),
          list(
              store,
              "SELECT request_id, item FROM set_aside",
              row -> {
                var item = row.getInt(2);
                return row.wasNull()
                    ? new SetAside(row.getLong(1), null)
                    : new SetAside(row.getLong(1), item);
              }),
          list(
              store,
              "SELECT provider, event_key FROM event",
              row -> row.getString(1) + "|" + row.getString(2)),
          list(
              store,
              "SELECT d.id, e.provider, e.event_key, d.subject, d.event_time, d.destination, d.state"
                  + " FROM delivery d JOIN event e ON e.id = d.event_id",
              row ->
                  new Delivery(
                      row.getLong(1),
                      row.getString(2) + "|" + row.getString(3),
                      row.getString(4),
                      Instant.ofEpochMilli(row.getLong(5)),
                      row.getString(6),
                      row.getString(7))),
          list(
              store,
              "SELECT delivery_id, started_at, started_at + duration_ms, outcome FROM attempt",
              row -> new Attempt(row.getLong(1), row.getLong(2), row.getLong(3), row.getString(4))),
          list(
              store,
              "SELECT response_key, provider, event_id, status FROM survey_response",
              row ->
                  new Row(
                      row.getString(1),
                      row.getString(2) + "|" + row.getString(3),
                      row.getString(4))),
          list(
              store,
              "SELECT response_key, value_text FROM survey_answer",
              row -> new AnswerRow(row.getString(1), String.valueOf(row.getString(2)))),
          others.salesforce.surveyResponses().stream()
              .map(
                  record ->
                      new CrmRecord(
                          record.text("Response_Key__c"),
                          record.text("Status__c"),
                          Instant.parse(record.text("Event_At__c")),
                          record.text("Comment__c")))
              .toList(),
          messages,
          list(
              store,
              "SELECT DISTINCT provider FROM refusal WHERE status = 401",
              row -> row.getString(1)));
    }
  }

  private static <T> List<T> list(Connection store, String sql, Mapper<T> mapper)
      throws SQLException {
    try (var statement = store.createStatement();
        var rows = statement.executeQuery(sql)) {
      var list = new ArrayList<T>();
      while (rows.next()) {
        list.add(mapper.map(rows));
      }
      return list;
    }
  }
}
