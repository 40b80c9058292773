package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.PostgresForTests;
import io.surveygateway.standin.Fault;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two gateways on one PostgreSQL, and one of them dies with work in hand. */
class TwoGatewaysIT {

  private static final String CLAIMED =
      " FROM delivery WHERE state IN ('waiting', 'retrying') AND lease_owner IS NOT NULL";

  @Test
  void loseAndDoubleNothingWhenOneIsKilled() throws Exception {
    try (var run =
        new SoakRun(1, 2, PostgresForTests.newDatabase(), Map.of("GATEWAY_STORE_LEASE", "3s"))) {
      run.start();
      run.send(150);
      await().atMost(Duration.ofMinutes(1)).until(() -> run.ledger.size() > 300);
      var inHand = killWithWorkInHand(run);
      // The other one goes on alone, and takes over what the dead one held.
      var before = run.ledger.size();
      await().atMost(Duration.ofMinutes(1)).until(() -> run.ledger.size() > before + 300);
      run.launch(0);
      await().atMost(Duration.ofMinutes(1)).until(() -> run.ledger.size() > before + 600);
      run.finish();

      run.assertBalanced();
      // Nothing failed: each was tried once, but for what the dead one had claimed.
      assertThat(run.count("SELECT count(*) FROM attempt WHERE outcome = 'retrying'")).isZero();
      assertThat(run.count("SELECT count(*) FROM delivery WHERE attempts > 1"))
          .isLessThanOrEqualTo(inHand);
      assertThat(run.count("SELECT count(*) FROM delivery WHERE attempts > 2")).isZero();
    }
  }

  /**
   * At a moment when both send something, and Salesforce takes its time.
   *
   * @return how many claims there were
   */
  private static long killWithWorkInHand(SoakRun run) throws Exception {
    run.others.salesforce.faults().always(Fault.slow(Duration.ofMillis(500)));
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> run.count("SELECT count(DISTINCT lease_owner)" + CLAIMED) == 2);
    run.kill(0);
    var claimed = run.count("SELECT count(*)" + CLAIMED);
    run.others.salesforce.faults().clear();
    return claimed;
  }
}
