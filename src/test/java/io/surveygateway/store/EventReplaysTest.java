package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.store.Change.Verdict;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events that are delivered again, as they are in the store: on both stores. */
class EventReplaysTest {

  private static final UnaryOperator<String> ALL_ON = destination -> null;

  private StoreForTests store;
  private StoredResponses responses;
  private EventReplays replays;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    responses = new StoredResponses(store);
    replays = store.get(EventReplays.class);
  }

  @ParameterizedTest
  @EnumSource
  void sendsAnEventToAllThatItWentTo(Dialect dialect) {
    open(dialect);
    var event = responses.event("r-1", "crm", "slack");
    responses.attempt("crm", Work.State.DELIVERED);
    responses.attempt("slack", Work.State.PARKED);

    var changes = replays.replay(event, Set.of(), ALL_ON);

    assertThat(changes).hasSize(2).allMatch(Change::isChanged);
    assertThat(responses.claim("crm")).hasSize(1);
    assertThat(responses.claim("slack")).hasSize(1);
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void sendsAnEventToThoseThatAreNamed(Dialect dialect) {
    open(dialect);
    var event = responses.event("r-1", "crm", "slack");
    responses.attempt("crm", Work.State.DELIVERED);
    responses.attempt("slack", Work.State.DELIVERED);

    replays.replay(event, Set.of("crm"), ALL_ON);

    assertThat(responses.claim("crm")).hasSize(1);
    assertThat(responses.claim("slack")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void makesADeliveryToADestinationThatTheEventDidNotGoTo(Dialect dialect) {
    open(dialect);
    var event = responses.event("r-1");

    var changes = replays.replay(event, Set.of("crm"), ALL_ON);

    var claimed = responses.claim("crm").get(0);
    assertThat(claimed.id()).isEqualTo(changes.get(0).id());
    assertThat(claimed.subject()).isEqualTo("popsee:r-1");
    assertThat(claimed.document()).isEqualTo("{\"of\":\"r-1\"}");
    assertThat(claimed.origin().receivedAt()).as("a person's time counts as nobody's").isNull();
    responses.checkCounts();
  }

  @ParameterizedTest
  @EnumSource
  void makesNoDeliveryToADestinationThatIsOff(Dialect dialect) {
    open(dialect);
    var event = responses.event("r-1", "slack");

    var changes = replays.replay(event, Set.of("crm"), name -> name + " is off");

    assertThat(changes).extracting(Change::verdict).containsExactly(Verdict.OFF);
    assertThat(store.count("SELECT count(*) FROM delivery")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void saysThatAnEventWentNowhere(Dialect dialect) {
    open(dialect);
    var event = responses.event("r-1");

    assertThat(replays.replay(event, Set.of(), ALL_ON))
        .extracting(Change::verdict)
        .containsExactly(Verdict.NOWHERE);
    assertThat(replays.replay(404, Set.of("crm"), ALL_ON))
        .extracting(Change::verdict)
        .containsExactly(Verdict.GONE);
  }

  @ParameterizedTest
  @EnumSource
  void doublesNothingThatIsUnderWay(Dialect dialect) {
    open(dialect);
    var event = responses.event("r-1", "crm");
    responses.claim("crm");

    assertThat(replays.replay(event, Set.of("crm"), ALL_ON))
        .extracting(Change::verdict)
        .containsExactly(Verdict.UNDER_WAY);
  }

  @Test
  void makesNoDeliveryOfAnEventThatRetentionIsJustRemoving() throws Exception {
    open(Dialect.POSTGRESQL);
    var event = responses.event("r-1");
    try (var retention = store.writes().getConnection();
        var statement = retention.createStatement()) {
      retention.setAutoCommit(false);
      statement.execute("SELECT * FROM event FOR UPDATE");

      var changes =
          CompletableFuture.supplyAsync(() -> replays.replay(event, Set.of("crm"), ALL_ON));
      await()
          .until(
              () ->
                  store.count(
                          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                      == 1);
      statement.execute("DELETE FROM event");
      retention.commit();

      assertThat(changes.join()).extracting(Change::verdict).containsExactly(Verdict.GONE);
      assertThat(store.count("SELECT count(*) FROM delivery")).isZero();
    }
  }
}
