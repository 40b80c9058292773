package io.surveygateway.store;

/**
 * Gives out ids that no other gateway on the same store gives out.
 *
 * <p>Reserves them in blocks: one short transaction for each {@value #BLOCK} ids. Those of a block
 * that was not used up are never used. Must not be called within a transaction (see {@link Store}).
 * Safe for use by many threads.
 */
public final class Ids {

  private static final int BLOCK = 10_000;

  private final Store store;
  private long next;
  private long end;

  Ids(Store store) {
    this.store = store;
  }

  /**
   * @throws StoreUnavailableException if a new block was needed and could not be had
   */
  public synchronized long next() {
    if (next == end) {
      long endOfBlock =
          store.write(
              jdbc ->
                  jdbc.queryForObject(
                      "UPDATE id_block SET next_id = next_id + "
                          + BLOCK
                          + " WHERE name = 'gateway' RETURNING next_id",
                      Long.class));
      next = endOfBlock - BLOCK;
      end = endOfBlock;
    }
    return next++;
  }
}
