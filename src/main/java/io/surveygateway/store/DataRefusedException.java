package io.surveygateway.store;

import java.sql.SQLException;

/** The database refused a value or a row; the same again will be refused again. */
public final class DataRefusedException extends RuntimeException {

  DataRefusedException(SQLException cause) {
    // The database's own message can quote the value, and so what a respondent wrote.
    super(
        "The store refused a value (SQLState "
            + cause.getSQLState()
            + ", code "
            + cause.getErrorCode()
            + ")",
        cause);
  }
}
