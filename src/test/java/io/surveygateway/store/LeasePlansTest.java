package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.History;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How the database finds what a step or an attempt has ended: by its id, also where its statistics
 * were taken while nothing waited, and say that the index of what waits is the smallest way in.
 */
class LeasePlansTest {

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void findsWhatEndedByItsId(Dialect dialect) throws Exception {
    try (var store = StoreForTests.open(dialect)) {
      try (var connection = store.writes().getConnection()) {
        History.fill(connection, 2_000, 0, store.clock.millis());
      }

      assertThat(
              store.plan(
                  InboxStore.END_ITEM, "done", 0L, null, null, 1, 0, 1L, 0, 1L, "this gateway"))
          .anyMatch(
              step -> step.contains(dialect == Dialect.SQLITE ? "inbox_1 (req" : "inbox_pkey"));
      assertThat(
              store.plan(
                  OutboxStore.END_DELIVERY + OutboxStore.HELD,
                  "delivered",
                  0L,
                  null,
                  null,
                  null,
                  1L,
                  0,
                  1L,
                  "this gateway"))
          .anyMatch(
              step ->
                  step.contains(dialect == Dialect.SQLITE ? "delivery_1 (id" : "delivery_pkey"));
    }
  }
}
