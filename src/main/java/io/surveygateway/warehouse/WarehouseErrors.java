package io.surveygateway.warehouse;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureClassifier;
import io.surveygateway.failure.FailureException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Says what the business database's errors mean.
 *
 * <p>By SQLState where there is one, by SQLite's result code otherwise. Tables that are missing or
 * lack a column count with refused logins: nothing goes until a person has mended it, and then
 * everything does.
 *
 * <p>Reasons hold the database's own words without the values in them, which are a respondent's.
 * Sources: PostgreSQL manual, "Appendix A. PostgreSQL Error Codes"; SQLite, "Result and Error
 * Codes".
 */
final class WarehouseErrors implements FailureClassifier {

  /**
   * What PostgreSQL and its driver quote after a colon is a value ({@code invalid input syntax for
   * type numeric: "x"}); what they quote elsewhere names a column or a constraint.
   */
  private static final Pattern QUOTED_VALUE = Pattern.compile(": \".*\"", Pattern.DOTALL);

  @Override
  public Failure classify(Throwable thrown) {
    var toLookAt = new ArrayDeque<Throwable>();
    var seen = Collections.<Throwable>newSetFromMap(new IdentityHashMap<>());
    toLookAt.add(thrown);
    SQLException telling = null;
    while (!toLookAt.isEmpty()) {
      var next = toLookAt.remove();
      if (!seen.add(next)) {
        continue;
      }
      if (next instanceof FailureException known) {
        return known.failure();
      }
      if (next instanceof SQLException sql) {
        // The deepest that has a state of its own: pools and batches wrap the one that tells.
        if (telling == null || sql.getSQLState() != null || sql instanceof SQLiteException) {
          telling = sql;
        }
        addIfPresent(toLookAt, sql.getNextException());
      }
      addIfPresent(toLookAt, next.getCause());
    }
    if (telling == null) {
      return Failure.permanent(
          "Expected the rows of a response to be written, got "
              + thrown.getClass().getSimpleName());
    }
    return telling instanceof SQLiteException sqlite ? classify(sqlite) : classify(telling);
  }

  private static void addIfPresent(ArrayDeque<Throwable> all, @Nullable Throwable one) {
    if (one != null) {
      all.add(one);
    }
  }

  private static Failure classify(SQLException thrown) {
    var state = thrown.getSQLState();
    if (state == null || state.length() != 5) {
      // Pools say nothing more about a connection that they could not get in time.
      return Failure.transientFailure("The business database does not answer: " + words(thrown));
    }
    var said = "The business database said " + state + ": " + words(thrown);
    switch (state) {
      case "42P01", "42703", "42S02", "42S22", "3F000" -> {
        return Failure.auth(missing(said));
      }
      case "3D000", "42501" -> {
        return Failure.auth(said);
      }
      case "40001", "40P01", "55P03", "25006" -> {
        // 25006: a primary that has become a standby; the address finds the new one soon.
        return Failure.transientFailure(said);
      }
      default -> {
        return switch (state.substring(0, 2)) {
          case "08", "53", "57", "58", "XX" -> Failure.transientFailure(said);
          case "28" -> Failure.auth(said);
          default -> Failure.permanent(said);
        };
      }
    }
  }

  private static Failure classify(SQLiteException thrown) {
    var code = thrown.getResultCode();
    var said = "The business database said " + code + ": " + words(thrown);
    // Extended codes hold their kind in the low byte.
    switch (code.code & 0xff) {
      case 5, 6, 10, 13, 15, 17 -> { // BUSY, LOCKED, IOERR, FULL, PROTOCOL, SCHEMA
        return Failure.transientFailure(said);
      }
      case 3, 8, 14, 23, 26, 11 -> { // PERM, READONLY, CANTOPEN, AUTH, NOTADB, CORRUPT
        return Failure.auth(said);
      }
      default -> {
        var message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
        return code == SQLiteErrorCode.SQLITE_ERROR
                && (message.contains("no such table")
                    || message.contains("no such column")
                    || message.contains("no column named"))
            ? Failure.auth(missing(said))
            : Failure.permanent(said);
      }
    }
  }

  private static String missing(String said) {
    return said
        + ". Expected the tables survey_response and survey_answer as db/warehouse/ describes them:"
        + " run its SQL file there, and grant the gateway's user access";
  }

  /**
   * The first line, without PostgreSQL's DETAIL and without a batch's statement: both have values.
   */
  private static String words(SQLException thrown) {
    var words = thrown.getMessage();
    if (thrown instanceof PSQLException psql && psql.getServerErrorMessage() != null) {
      words = psql.getServerErrorMessage().getMessage();
    }
    if (words == null || words.startsWith("Batch entry")) {
      return thrown.getClass().getSimpleName();
    }
    // Before the cut: a value may hold line breaks.
    var masked = QUOTED_VALUE.matcher(words).replaceAll(": \"…\"");
    var end = masked.indexOf('\n');
    return (end < 0 ? masked : masked.substring(0, end)).strip();
  }
}
