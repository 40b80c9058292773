package io.surveygateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.OutboxStore.Origin;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an exchange of three deliveries says about its destination. */
class BatchTest {

  private static final Failure DOWN = Failure.transientFailure("503");
  private static final Failure BAD = Failure.permanent("STRING_TOO_LONG");
  private static final Failure REFUSED = Failure.auth("INVALID_SESSION_ID");
  private static final Failure SLOW_DOWN = Failure.rateLimited("429", null);

  private final Batch batch =
      new Batch(
          Stream.of(1L, 2L, 3L)
              .map(
                  id ->
                      new ClaimedDelivery(
                          id,
                          id,
                          "r",
                          Instant.EPOCH,
                          1,
                          Instant.EPOCH,
                          "{}",
                          new Origin("popsee", id, null, null)))
              .toList(),
          Stream.<JsonNode>generate(NullNode::getInstance).limit(3).toList());

  private void failed(Failure... failures) {
    for (var i = 0; i < failures.length; i++) {
      batch.failed(i, failures[i]);
    }
  }

  @Test
  void saysNothingBadWhereAllArrived() {
    assertThat(batch.ofAll(null)).isNull();
  }

  @Test
  void takesRecordsThatFailForTheirOwnAffair() {
    failed(DOWN, REFUSED);

    assertThat(batch.ofAll(null)).isNull();
  }

  @Test
  void isAFailureOfTheDestinationWhereAllFailedInPassing() {
    failed(DOWN, DOWN, DOWN);

    assertThat(batch.ofAll(null)).isEqualTo(DOWN);
  }

  @Test
  void isNoFailureOfTheDestinationWhereOneWasBad() {
    failed(DOWN, BAD, DOWN);

    assertThat(batch.ofAll(null)).isEqualTo(BAD);
  }

  @Test
  void isAFailureOfTheDestinationWhereTheCallFailed() {
    batch.delivered(0, null);

    assertThat(batch.ofAll(DOWN)).isEqualTo(DOWN);
    assertThat(batch.ofAll(REFUSED)).isEqualTo(REFUSED);
  }

  @Test
  void slowsDownWhereOneRecordSaysSo() {
    failed(SLOW_DOWN);

    assertThat(batch.ofAll(null)).isEqualTo(SLOW_DOWN);
    assertThat(batch.ofAll(DOWN)).isEqualTo(SLOW_DOWN);
  }

  @Test
  void asksForCredentialsWhereNothingArrivedWithThem() {
    failed(REFUSED, BAD, BAD);

    assertThat(batch.ofAll(null)).isEqualTo(REFUSED);
  }
}
