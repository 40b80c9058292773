package io.surveygateway.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.apache.camel.component.jdbc.JdbcPrepareStatementStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Gives camel-jdbc what it lacks for the business database: many rows in one batch, and instants
 * and JSON as each database types them.
 *
 * <p>Header {@code CamelJdbcParameters} holds one row (a map) or a list of them; nothing else is
 * looked at, so no other header can become a value. PostgreSQL gets {@code timestamptz} and {@code
 * jsonb}, every other database text: UTC with milliseconds, and compact JSON.
 *
 * <p>One instance serves every thread.
 */
final class WarehouseStatements implements JdbcPrepareStatementStrategy {

  /** As long as that, always: texts of this form sort by time. */
  private static final DateTimeFormatter UTC_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  private static final Pattern PARAMETER = Pattern.compile(":\\?(\\w+)");

  private static final int ROWS_AT_ONCE = 1000;

  private static final int MOST_KNOWN = 100;

  /**
   * A statement as JDBC takes it.
   *
   * @param names of its parameters, in their order
   */
  private record Prepared(String sql, List<String> names) {

    static Prepared of(String query) {
      return new Prepared(
          PARAMETER.matcher(query).replaceAll("?"),
          PARAMETER.matcher(query).results().map(found -> found.group(1)).toList());
    }
  }

  /** Those of the route, which are few; to read one takes longer than to run it. */
  private final Map<String, Prepared> known = new ConcurrentHashMap<>();

  private Prepared prepared(String query) {
    return known.size() < MOST_KNOWN
        ? known.computeIfAbsent(query, Prepared::of)
        : Prepared.of(query);
  }

  @Override
  public String prepareQuery(String query, boolean allowNamedParameters) {
    return prepared(query).sql;
  }

  /** One element for each row: its values, in the order of the statement's parameters. */
  @Override
  public Iterator<?> createPopulateIterator(
      String query, String preparedQuery, int expectedParams, Exchange exchange, Object value) {
    var names = prepared(query).names;
    var given = exchange.getMessage().getHeader(JdbcConstants.JDBC_PARAMETERS);
    var rows = given instanceof List<?> list ? list : given == null ? List.of() : List.of(given);
    return rows.stream().map(row -> valuesOf((Map<?, ?>) row, names)).iterator();
  }

  private static List<@Nullable Object> valuesOf(Map<?, ?> row, List<String> names) {
    var values = new ArrayList<@Nullable Object>(names.size());
    for (var name : names) {
      if (!row.containsKey(name)) {
        throw new IllegalArgumentException(
            "Expected a value named "
                + name
                + " for the statement's :?"
                + name
                + ", got those of "
                + row.keySet());
      }
      values.add(row.get(name));
    }
    return values;
  }

  /** Sends all rows but the last; camel-jdbc executes that one itself. */
  @Override
  public void populateStatement(PreparedStatement statement, Iterator<?> rows, int expectedParams)
      throws SQLException {
    var postgres =
        "PostgreSQL".equals(statement.getConnection().getMetaData().getDatabaseProductName());
    var waiting = 0;
    while (rows.hasNext()) {
      var values = (List<?>) rows.next();
      if (values.size() != expectedParams) {
        throw new SQLException(
            "Expected " + expectedParams + " parameters, got " + values.size(), "07001");
      }
      for (var i = 0; i < values.size(); i++) {
        bind(statement, i + 1, values.get(i), postgres);
      }
      if (rows.hasNext()) {
        statement.addBatch();
        waiting++;
        if (waiting == ROWS_AT_ONCE) {
          statement.executeBatch();
          waiting = 0;
        }
      } else if (waiting > 0) {
        // The last one's values must outlive the batch: bound again after it.
        statement.executeBatch();
        for (var i = 0; i < values.size(); i++) {
          bind(statement, i + 1, values.get(i), postgres);
        }
      }
    }
  }

  private static void bind(
      PreparedStatement statement, int index, @Nullable Object value, boolean postgres)
      throws SQLException {
    if (value instanceof Instant instant) {
      if (postgres) {
        statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
      } else {
        statement.setString(index, UTC_MILLIS.format(instant));
      }
    } else if (value instanceof JsonNode json) {
      if (postgres) {
        statement.setObject(index, json.toString(), Types.OTHER);
      } else {
        statement.setString(index, json.toString());
      }
    } else if (value instanceof Double number) {
      statement.setDouble(index, number);
    } else if (value instanceof Number number) {
      statement.setLong(index, number.longValue());
    } else if (value == null) {
      statement.setNull(index, Types.NULL);
    } else {
      statement.setString(index, value.toString());
    }
  }
}
