package io.surveygateway.alerts;

import io.surveygateway.alerts.AlertChange.What;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides what people are told, of what was amiss before and what is now.
 *
 * <p>Each thing is said when it has been so for long enough, again after a long time, and when it
 * has been over for a while: one that comes and goes in between is one. A pure function of its
 * arguments. Immutable.
 */
final class AlertBook {

  private final Duration clearedAfter;
  private final Duration stillAfter;

  AlertBook(Duration clearedAfter, Duration stillAfter) {
    this.clearedAfter = clearedAfter;
    this.stillAfter = stillAfter;
  }

  /**
   * @param alerts as they are to be kept from now on
   * @param changes to be told
   */
  record Next(List<Alert> alerts, List<AlertChange> changes) {}

  private record Key(AlertKind kind, String about) {}

  Next next(List<Alert> before, List<Finding> found, Instant now) {
    Map<Key, Alert> old = new LinkedHashMap<>();
    before.forEach(alert -> old.put(new Key(alert.kind(), alert.about()), alert));
    var alerts = new ArrayList<Alert>();
    var changes = new ArrayList<AlertChange>();
    for (var finding : found) {
      var seen = Alert.seen(finding);
      var known = old.remove(new Key(seen.kind(), seen.about()));
      alerts.add(found(finding, known == null ? seen : known.holds(), now, changes));
    }
    for (var gone : old.values()) {
      gone(gone, now, alerts, changes);
    }
    return new Next(alerts, changes);
  }

  private Alert found(Finding finding, Alert alert, Instant now, List<AlertChange> changes) {
    if (!alert.isRaised()) {
      return isPast(alert.since(), finding.after(), now)
          ? say(What.RAISED, finding, alert, now, changes)
          : alert;
    }
    return isPast(alert.saidAt(), stillAfter, now)
        ? say(What.STILL, finding, alert, now, changes)
        : alert;
  }

  private static Alert say(
      What what, Finding finding, Alert alert, Instant now, List<AlertChange> changes) {
    var said = alert.said(now, finding.text());
    changes.add(AlertChange.of(what, said, now));
    return said;
  }

  private void gone(Alert alert, Instant now, List<Alert> alerts, List<AlertChange> changes) {
    if (!alert.isRaised()) {
      return;
    }
    var over = alert.over(now);
    if (isPast(over.overSince(), clearedAfter, now)) {
      changes.add(AlertChange.cleared(over, now));
    } else {
      alerts.add(over);
    }
  }

  private static boolean isPast(Instant since, Duration limit, Instant now) {
    return Duration.between(since, now).compareTo(limit) >= 0;
  }
}
