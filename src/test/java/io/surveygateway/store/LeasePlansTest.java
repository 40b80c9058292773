package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.History;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How the database finds what a step or an attempt has ended, and what a claim asks of a subject:
 * by the id and by the subject, also where its statistics were taken while nothing waited, and say
 * that any index of what waits is as short a way.
 */
class LeasePlansTest {

  private StoreForTests store;

  @AfterEach
  void close() {
    store.close();
  }

  private void openWhereNothingWaited(Dialect dialect) throws SQLException {
    store = StoreForTests.open(dialect);
    try (var connection = store.writes().getConnection()) {
      History.fill(connection, 2_000, 0, store.clock.millis());
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void findsWhatEndedByItsId(Dialect dialect) throws Exception {
    openWhereNothingWaited(dialect);

    assertThat(
            store.plan(
                InboxStore.END_ITEM, "done", 0L, null, null, 1, 0, 1L, 0, 1L, "this gateway"))
        .anyMatch(step -> step.contains(dialect == Dialect.SQLITE ? "inbox_1 (req" : "inbox_pkey"));
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
            step -> step.contains(dialect == Dialect.SQLITE ? "delivery_1 (id" : "delivery_pkey"));
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void findsTheFirstOfASubjectByTheSubject(Dialect dialect) throws Exception {
    openWhereNothingWaited(dialect);

    assertThat(store.plan(SubjectOrder.SEARCH, 5L, "salesforce", 5L, 5L, 200))
        .filteredOn(step -> step.contains("delivery_"))
        .satisfiesExactly(
            step -> assertThat(step).contains("delivery_due"),
            step -> assertThat(step).contains("delivery_order"),
            step -> assertThat(step).contains("delivery_under_way"));
    assertThat(store.plan(SubjectOrder.next(dialect, 1), 5L))
        .anyMatch(step -> step.contains("delivery_behind"));
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void findsWhatADeadGatewayHeldWithoutWhatWaits(Dialect dialect) throws Exception {
    openWhereNothingWaited(dialect);

    assertThat(store.plan(Leases.VOID_DELIVERIES))
        .anyMatch(step -> step.contains("delivery_under_way"));
  }
}
