package io.surveygateway.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Lets one writer at a time at a database, in the order in which they asked.
 *
 * <p>One behind another makes two classes of SQLite's writers: what arrives waits for its turn at
 * the pool; all who write in the gateway's own time (steps, outcomes, claims, the business
 * database) wait for a turn among themselves first. So a sender's request waits for one of them at
 * most. Had it to wait for each, a gateway that maps and delivers with all its might would accept
 * little more than it delivers. Safe for use by many threads.
 */
final class WritersInTurn extends DelegatingDataSource {

  private final Semaphore turn = new Semaphore(1, true);
  private final Duration longestWait;

  /**
   * @param longestWait for a turn; to connect may take its own time then
   */
  WritersInTurn(DataSource database, Duration longestWait) {
    super(database);
    this.longestWait = longestWait;
  }

  /**
   * @throws SQLTransientConnectionException if no turn came in time
   */
  @Override
  public Connection getConnection() throws SQLException {
    awaitTurn();
    try {
      return (Connection)
          Proxy.newProxyInstance(
              WritersInTurn.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              new Turn(super.getConnection()));
    } catch (SQLException | RuntimeException | Error e) {
      turn.release();
      throw e;
    }
  }

  private void awaitTurn() throws SQLException {
    try {
      if (!turn.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SQLTransientConnectionException(
            "Expected a turn to write within " + longestWait.toMillis() + " ms, and none came");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("Interrupted while waiting for a turn to write", e);
    }
  }

  /** A connection whose end is the end of its turn; it may be closed more than once. */
  private final class Turn implements InvocationHandler {

    private final Connection connection;
    private final AtomicBoolean isOver = new AtomicBoolean();

    Turn(Connection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      try {
        return method.invoke(connection, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      } finally {
        if (method.getName().equals("close") && isOver.compareAndSet(false, true)) {
          turn.release();
        }
      }
    }
  }
}
