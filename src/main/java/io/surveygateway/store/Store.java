package io.surveygateway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;
import org.sqlite.SQLiteException;

/**
 * The one door to the store's tables: a transaction for each call, read or write.
 *
 * <p>Safe for use by many threads. A call must not be made within another one: SQLite has one
 * connection to write with, and would wait for itself.
 */
public final class Store {

  /** What a sender is asked to wait when the store cannot take its request. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  private final Dialect dialect;
  private final JdbcTemplate arrivalsWriter;
  private final JdbcTemplate writer;
  private final JdbcTemplate reader;
  private final TransactionTemplate arrivals;
  private final TransactionTemplate writes;
  private final TransactionTemplate reads;

  Store(Dialect dialect, DataSource arrivalsSource, DataSource writeSource, DataSource readSource) {
    this.dialect = dialect;
    this.arrivalsWriter = new JdbcTemplate(arrivalsSource);
    this.writer = new JdbcTemplate(writeSource);
    this.reader = new JdbcTemplate(readSource);
    this.arrivals = new TransactionTemplate(new DataSourceTransactionManager(arrivalsSource));
    this.writes = new TransactionTemplate(new DataSourceTransactionManager(writeSource));
    this.reads = new TransactionTemplate(new DataSourceTransactionManager(readSource));
    this.reads.setReadOnly(true);
  }

  public Dialect dialect() {
    return dialect;
  }

  /**
   * Runs the work in one transaction, which is on disk when this returns.
   *
   * @throws DataRefusedException if the database refused a value or a row: nothing was written
   * @throws StoreUnavailableException if it could not be reached, is full, or failed: nothing is
   *     known to be written
   */
  public <T> T write(Function<JdbcTemplate, T> work) {
    return run(writes, writer, work);
  }

  /** The same, ahead of all but the one that is writing: a sender waits for it. */
  <T> T writeAhead(Function<JdbcTemplate, T> work) {
    return run(arrivals, arrivalsWriter, work);
  }

  /**
   * @throws StoreUnavailableException if the store could not be reached or failed
   */
  public <T> T read(Function<JdbcTemplate, T> work) {
    return run(reads, reader, work);
  }

  /**
   * {@link #writeAhead} for work that is one statement: a transaction by itself, and one round
   * trip. Not for SQLite, which takes its locks by how a transaction begins.
   */
  <T> T writeByOneStatement(Function<JdbcTemplate, T> work) {
    try {
      return work.apply(arrivalsWriter);
    } catch (DataAccessException | AssertionError e) {
      throw failed(e);
    }
  }

  private <T> T run(
      TransactionTemplate transactions, JdbcTemplate jdbc, Function<JdbcTemplate, T> work) {
    try {
      return transactions.execute(status -> work.apply(jdbc));
    } catch (TransactionSystemException e) {
      // Of a rollback too, and what it was for says more. SQLite has often rolled back by itself (a
      // full disk), and then finds nothing to roll back.
      throw failed(e.getApplicationException() == null ? e : e.getApplicationException());
    } catch (DataAccessException | TransactionException | AssertionError e) {
      // An AssertionError is what PostgreSQL's driver makes of a batch whose connection breaks.
      throw failed(e);
    }
  }

  private RuntimeException failed(Throwable thrown) {
    var sql = Dialect.sqlCause(thrown);
    return sql != null && dialect.isAboutData(sql)
        ? new DataRefusedException(sql)
        : unavailable(thrown);
  }

  static StoreUnavailableException unavailable(Throwable cause) {
    var sql = Dialect.sqlCause(cause);
    return new StoreUnavailableException(
        "The store could not take or give what was asked"
            + (sql == null ? "" : " (" + code(sql) + ")")
            + "; see whether it runs, can be reached and has room",
        RETRY_AFTER,
        cause);
  }

  /** SQLite has names, such as SQLITE_FULL, and no states. */
  private static String code(SQLException thrown) {
    return thrown instanceof SQLiteException lite
        ? lite.getResultCode().name()
        : "SQLState " + thrown.getSQLState() + ", code " + thrown.getErrorCode();
  }
}
