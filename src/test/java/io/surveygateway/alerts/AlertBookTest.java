package io.surveygateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a person hears of a thing that is amiss. */
class AlertBookTest {

  private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

  private final AlertBook book = new AlertBook(Duration.ofMinutes(2), Duration.ofHours(24));
  private final List<String> said = new ArrayList<>();
  private List<Alert> alerts = List.of();

  private void look(int minute, Finding... found) {
    var next = book.next(alerts, List.of(found), START.plus(Duration.ofMinutes(minute)));
    alerts = next.alerts();
    next.changes().stream()
        .map(change -> minute + " " + change.what() + " " + change.about() + ": " + change.text())
        .forEach(said::add);
  }

  private static Finding failing(String destination) {
    return new Finding(
        AlertKind.DESTINATION_FAILING, destination, START, Duration.ofMinutes(10), "it fails");
  }

  private static Finding parked(int deliveries) {
    return new Finding(
        AlertKind.DELIVERIES_PARKED, "slack", START, Duration.ZERO, deliveries + " are parked");
  }

  @Test
  void isNothingUntilItHasLastedForLongEnough() {
    look(0, failing("slack"));
    look(9, failing("slack"));
    assertThat(said).isEmpty();

    look(10, failing("slack"));

    assertThat(said).containsExactly("10 RAISED slack: it fails");
  }

  @Test
  void isNothingIfItPassesBeforeThat() {
    look(0, failing("slack"));
    look(5);
    look(12);

    assertThat(said).isEmpty();
    assertThat(alerts).isEmpty();
  }

  @Test
  void isOnceHoweverOftenItIsSeenAndHoweverItGrows() {
    for (var minute = 0; minute < 24 * 60; minute++) {
      look(minute, parked(minute + 1));
    }

    assertThat(said).containsExactly("0 RAISED slack: 1 are parked");
  }

  @Test
  void isAgainAfterALongTimeAsItIsThen() {
    look(0, parked(1));
    look(24 * 60, parked(7));
    look(24 * 60 + 1, parked(8));
    look(48 * 60, parked(9));

    assertThat(said)
        .containsExactly(
            "0 RAISED slack: 1 are parked",
            "1440 STILL slack: 7 are parked",
            "2880 STILL slack: 9 are parked");
  }

  @Test
  void isOverOnceItHasBeenForAWhile() {
    look(0, parked(1));
    look(63);
    look(64);
    assertThat(said).hasSize(1);

    look(65);
    look(66);

    assertThat(said)
        .containsExactly(
            "0 RAISED slack: 1 are parked",
            "65 CLEARED slack: none of its deliveries is parked any more, after 1 h 5 min");
    assertThat(alerts).isEmpty();
  }

  @Test
  void isOneThoughItComesAndGoes() {
    look(0, parked(1));
    for (var minute = 1; minute < 60; minute += 2) {
      look(minute);
      look(minute + 1, parked(1));
    }

    assertThat(said).containsExactly("0 RAISED slack: 1 are parked");
  }

  @Test
  void isForEachThingAndDestinationByItself() {
    look(10, failing("slack"), failing("crm"), parked(1));
    look(20, failing("crm"));
    look(22, failing("crm"));

    assertThat(said)
        .containsExactly(
            "10 RAISED slack: it fails",
            "10 RAISED crm: it fails",
            "10 RAISED slack: 1 are parked",
            "22 CLEARED slack: it does not fail any more, after 22 min",
            "22 CLEARED slack: none of its deliveries is parked any more, after 22 min");
    assertThat(alerts).extracting(Alert::about).containsExactly("crm");
  }
}
