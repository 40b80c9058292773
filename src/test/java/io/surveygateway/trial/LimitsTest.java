package io.surveygateway.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LimitsTest {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Limits limits = new Limits();

  @Test
  void givesWhatTheTrialMade() {
    assertThat(limits.<String>run(LONG, watch -> Thread.currentThread().getName()))
        .isEqualTo("trial");
  }

  @Test
  void endsATrialThatAsksTheWatch() {
    assertThatThrownBy(
            () ->
                limits.run(
                    SHORT,
                    watch -> {
                      while (true) {
                        watch.step();
                      }
                    }))
        .isInstanceOf(TrialException.class)
        .hasMessage("The try was ended: it took longer than 0.02 s. Does the jq loop?");
  }

  @Test
  void endsAStepThatAsksForTooMuchMemory() {
    assertThatThrownBy(
            () ->
                limits.run(
                    LONG,
                    watch -> {
                      var kept = 0;
                      while (true) {
                        kept += new byte[1 << 20].length;
                        watch.jqStep();
                        assertThat(kept).isPositive();
                      }
                    }))
        .isInstanceOf(TrialException.class)
        .hasMessageContaining("MB of memory");
  }

  @Test
  void leavesBehindWhatHearsNothingAndKeepsItsPlaceTaken() {
    var goOn = new CountDownLatch(1);
    try {
      for (var i = 0; i < 2; i++) {
        assertThatThrownBy(() -> limits.run(SHORT, watch -> deaf(goOn)))
            .isInstanceOf(TrialException.class)
            .hasMessageContaining("it took longer than");
      }

      assertThatThrownBy(() -> limits.run(LONG, watch -> "third"))
          .isInstanceOfSatisfying(
              TrialException.class,
              thrown -> assertThat(thrown.kind()).isEqualTo(TrialException.Kind.BUSY));
    } finally {
      goOn.countDown();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> limits.<String>run(LONG, watch -> "third").equals("third"));
  }

  private static String deaf(CountDownLatch goOn) {
    // As a pattern that backtracks: no interrupt is heard.
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                goOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return "late";
            })
        .join();
  }
}
