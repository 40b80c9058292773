package io.surveygateway.warehouse;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Gives connections that stay open as long as their thread's transaction lasts, whoever closes
 * them, and whose statements are prepared once in it: a transaction runs the same few for each of
 * its responses.
 *
 * <p>camel-jdbc (at 4.17.0) closes the transaction's own connection at the end of each exchange,
 * and so of each part of a split, while the next part is still to use it. It prepares a statement
 * for each use, and asks how many parameters it has, which PostgreSQL's driver asks the server.
 */
final class KeptInTransaction extends DelegatingDataSource {

  KeptInTransaction(DataSource target) {
    super(target);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return proxy(Connection.class, new Kept(super.getConnection()));
  }

  private static boolean isInTransaction() {
    return TransactionSynchronizationManager.isActualTransactionActive();
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            KeptInTransaction.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** A connection; for one thread at a time, as its transaction is. */
  private static final class Kept implements InvocationHandler {

    private final Connection connection;

    /** Closed with the connection: the pool sees to that. */
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Kept(Connection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      if (isInTransaction()) {
        if (method.getName().equals("close")) {
          return null;
        }
        if (method.getName().equals("prepareStatement") && method.getParameterCount() == 1) {
          return prepared((String) arguments[0]);
        }
      }
      return KeptInTransaction.invoke(connection, method, arguments);
    }

    private PreparedStatement prepared(String sql) throws SQLException {
      var known = prepared.get(sql);
      // One that was asked for rows is closed all the same: camel-jdbc reaches it through these.
      if (known == null || known.isClosed()) {
        known = proxy(PreparedStatement.class, new KeptStatement(connection.prepareStatement(sql)));
        prepared.put(sql, known);
      }
      return known;
    }
  }

  /** A statement that outlives its uses, and knows its parameters once it was asked. */
  private static final class KeptStatement implements InvocationHandler {

    private final PreparedStatement statement;
    private @Nullable ParameterMetaData parameters;

    KeptStatement(PreparedStatement statement) {
      this.statement = statement;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      if (method.getName().equals("close") && isInTransaction()) {
        return null;
      }
      if (method.getName().equals("getParameterMetaData")) {
        parameters = parameters == null ? statement.getParameterMetaData() : parameters;
        return parameters;
      }
      return KeptInTransaction.invoke(statement, method, arguments);
    }
  }
}
