package io.surveygateway.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.surveygateway.failure.NotStartedException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the store: pools, schema, and the objects that the inbox and the outbox work with. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

  /** Names this process in leases; a new one at each start, so that nobody inherits a lease. */
  private final String node = UUID.randomUUID().toString();

  /** The database's where gateways may share it; this machine's where there is one process. */
  @Bean
  @ConditionalOnMissingBean
  Clock clock(Dialect dialect, @Qualifier("storeReads") DataSource reads) {
    return dialect == Dialect.POSTGRESQL
        ? new DatabaseClock(reads, System::nanoTime).kept()
        : Clock.systemUTC();
  }

  @Bean
  Dialect storeDialect(StoreProperties properties) {
    return Dialect.ofUrl(properties.effectiveUrl());
  }

  /** Held for as long as the process lives: an embedded store belongs to one gateway. */
  @Bean
  FolderLock folderLock(StoreProperties properties, Dialect dialect) {
    if (dialect != Dialect.SQLITE || !properties.url().isBlank()) {
      return FolderLock.none();
    }
    try {
      Files.createDirectories(properties.folder());
    } catch (IOException e) {
      throw FolderLock.notAFolder(properties.folder(), e);
    }
    return FolderLock.take(properties.folder());
  }

  /** To write with, by {@link #storeArrivals} and {@link #storeWrites}. */
  @Bean(destroyMethod = "close")
  @Qualifier("storePool")
  HikariDataSource storeDataSource(StoreProperties properties, Dialect dialect, FolderLock lock) {
    return pool("store", properties, dialect, false);
  }

  /** To write what arrives. */
  @Bean(destroyMethod = "")
  @Qualifier("storeArrivals")
  DataSource storeArrivals(
      StoreProperties properties, Dialect dialect, @Qualifier("storePool") DataSource pool) {
    return dialect.inTurn(pool, longestWait(properties));
  }

  /** To write all else. The business database shares it where it is the same database. */
  @Bean(destroyMethod = "")
  @Qualifier("store")
  DataSource storeWrites(
      StoreProperties properties,
      Dialect dialect,
      @Qualifier("storeArrivals") DataSource arrivals) {
    return dialect.inTurn(arrivals, longestWait(properties));
  }

  /** To read with, so that a list in the console never keeps a sender waiting. */
  @Bean(destroyMethod = "close")
  @Qualifier("storeReads")
  HikariDataSource storeReadDataSource(
      StoreProperties properties, Dialect dialect, @Qualifier("store") DataSource opened) {
    return pool("store-reads", properties, dialect, true);
  }

  private static HikariDataSource pool(
      String name, StoreProperties properties, Dialect dialect, boolean readOnly) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(properties.effectiveUrl());
    if (!properties.username().isBlank()) {
      config.setUsername(properties.username());
      config.setPassword(properties.password());
    }
    config.setConnectionTimeout(longestWait(properties).toMillis());
    dialect.configure(config, properties.connections(), readOnly);
    try {
      return new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw notOpened(properties, dialect, e);
    }
  }

  /** The driver's words name the host, the user and the file, and no password. */
  private static NotStartedException notOpened(
      StoreProperties properties, Dialect dialect, HikariPool.PoolInitializationException thrown) {
    var said = thrown.getCause() == null ? thrown.getMessage() : thrown.getCause().getMessage();
    return dialect == Dialect.POSTGRESQL
        ? new NotStartedException(
            "The store at DATABASE_URL cannot be opened: " + said,
            "See that the database is there, mend DATABASE_URL, DATABASE_USERNAME or"
                + " DATABASE_PASSWORD, and start again. Nothing was received.",
            thrown)
        : new NotStartedException(
            "The embedded store in "
                + properties.folder().toAbsolutePath()
                + " cannot be opened: "
                + said,
            "If gateway.db there is damaged, put back a copy of it; if it is no store of the"
                + " gateway's, name another folder by GATEWAY_DATA. Nothing was received.",
            thrown);
  }

  /** No longer than a sender is kept waiting: a store that is away is a 503. */
  private static Duration longestWait(StoreProperties properties) {
    var leastOfThePool = Duration.ofMillis(250);
    return properties.writeTimeout().compareTo(leastOfThePool) < 0
        ? leastOfThePool
        : properties.writeTimeout();
  }

  @Bean
  Store store(
      Dialect dialect,
      @Qualifier("storeArrivals") DataSource arrivals,
      @Qualifier("store") DataSource writes,
      @Qualifier("storeReads") DataSource reads) {
    Flyway.configure()
        .dataSource(writes)
        .locations("classpath:db/store")
        .placeholders(dialect.placeholders())
        .load()
        .migrate();
    var store = new Store(dialect, arrivals, writes, reads);
    if (dialect == Dialect.SQLITE) {
      Leases.voidAll(store);
    }
    return store;
  }

  @Bean
  Ids ids(Store store) {
    return new Ids(store);
  }

  @Bean
  Signals signals() {
    return new Signals();
  }

  @Bean
  Counters counters(Store store, Clock clock) {
    return new Counters(store, clock);
  }

  @Bean
  InboxStore inboxStore(
      Store store,
      Signals signals,
      Clock clock,
      Ids ids,
      StoreProperties properties,
      Counters counters) {
    return new InboxStore(store, signals, clock, ids, node, properties.lease(), counters);
  }

  @Bean
  Pauses pauses(Store store, Signals signals, Clock clock) {
    return new Pauses(store, signals, clock);
  }

  @Bean
  OutboxStore outboxStore(
      Store store, Signals signals, Clock clock, StoreProperties properties, Counters counters) {
    return new OutboxStore(store, signals, clock, node, properties.lease(), counters);
  }

  @Bean
  DeliveryChanges deliveryChanges(Store store, Signals signals, Clock clock, Counters counters) {
    return new DeliveryChanges(store, signals, clock, counters);
  }

  @Bean
  EventReplays eventReplays(
      Store store,
      DeliveryChanges deliveries,
      Ids ids,
      Signals signals,
      Clock clock,
      Counters counters) {
    return new EventReplays(store, deliveries, ids, signals, clock, counters);
  }

  @Bean
  RequestChanges requestChanges(Store store, Signals signals, Clock clock, Counters counters) {
    return new RequestChanges(store, signals, clock, counters);
  }

  @Bean
  DeliveryReads deliveryReads(Store store, Clock clock) {
    return new DeliveryReads(store, clock);
  }

  @Bean
  TestDeliveries testDeliveries(Store store, Ids ids, Signals signals, Counters counters) {
    return new TestDeliveries(store, ids, signals, counters);
  }

  @Bean
  EventReads eventReads(Store store) {
    return new EventReads(store);
  }

  @Bean
  EventSearch eventSearch(Store store, EventReads events) {
    return new EventSearch(store, events, System::nanoTime);
  }

  @Bean
  SurveyReads surveyReads(Store store) {
    return new SurveyReads(store);
  }

  @Bean
  RequestReads requestReads(Store store, Clock clock) {
    return new RequestReads(store, clock);
  }

  @Bean
  RunStore runStore(Store store, Ids ids, Clock clock) {
    return new RunStore(store, ids, clock);
  }

  @Bean
  RunSteps runSteps(
      Store store,
      RunStore runs,
      DeliveryChanges deliveries,
      EventReplays events,
      RequestChanges requests,
      Counters counters,
      Signals signals) {
    return new RunSteps(store, runs, deliveries, events, requests, counters, signals);
  }

  @Bean
  AuditLog auditLog(Store store, Ids ids, Clock clock) {
    return new AuditLog(store, ids, clock);
  }

  @Bean
  ApiTokens apiTokens(Store store, Ids ids, Clock clock) {
    return new ApiTokens(store, ids, clock);
  }

  @Bean
  RefusalLog refusalLog(Store store, Ids ids, Clock clock, Counters counters) {
    return new StoredRefusals(store, ids, clock, counters);
  }

  @Bean
  Retention retention(Store store, Clock clock, RetentionProperties properties) {
    return new Retention(store, clock, properties);
  }

  @Bean
  RetentionRuns retentionRuns(Retention retention, RetentionProperties properties) {
    return new RetentionRuns(retention, properties);
  }
}
