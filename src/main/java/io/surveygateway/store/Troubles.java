package io.surveygateway.store;

import io.surveygateway.failure.Failure;
import io.surveygateway.store.LaneState.Trouble;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The destinations that are in trouble, as all gateways on the store know it. Safe for use by many
 * threads.
 */
public final class Troubles {

  private final Store store;

  public Troubles(Store store) {
    this.store = store;
  }

  /**
   * By lane, such as {@code outbox:slack}. Reads one row for each lane that there is.
   *
   * @throws StoreUnavailableException if the store could not be reached or failed
   */
  public Map<String, Trouble> all() {
    return store.read(
        jdbc -> {
          Map<String, Trouble> troubles = new HashMap<>();
          jdbc.query(
              "SELECT name, trouble, trouble_reason, trouble_times, tries_at FROM lane WHERE trouble"
                  + " IS NOT NULL",
              row -> {
                troubles.put(
                    row.getString(1),
                    new Trouble(
                        Failure.Kind.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                        row.getString(3),
                        row.getInt(4),
                        Instant.ofEpochMilli(row.getLong(5))));
              });
          return troubles;
        });
  }
}
