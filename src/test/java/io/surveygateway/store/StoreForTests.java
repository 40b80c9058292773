package io.surveygateway.store;

import io.surveygateway.SettableClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The store as shipped, on a new database of either kind, with a clock that stands still. */
public final class StoreForTests implements AutoCloseable {

  public static final Duration LEASE = Duration.ofSeconds(30);

  /** In steps of two rows, so that a few rows take several; run by whoever tests it. */
  static final RetentionProperties RETENTION =
      new RetentionProperties(
          Duration.ofDays(30),
          Duration.ofDays(30),
          Duration.ofDays(30),
          Duration.ofDays(30),
          Duration.ofDays(30),
          Duration.ofDays(30),
          Duration.ofDays(30),
          Duration.ofDays(180),
          new RetentionProperties.Kept(
              Duration.ofDays(2), Duration.ofDays(60), Duration.ofDays(1100)),
          Duration.ofDays(1),
          Duration.ofDays(1),
          2,
          Duration.ZERO);

  public final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T09:00:00Z"));
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();
  private final @Nullable EmptyStore taken;

  private StoreForTests(EmptyStore taken) {
    this.taken = taken;
    context.registerBean(Clock.class, () -> clock);
    start(properties(taken.folder(), taken.url()));
  }

  private StoreForTests(StoreProperties properties, LongSupplier nanos) {
    this.taken = null;
    context.registerBean(
        Clock.class,
        () -> new DatabaseClock(context.getBean("storeReadDataSource", DataSource.class), nanos));
    start(properties);
  }

  private void start(StoreProperties properties) {
    context.registerBean(StoreProperties.class, () -> properties);
    context.registerBean(RetentionProperties.class, () -> RETENTION);
    context.register(StoreConfiguration.class);
    context.refresh();
  }

  public static StoreForTests open(Dialect dialect) {
    return new StoreForTests(EmptyStore.take(dialect));
  }

  /**
   * A gateway on a shared PostgreSQL, which goes by the time of that.
   *
   * @param nanos what has passed on the gateway's machine
   */
  static StoreForTests onDatabaseTime(String url, LongSupplier nanos) {
    return new StoreForTests(properties(Path.of("target"), url), nanos);
  }

  static StoreProperties properties(Path folder, String url) {
    return new StoreProperties(
        folder, url, url.isEmpty() ? "" : "postgres", "", 5, LEASE, Duration.ofSeconds(10));
  }

  public <T> T get(Class<T> type) {
    return context.getBean(type);
  }

  /** The pool that the gateway writes with. */
  DataSource writes() {
    return context.getBean("storeDataSource", DataSource.class);
  }

  /** As another gateway counts. */
  private Counters counters() {
    return new Counters(get(Store.class), get(Clock.class));
  }

  /** The inbox as another gateway on the same store sees it. */
  InboxStore inboxOf(String node) {
    return new InboxStore(
        get(Store.class),
        get(Signals.class),
        get(Clock.class),
        get(Ids.class),
        node,
        LEASE,
        counters());
  }

  OutboxStore outboxOf(String node) {
    return new OutboxStore(
        get(Store.class), get(Signals.class), get(Clock.class), node, LEASE, counters());
  }

  public long count(String sql, Object... parameters) {
    return get(Store.class).read(jdbc -> jdbc.queryForObject(sql, Long.class, parameters));
  }

  public String text(String sql, Object... parameters) {
    return get(Store.class).read(jdbc -> jdbc.queryForObject(sql, String.class, parameters));
  }

  /** How the database would go about it, a line for each step, in its own words. */
  List<String> plan(String sql, Object... parameters) {
    var tables = get(Store.class);
    var isSqlite = tables.dialect() == Dialect.SQLITE;
    return tables.write(
        jdbc -> {
          if (!isSqlite) {
            // Small tables are read whole; with this, only what no index can find.
            jdbc.execute("SET LOCAL enable_seqscan = off");
          }
          return jdbc.query(
              (isSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + sql,
              (row, n) -> row.getString(isSqlite ? 4 : 1),
              parameters);
        });
  }

  @Override
  public void close() {
    context.close();
    if (taken != null) {
      taken.close();
    }
  }
}
