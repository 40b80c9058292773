package io.surveygateway.store;

import java.time.Duration;
import java.util.Collection;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** Renewing and giving back leases, the same for inbox items and deliveries. */
final class Leases {

  /** Of inbox items and deliveries: waits or is retried, as the indexes of these say it. */
  static final String OPEN = "state IN ('waiting', 'retrying')";

  /**
   * The same of a row that is found by its id. Said so that PostgreSQL sees no way by an index of
   * what is open: without statistics, or with those of an hour in which nothing waited, it takes
   * that for the shortest, and goes through all that waits by now for each row.
   */
  static final String STILL_OPEN = "CASE WHEN " + OPEN + " THEN 1 ELSE 0 END = 1";

  private static final String VOID =
      "UPDATE %s SET lease_owner = NULL, lease_until = 0 WHERE %s AND lease_until > 0";

  /** Along the index of those under way: much may wait. */
  static final String VOID_DELIVERIES =
      VOID.formatted("delivery", SubjectOrder.openOfSubject("delivery"));

  private Leases() {}

  static void renew(
      Store store,
      StoreTime time,
      String table,
      String id,
      Collection<Long> ids,
      String node,
      Duration lease) {
    if (ids.isEmpty()) {
      return;
    }
    store.write(
        jdbc -> {
          store.dialect().lockInOrder(jdbc, table, id, ids);
          return jdbc.update(
              "UPDATE " + table + " SET lease_until = ? WHERE lease_owner = ? AND " + in(id, ids),
              Stream.concat(Stream.of(time.now(jdbc) + lease.toMillis(), node), ids.stream())
                  .toArray());
        });
  }

  static void release(Store store, String table, String id, Collection<Long> ids, String node) {
    if (ids.isEmpty()) {
      return;
    }
    store.write(
        jdbc -> {
          store.dialect().lockInOrder(jdbc, table, id, ids);
          release(jdbc, table, id, ids, node);
          return null;
        });
  }

  static void release(
      JdbcTemplate jdbc, String table, String id, Collection<Long> ids, String node) {
    jdbc.update(
        "UPDATE "
            + table
            + " SET lease_owner = NULL, lease_until = 0, attempts = attempts - 1 WHERE"
            + " lease_owner = ? AND "
            + in(id, ids),
        Stream.concat(Stream.of(node), ids.stream()).toArray());
  }

  /** At start of a store that has one process: whoever held a lease is gone. */
  static void voidAll(Store store) {
    store.write(
        jdbc -> {
          jdbc.update(VOID.formatted("inbox", OPEN));
          jdbc.update(VOID_DELIVERIES);
          return null;
        });
  }

  private static String in(String id, Collection<Long> ids) {
    return id + " IN (" + InboxStore.placeholders(ids.size()) + ")";
  }
}
