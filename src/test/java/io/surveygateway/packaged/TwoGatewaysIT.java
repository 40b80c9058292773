package io.surveygateway.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.surveygateway.PostgresForTests;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two gateways on one PostgreSQL, and one of them dies with work in hand. */
class TwoGatewaysIT {

  @Test
  void loseAndDoubleNothingWhenOneIsKilled() throws Exception {
    try (var run =
        new SoakRun(1, 2, PostgresForTests.newDatabase(), Map.of("GATEWAY_STORE_LEASE", "3s"))) {
      run.start();
      run.send(150);
      await().atMost(Duration.ofMinutes(1)).until(() -> run.ledger.size() > 500);
      var inHand = killWithWorkInHand(run);
      // The other one goes on alone, and takes over what the dead one held.
      var before = run.ledger.size();
      await().atMost(Duration.ofMinutes(1)).until(() -> run.ledger.size() > before + 500);
      run.gateways.get(0).launch();
      await().atMost(Duration.ofMinutes(1)).until(() -> run.ledger.size() > before + 1000);
      run.finish();

      run.assertBalanced();
      // Nothing failed: each was tried once, but for what the dead one had claimed.
      assertThat(run.count("SELECT count(*) FROM attempt WHERE outcome = 'retrying'")).isZero();
      assertThat(run.count("SELECT count(*) FROM delivery WHERE attempts > 1"))
          .isLessThanOrEqualTo(inHand);
      assertThat(run.count("SELECT count(*) FROM delivery WHERE attempts > 2")).isZero();
    }
  }

  /** At a moment when it sends to Salesforce, which is slow, and so holds claims for sure. */
  private static long killWithWorkInHand(SoakRun run) throws Exception {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> claimed(run) > 0);
    run.kill(0);
    return claimed(run);
  }

  private static long claimed(SoakRun run) throws Exception {
    return run.count(
        "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'retrying') AND lease_owner IS NOT"
            + " NULL");
  }
}
