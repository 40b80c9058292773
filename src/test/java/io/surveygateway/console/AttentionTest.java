package io.surveygateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.surveygateway.console.Attention.Finding;
import io.surveygateway.operations.LaneOperations.Fares;
import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.LaneOperations.Paused;
import io.surveygateway.operations.Overview;
import io.surveygateway.operations.Overview.Books;
import io.surveygateway.operations.Overview.Destination;
import io.surveygateway.operations.Overview.Part;
import io.surveygateway.operations.Overview.Provider;
import io.surveygateway.operations.Overview.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
  private static final Fares WORKING = new Fares("working", "on", null, null);

  private static List<Finding> of(Destination destination) {
    return Attention.of(overview(List.of(destination), List.of(), 0));
  }

  private static List<Finding> of(Provider provider, long refused) {
    return Attention.of(overview(List.of(), List.of(provider), refused));
  }

  private static Overview overview(
      List<Destination> destinations, List<Provider> providers, long refused) {
    return new Overview(
        NOW,
        Range.HOUR,
        destinations,
        providers,
        List.of(new Part(NOW, 0, refused)),
        List.of(),
        new Books(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  private static Lane crm(Fares condition, Paused pause) {
    return new Lane("crm", true, null, null, condition, pause);
  }

  private static Provider popsee(Lane lane, long setAside, long parked) {
    return new Provider(lane, 0, 0, setAside, 0, parked);
  }

  @Test
  void isSilentWhileAllIsWell() {
    assertThat(of(new Destination(crm(WORKING, null), 5, 1, 2, 0, NOW.minusSeconds(60)))).isEmpty();
  }

  @Test
  void sendsAPersonToWhatIsParkedFirst() {
    var trouble =
        new Fares("failing", "fails", NOW.plusSeconds(30), "Expected an answer, got 503.");

    assertThat(of(new Destination(crm(trouble, null), 0, 0, 3, 2, NOW.minusSeconds(7200))))
        .extracting(Finding::tone, Finding::what, Finding::link)
        .containsExactly(
            tuple("bad", "2 deliveries to crm parked", "/deliveries?destination=crm&state=parked"),
            tuple("bad", "crm fails", "/destinations#crm"),
            tuple(
                "warn",
                "3 deliveries to crm wait, the oldest for 2 h",
                "/deliveries?destination=crm&state=retrying"));
  }

  @Test
  void saysTroubleInTheDestinationsOwnWords() {
    var trouble =
        new Fares(
            "credentials-refused", "refused", NOW.plus(Duration.ofMinutes(5)), "invalid_client.");

    assertThat(of(new Destination(crm(trouble, null), 0, 0, 1, 0, NOW)))
        .extracting(Finding::what, Finding::why)
        .containsExactly(
            tuple(
                "crm refuses our credentials",
                "invalid_client. One delivery tries it at 2026-03-02 09:05:00 UTC."));
  }

  @Test
  void namesWhoPausedAndDoesNotWonderThatSomethingWaits() {
    var pause = new Paused(NOW.minus(Duration.ofHours(3)), "ada", "they migrate");

    assertThat(of(new Destination(crm(WORKING, pause), 0, 0, 9, 0, NOW.minusSeconds(7200))))
        .extracting(Finding::what, Finding::why)
        .containsExactly(tuple("Deliveries to crm paused by ada for 3 h", "they migrate"));
  }

  @Test
  void saysWhatOfAProviderDidNotGetThrough() {
    var open = new Lane("popsee", true, null, "they sign nothing", null, null);

    assertThat(of(popsee(open, 2, 1), 4))
        .extracting(Finding::tone, Finding::what)
        .containsExactly(
            tuple("bad", "1 request of popsee parked"),
            tuple("warn", "popsee is open: anyone can send to it"),
            tuple("warn", "4 requests refused in the last hour"),
            tuple("warn", "2 items set aside in the last hour"));
  }
}
