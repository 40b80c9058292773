package io.surveygateway.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.store.Pauses.Pause;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.webhook.Providers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Status;

class ProvidersHealthTest {

  @Test
  void isUpWithoutPausesWhileTheStoreIsAway() {
    var providers = new Providers();
    providers.declare("popsee", 100);
    providers.on("popsee");

    var health =
        new ProvidersHealth(
                providers,
                () -> {
                  throw new StoreUnavailableException("away", Duration.ZERO, null);
                })
            .health();

    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails()).isEqualTo(Map.of("popsee", "on"));
  }

  @Test
  void showsWhichAreOnWhichAreOpenAndWhyTheOthersAreOff() {
    var providers = new Providers();
    for (var name : new String[] {"popsee", "acme", "tally"}) {
      providers.declare(name, 100);
    }
    providers.on("popsee");
    providers.open("acme", "Acme sends no proof");
    providers.off("tally", "gateway.providers.tally.secret is empty; set TALLY_SECRET");

    var pause = new Pause("inbox:popsee", Instant.EPOCH, "ada", "a new mapping");
    var health = new ProvidersHealth(providers, () -> List.of(pause)).health();

    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails())
        .isEqualTo(
            Map.of(
                "popsee",
                    "on; its mapping is paused by ada since 1970-01-01T00:00:00Z: a new mapping",
                "acme", "open: anyone can send to it, nothing is checked: Acme sends no proof",
                "tally", "off: gateway.providers.tally.secret is empty; set TALLY_SECRET"));
  }
}
