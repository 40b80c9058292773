package io.surveygateway.console;

import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.Overview;
import io.surveygateway.operations.Overview.Destination;
import io.surveygateway.operations.Overview.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What of an overview asks for a person, the worst first, and where to go with it. */
final class Attention {

  /** What has waited for longer is said, though nothing is known to be wrong. */
  static final Duration LONG = Duration.ofMinutes(10);

  private static final List<String> TONES = List.of("bad", "warn");

  /**
   * One thing to look at.
   *
   * @param tone bad where something does not go on by itself; warn otherwise
   * @param why in the words of the destination, the settings or whoever paused it
   * @param link path of the page that shows it, and {@code action} what is done there
   */
  record Finding(String tone, String what, String why, String link, String action) {}

  private final Overview overview;
  private final Words words;
  private final List<Finding> findings = new ArrayList<>();

  private Attention(Overview overview) {
    this.overview = overview;
    this.words = new Words(overview.asOf());
  }

  static List<Finding> of(Overview overview) {
    var attention = new Attention(overview);
    overview.destinations().forEach(attention::look);
    overview.providers().forEach(attention::look);
    attention.lookAtWhatDidNotGetIn();
    attention.findings.sort(Comparator.comparing(finding -> TONES.indexOf(finding.tone)));
    return List.copyOf(attention.findings);
  }

  private void look(Destination destination) {
    var lane = destination.lane();
    var name = lane.name();
    if (destination.parked() > 0) {
      bad(
          words.count(destination.parked(), "delivery", "deliveries") + " to " + name + " parked",
          "Nothing more is tried until a person says so.",
          "/deliveries?destination=" + name + "&state=parked",
          "See why, and retry");
    }
    var condition = lane.condition();
    if (condition != null && !condition.state().equals("working")) {
      var what =
          switch (condition.state()) {
            case "credentials-refused" -> name + " refuses our credentials";
            case "rate-limited" -> name + " asked us to slow down";
            default -> name + " fails";
          };
      add(
          condition.state().equals("rate-limited") ? "warn" : "bad",
          what,
          (condition.lastFailure() == null ? "" : condition.lastFailure() + " ")
              + (condition.until() == null
                  ? "One delivery is trying it now."
                  : "One delivery tries it at " + words.time(condition.until()) + " UTC."),
          "/destinations#" + name,
          "See the destination");
    }
    paused(lane, "Deliveries to " + name, "/destinations#" + name);
    if (isLong(destination.oldestWaiting()) && lane.pause() == null) {
      warn(
          words.count(destination.waiting(), "delivery", "deliveries")
              + " to "
              + name
              + (destination.waiting() == 1 ? " waits" : " wait")
              + ", the oldest for "
              + words.age(destination.oldestWaiting()),
          lane.isOn() ? "Tried again by itself." : name + " is off: " + lane.offBecause(),
          "/deliveries?destination=" + name + "&state=retrying",
          "See what it waits for");
    }
  }

  private void look(Provider provider) {
    var lane = provider.lane();
    var name = lane.name();
    if (provider.parked() > 0) {
      bad(
          words.count(provider.parked(), "request", "requests") + " of " + name + " parked",
          "Stored, and not mapped to events until a person says so.",
          "/requests?provider=" + name + "&state=parked",
          "See why, and map again");
    }
    paused(lane, "Mapping of " + name, "/providers#" + name);
    if (lane.openBecause() != null) {
      warn(
          name + " is open: anyone can send to it",
          lane.openBecause(),
          "/providers#" + name,
          "See the provider");
    }
  }

  /** Of all providers in one line: there are many, and a scanner tries them all. */
  private void lookAtWhatDidNotGetIn() {
    var refused = overview.requests().stream().mapToLong(Overview.Part::bad).sum();
    if (refused > 0) {
      warn(
          words.count(refused, "request", "requests") + " refused in the last " + range(),
          each(Provider::refused),
          "/refusals",
          "See why");
    }
    var setAside = overview.providers().stream().mapToLong(Provider::setAside).sum();
    if (setAside > 0) {
      warn(
          words.count(setAside, "item", "items") + " set aside in the last " + range(),
          "Could not be made an event: " + each(Provider::setAside),
          "/set-aside",
          "See which");
    }
  }

  private String range() {
    return overview.range().text();
  }

  /** Such as {@code popsee 3, tally 1}; empty where it was of no provider that there is. */
  private String each(ToLongFunction<Provider> count) {
    return overview.providers().stream()
        .filter(provider -> count.applyAsLong(provider) > 0)
        .map(provider -> provider.lane().name() + " " + words.number(count.applyAsLong(provider)))
        .collect(Collectors.joining(", "));
  }

  private void paused(Lane lane, String what, String link) {
    var pause = lane.pause();
    if (pause != null) {
      warn(
          what + " paused by " + pause.by() + " for " + words.age(pause.since()),
          pause.because() == null ? "No reason was given." : pause.because(),
          link,
          "Resume");
    }
  }

  private boolean isLong(@Nullable Instant since) {
    return since != null && Duration.between(since, overview.asOf()).compareTo(LONG) > 0;
  }

  private void bad(String what, String why, String link, String action) {
    add("bad", what, why, link, action);
  }

  private void warn(String what, String why, String link, String action) {
    add("warn", what, why, link, action);
  }

  private void add(String tone, String what, String why, String link, String action) {
    findings.add(new Finding(tone, what, why, link, action));
  }
}
