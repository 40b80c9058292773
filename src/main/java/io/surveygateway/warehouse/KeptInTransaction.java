package io.surveygateway.warehouse;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Gives connections that stay open as long as their thread's transaction lasts, whoever closes
 * them.
 *
 * <p>camel-jdbc (at 4.17.0) closes the transaction's own connection at the end of each exchange,
 * and so of each part of a split, while the next part is still to use it.
 */
final class KeptInTransaction extends DelegatingDataSource {

  KeptInTransaction(DataSource target) {
    super(target);
  }

  @Override
  public Connection getConnection() throws SQLException {
    var connection = super.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            KeptInTransaction.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> invoke(connection, method, arguments));
  }

  private static @Nullable Object invoke(
      Connection connection, Method method, Object @Nullable [] arguments) throws Throwable {
    if (method.getName().equals("close")
        && TransactionSynchronizationManager.isActualTransactionActive()) {
      return null;
    }
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
