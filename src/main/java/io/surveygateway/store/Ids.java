package io.surveygateway.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gives out ids that no other gateway on the same store gives out.
 *
 * <p>Reserves them in blocks: one short transaction for each {@value #BLOCK} ids. Those of a block
 * that was not used up are never used. Must not be called within a transaction (see {@link Store}).
 * Safe for use by many threads.
 */
public final class Ids {

  private static final int BLOCK = 10_000;
  private static final Duration REST = Duration.ofSeconds(1);

  private final Store store;
  private long next;
  private long end;
  private long failedAt;
  private @Nullable StoreUnavailableException failure;

  Ids(Store store) {
    this.store = store;
  }

  /**
   * @throws StoreUnavailableException if a new block was needed and could not be had
   */
  public synchronized long next() {
    if (next == end) {
      reserve();
    }
    return next++;
  }

  /** While the store is away one caller waits for it; those behind are told at once. */
  private void reserve() {
    if (failure != null && System.nanoTime() - failedAt < REST.toNanos()) {
      throw failure;
    }
    try {
      long endOfBlock =
          store.writeAhead(
              jdbc ->
                  jdbc.queryForObject(
                      "UPDATE id_block SET next_id = next_id + "
                          + BLOCK
                          + " WHERE name = 'gateway' RETURNING next_id",
                      Long.class));
      next = endOfBlock - BLOCK;
      end = endOfBlock;
      failure = null;
    } catch (StoreUnavailableException e) {
      failure = e;
      failedAt = System.nanoTime();
      throw e;
    }
  }
}
