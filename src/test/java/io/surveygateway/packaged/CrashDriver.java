package io.surveygateway.packaged;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;

/**
 * In front of the real JDBC driver, in the process of a gateway under test: ends the process before
 * or after a chosen commit.
 *
 * <p>System property {@value #PROPERTY} names it, such as {@code step:before:2}: the second commit
 * that ends a map step. The packaged gateway knows nothing of this class; {@link PackagedGateway}
 * puts it on the class path, and it knows nothing but the JDK.
 */
public final class CrashDriver implements Driver {

  static final String PROPERTY = "crash.at";
  static final int EXIT_CODE = 137;

  /** That of the packaged jar: set when the thread that starts the gateway loads this class. */
  private static final ClassLoader GATEWAY = Thread.currentThread().getContextClassLoader();

  private static final String[] POINT = System.getProperty(PROPERTY, "none:after:1").split(":");
  private static final AtomicInteger commits = new AtomicInteger();

  static {
    try {
      DriverManager.registerDriver(new CrashDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What a commit is for, told by a statement of its transaction. */
  private static String kind(String sql) {
    var text = sql.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("insert into request ") || isCommitToo(sql)) {
      return "arrival";
    }
    // Behind the database's clock.
    if (text.contains(") update inbox set lease_owner = ?, lease_until = (select now")) {
      return "inbox-claim";
    }
    if (text.startsWith("update inbox set state")) {
      return "step";
    }
    if (text.startsWith("update delivery set lease_owner = ?, lease_until = ?, attempts")) {
      return "outbox-claim";
    }
    // Of a file that begins with a comment.
    if (text.contains("insert into survey_response ")) {
      return "warehouse";
    }
    return text.startsWith("insert into attempt ") ? "outcome" : "";
  }

  /** A statement that is a transaction by itself: PostgreSQL's way to write a group of arrivals. */
  private static boolean isCommitToo(String sql) {
    return sql.startsWith("WITH arrived AS (INSERT INTO request ");
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith("jdbc:sqlite:") || url.startsWith("jdbc:postgresql:");
  }

  @Override
  public Connection connect(String url, Properties properties) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    var name = url.startsWith("jdbc:sqlite:") ? "org.sqlite.JDBC" : "org.postgresql.Driver";
    try {
      var real = (Driver) GATEWAY.loadClass(name).getDeclaredConstructor().newInstance();
      return watch(real.connect(url, properties));
    } catch (ReflectiveOperationException e) {
      throw new SQLException("No " + name, e);
    }
  }

  private static Connection watch(Connection real) {
    var kinds = new HashSet<String>();
    return proxy(
        Connection.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "prepareStatement" ->
                  watch((PreparedStatement) call(real, method, arguments), arguments, kinds);
              case "commit" -> commit(real, method, null, kinds);
              case "rollback" -> {
                kinds.clear();
                yield call(real, method, arguments);
              }
              default -> call(real, method, arguments);
            });
  }

  private static Object commit(Object real, Method method, Object[] arguments, Set<String> kinds)
      throws Throwable {
    var isIt = kinds.contains(POINT[0]) && commits.incrementAndGet() == Integer.parseInt(POINT[2]);
    kinds.clear();
    if (isIt && POINT[1].equals("before")) {
      crash();
    }
    var done = call(real, method, arguments);
    if (isIt) {
      crash();
    }
    return done;
  }

  private static void crash() {
    System.err.println("Crashed at " + String.join(":", POINT));
    Runtime.getRuntime().halt(EXIT_CODE);
  }

  private static PreparedStatement watch(
      PreparedStatement real, Object[] arguments, Set<String> kinds) {
    var kind = kind((String) arguments[0]);
    if (isCommitToo((String) arguments[0])) {
      return proxy(
          PreparedStatement.class,
          (proxy, method, values) ->
              method.getName().equals("executeUpdate")
                  ? commit(real, method, values, new HashSet<>(Set.of(kind)))
                  : call(real, method, values));
    }
    if (!kind.endsWith("-claim")) {
      kinds.add(kind);
      return real;
    }
    return proxy(
        PreparedStatement.class,
        (proxy, method, values) -> {
          var result = call(real, method, values);
          return result instanceof ResultSet rows ? watch(rows, kind, kinds) : result;
        });
  }

  /** A claim that found nothing changes nothing, and is no place to crash at. */
  private static ResultSet watch(ResultSet real, String kind, Set<String> kinds) {
    return proxy(
        ResultSet.class,
        (proxy, method, arguments) -> {
          var result = call(real, method, arguments);
          if (method.getName().equals("next") && Boolean.TRUE.equals(result)) {
            kinds.add(kind);
          }
          return result;
        });
  }

  private static <T> T proxy(Class<T> type, java.lang.reflect.InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(CrashDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }
}
