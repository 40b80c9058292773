package io.surveygateway.store;

import io.surveygateway.store.InboxStore.NewRequest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes a group of new requests, what is to be done with each, and their counts, in one
 * transaction.
 *
 * <p>On PostgreSQL that is one statement and one round trip, its commit included: while a group is
 * written all others wait. Safe for use by many threads.
 */
final class Arrivals {

  /**
   * A list for each column. The counts' rows are taken first here, and last by all others; but what
   * follows waits for nobody, since its ids are new.
   */
  private static final String AT_ONCE =
      "WITH arrived AS (INSERT INTO request (id, provider, path, content_type, proved_by,"
          + " received_at, size, body, headers, traceparent) SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " RETURNING id, provider, size, received_at), waiting AS (INSERT INTO inbox (request_id,"
          + " provider, state, size, due_at) SELECT id, provider, 'waiting', size, received_at FROM"
          + " arrived) INSERT INTO counter (span, name, lane, bucket, detail, shard, added, taken)"
          + " SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) "
          + Counters.ADDING;

  private final Store store;
  private final Counters counters;

  Arrivals(Store store, Counters counters) {
    this.store = store;
    this.counters = counters;
  }

  void insert(List<NewRequest> group) {
    var counts = Tally.ofArrivals(group);
    if (store.dialect() == Dialect.POSTGRESQL) {
      store.writeByOneStatement(
          jdbc ->
              jdbc.execute(
                  (ConnectionCallback<Integer>)
                      c -> insertAtOnce(c, group, counters.rows(counts))));
    } else {
      store.writeAhead(
          jdbc -> {
            insertEach(jdbc, group);
            counters.add(jdbc, counts);
            return null;
          });
    }
  }

  private int insertAtOnce(Connection connection, List<NewRequest> group, List<Counters.Row> counts)
      throws SQLException {
    // Its own arrays take lists of primitives and of bytes, and go out as they are.
    var arrays = connection.unwrap(PGConnection.class);
    try (var insert = connection.prepareStatement(AT_ONCE)) {
      insert.setArray(1, longs(arrays, group, NewRequest::id));
      insert.setArray(2, texts(arrays, group, NewRequest::provider));
      insert.setArray(3, texts(arrays, group, NewRequest::path));
      insert.setArray(4, texts(arrays, group, NewRequest::contentType));
      insert.setArray(5, texts(arrays, group, NewRequest::provedBy));
      insert.setArray(6, longs(arrays, group, request -> request.receivedAt().toEpochMilli()));
      insert.setArray(7, ints(arrays, group, request -> request.body().length));
      insert.setArray(
          8,
          arrays.createArrayOf(
              "bytea", group.stream().map(NewRequest::body).toArray(byte[][]::new)));
      insert.setArray(9, texts(arrays, group, NewRequest::headers));
      insert.setArray(10, texts(arrays, group, NewRequest::traceparent));
      insert.setArray(11, texts(arrays, counts, Counters.Row::span));
      insert.setArray(12, texts(arrays, counts, row -> row.key().name()));
      insert.setArray(13, texts(arrays, counts, row -> row.key().lane()));
      insert.setArray(14, longs(arrays, counts, Counters.Row::bucket));
      insert.setArray(15, texts(arrays, counts, row -> row.key().detail()));
      insert.setArray(16, ints(arrays, counts, row -> counters.shard()));
      insert.setArray(17, longs(arrays, counts, row -> row.change().added()));
      insert.setArray(18, longs(arrays, counts, row -> row.change().taken()));
      return insert.executeUpdate();
    }
  }

  private static <T> Array longs(PGConnection arrays, List<T> rows, ToLongFunction<T> value)
      throws SQLException {
    return arrays.createArrayOf("int8", rows.stream().mapToLong(value).toArray());
  }

  private static <T> Array ints(PGConnection arrays, List<T> rows, ToIntFunction<T> value)
      throws SQLException {
    return arrays.createArrayOf("int4", rows.stream().mapToInt(value).toArray());
  }

  private static <T> Array texts(
      PGConnection arrays, List<T> rows, Function<T, @Nullable String> value) throws SQLException {
    return arrays.createArrayOf("text", rows.stream().map(value).toArray(String[]::new));
  }

  private static void insertEach(JdbcTemplate jdbc, List<NewRequest> group) {
    jdbc.batchUpdate(
        "INSERT INTO request (id, provider, path, content_type, proved_by, received_at, size,"
            + " body, headers, traceparent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        group,
        group.size(),
        (row, request) -> {
          row.setLong(1, request.id());
          row.setString(2, request.provider());
          row.setString(3, request.path());
          row.setString(4, request.contentType());
          row.setString(5, request.provedBy());
          row.setLong(6, request.receivedAt().toEpochMilli());
          row.setInt(7, request.body().length);
          row.setBytes(8, request.body());
          row.setString(9, request.headers());
          row.setString(10, request.traceparent());
        });
    jdbc.batchUpdate(
        "INSERT INTO inbox (request_id, provider, state, size, due_at) VALUES (?, ?,"
            + " 'waiting', ?, ?)",
        group,
        group.size(),
        (row, request) -> {
          row.setLong(1, request.id());
          row.setString(2, request.provider());
          row.setInt(3, request.body().length);
          row.setLong(4, request.receivedAt().toEpochMilli());
        });
  }
}
