package io.surveygateway.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The time of the database that several gateways share, in UTC: never the time of this machine.
 *
 * <p>Told without asking the database: its time when it was read last, and what has passed here
 * since. It is behind by as long as the answer took, and never ahead. A process that was suspended
 * is behind until the next reading, so nobody takes or keeps a lease by it: see {@link StoreTime}.
 * Safe for use by many threads.
 */
final class DatabaseClock extends Clock implements AutoCloseable {

  private static final Duration BETWEEN_READINGS = Duration.ofSeconds(1);

  private final JdbcTemplate jdbc;
  private final LongSupplier nanos;
  private final ScheduledExecutorService readings =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var thread = new Thread(work, "database-clock");
            thread.setDaemon(true);
            return thread;
          });

  /** Microseconds from what {@code nanos} counts to the database's time. */
  private volatile long offset;

  /**
   * Reads the time once.
   *
   * @param nanos counts evenly, from whenever, as {@link System#nanoTime()} does
   */
  DatabaseClock(DataSource database, LongSupplier nanos) {
    this.jdbc = new JdbcTemplate(database);
    this.nanos = nanos;
    read();
  }

  /** Reads the time every second from now on. */
  DatabaseClock kept() {
    var millis = BETWEEN_READINGS.toMillis();
    readings.scheduleWithFixedDelay(this::readIfItCan, millis, millis, TimeUnit.MILLISECONDS);
    return this;
  }

  void read() {
    long time = jdbc.queryForObject("SELECT " + StoreTime.DATABASE_MICROS, Long.class);
    offset = time - TimeUnit.NANOSECONDS.toMicros(nanos.getAsLong());
  }

  private void readIfItCan() {
    try {
      read();
    } catch (DataAccessException e) {
      // What has passed since is good enough; who needs the store says that it is away.
    }
  }

  @Override
  public Instant instant() {
    var micros = TimeUnit.NANOSECONDS.toMicros(nanos.getAsLong()) + offset;
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("The store's times are UTC");
  }

  @Override
  public void close() {
    readings.shutdownNow();
  }
}
