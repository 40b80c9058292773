package io.surveygateway.packaged;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Compares what a {@link Ledger} says has to be with what stands there, and says each difference in
 * a line. Knows nothing of how a gateway works but its promises.
 */
final class Reconciliation {

  private static final List<String> DESTINATIONS = List.of("database", "salesforce", "slack");

  private final Ledger ledger;
  private final Holdings holdings;
  private final int interruptions;
  private final List<String> differences = new ArrayList<>();
  private final Map<String, Told> accepted;

  /** Those that were kept without their answers first; nobody has to. */
  private final Map<String, Told> early;

  private final Map<String, List<Holdings.Delivery>> deliveries;
  private final Map<Long, List<Holdings.Attempt>> attempts;

  private Reconciliation(Ledger ledger, Holdings holdings, int interruptions) {
    this.ledger = ledger;
    this.holdings = holdings;
    this.interruptions = interruptions;
    this.accepted =
        ledger.accepted().stream().collect(toMap(Told::key, Function.identity(), (a, b) -> a));
    var kept = new HashSet<>(holdings.events());
    this.early =
        ledger.accepted().stream()
            .filter(Told::isFetched)
            .map(Told::withoutAnswers)
            .filter(told -> kept.contains(told.key()))
            .collect(toMap(Told::key, Function.identity(), (a, b) -> a));
    this.deliveries = holdings.deliveries().stream().collect(groupingBy(Holdings.Delivery::event));
    this.attempts = holdings.attempts().stream().collect(groupingBy(Holdings.Attempt::delivery));
  }

  /**
   * @param interruptions kills, and others that may have kept one answer of Slack from a gateway
   *     unseen; each explains one more message
   */
  static List<String> differences(Ledger ledger, Holdings holdings, int interruptions) {
    var reconciliation = new Reconciliation(ledger, holdings, interruptions);
    reconciliation.compareRequests();
    reconciliation.compareEvents();
    reconciliation.compareDeliveries();
    reconciliation.compareOrder();
    reconciliation.compareDatabase();
    reconciliation.compareSalesforce();
    reconciliation.compareSlack();
    return reconciliation.differences;
  }

  /** Messages that Slack has beyond one for each event. */
  static int extraMessages(Holdings holdings) {
    return holdings.messages().values().stream().mapToInt(count -> count - 1).sum();
  }

  private void differ(String difference, Object... values) {
    differences.add(difference.formatted(values));
  }

  private void compareRequests() {
    differences.addAll(ledger.unexpected());
    for (var provider : ledger.forged().keySet()) {
      if (!holdings.refusedProviders().contains(provider)) {
        differ("refusals: none kept of %s", provider);
      }
    }
    var setAside =
        holdings.setAside().stream()
            .collect(
                groupingBy(
                    Holdings.SetAside::request,
                    mapping(item -> String.valueOf(item.item()), toList())));
    var stored = new HashMap<Ledger.Body, Integer>();
    for (var request : holdings.requests()) {
      var body = ledger.body(request.body());
      if (body.isEmpty()) {
        differ("request %d: stored, and nobody with a right proof sent it", request.id());
        continue;
      }
      stored.merge(body.get(), 1, Integer::sum);
      if (!"done".equals(request.state())) {
        differ("request %d: %s", request.id(), request.state());
      }
      var expected =
          body.get().sending.unreadable().stream().map(String::valueOf).sorted().toList();
      var items = setAside.getOrDefault(request.id(), List.of()).stream().sorted().toList();
      if (!items.equals(expected)) {
        differ("request %d: set aside %s, expected %s", request.id(), items, expected);
      }
    }
    for (var body : ledger.bodies()) {
      var times = stored.getOrDefault(body, 0);
      if (times < body.accepted || times > body.tries) {
        differ(
            "%s: answered 200 %d times of %d, and stored %d times",
            body.sending.request().story(), body.accepted, body.tries, times);
      }
    }
  }

  private void compareEvents() {
    var kept = holdings.events().stream().collect(groupingBy(Function.identity(), counting()));
    for (var told : expected()) {
      if (kept.getOrDefault(told.key(), 0L) != 1) {
        differ("event %s: kept %d times", told.key(), kept.getOrDefault(told.key(), 0L));
      }
    }
    kept.keySet().stream()
        .filter(key -> !accepted.containsKey(key) && !early.containsKey(key))
        .forEach(key -> differ("event %s: nobody told it", key));
  }

  private List<Told> expected() {
    return Stream.concat(accepted.values().stream(), early.values().stream()).toList();
  }

  private void compareDeliveries() {
    var shown = new HashMap<String, Map<String, Told>>();
    var latest = new HashMap<String, Holdings.Delivery>();
    for (var destination : DESTINATIONS) {
      shown.put(destination, ledger.shownBy(destination));
    }
    for (var delivery : holdings.deliveries()) {
      if (delivery.state().equals("delivered")) {
        latest.merge(
            delivery.destination() + " " + delivery.subject(),
            delivery,
            (a, b) -> a.at().isAfter(b.at()) ? a : b);
      }
    }
    for (var told : expected()) {
      var all = deliveries.getOrDefault(told.key(), List.of());
      for (var destination : DESTINATIONS) {
        var here = all.stream().filter(d -> d.destination().equals(destination)).toList();
        var expected = told.destinations().contains(destination) ? 1 : 0;
        if (here.size() != expected) {
          differ("event %s: %d deliveries to %s", told.key(), here.size(), destination);
        } else if (expected == 1) {
          compareState(
              told,
              here.get(0),
              told.equals(shown.get(destination).get(told.subject())),
              latest.get(destination + " " + told.subject()));
        }
      }
    }
  }

  private void compareState(
      Told told, Holdings.Delivery delivery, boolean isShown, Holdings.Delivery latest) {
    var name = "event %s to %s".formatted(told.key(), delivery.destination());
    var tries = attempts.getOrDefault(delivery.id(), List.of());
    var arrivals = tries.stream().filter(a -> a.outcome().equals("delivered")).count();
    var isOvertaken = latest != null && latest.at().isAfter(told.at());
    switch (delivery.state()) {
      case "delivered" -> {
        if (told.isRefusedBy(delivery.destination())) {
          differ("%s: delivered, and was refused", name);
        }
        if (arrivals != 1) {
          differ("%s: delivered by %d attempts", name, arrivals);
        }
      }
      case "superseded" -> {
        if (isShown || !isOvertaken || arrivals > 0) {
          differ("%s: superseded, though nothing newer is there, or it arrived", name);
        }
      }
      case "parked" -> {
        if (!told.isRefusedBy(delivery.destination()) || arrivals > 0) {
          differ("%s: parked, and nobody refused it", name);
        }
      }
      default -> differ("%s: %s is no end", name, delivery.state());
    }
  }

  /** Of one response a destination gets one event at a time, and the oldest first. */
  private void compareOrder() {
    record Try(Holdings.Delivery delivery, Holdings.Attempt attempt) {}
    var byId =
        holdings.deliveries().stream()
            .collect(toMap(Holdings.Delivery::id, Function.identity(), (a, b) -> a));
    var tries =
        holdings.attempts().stream()
            .filter(attempt -> byId.containsKey(attempt.delivery()))
            .map(attempt -> new Try(byId.get(attempt.delivery()), attempt))
            .collect(groupingBy(t -> t.delivery.destination() + " " + t.delivery.subject()));
    tries.forEach(
        (lane, all) -> {
          // Within a millisecond nobody can tell: then in the order that is right.
          all.sort(
              Comparator.<Try>comparingLong(t -> t.attempt.startedAt())
                  .thenComparing(t -> t.attempt.endedAt())
                  .thenComparing(t -> t.delivery.at()));
          Try former = null;
          Try arrived = null;
          for (var next : all) {
            if (former != null && next.attempt.startedAt() < former.attempt.endedAt()) {
              differ("%s: two attempts at the same time", lane);
            }
            former = next;
            if (next.attempt.outcome().equals("delivered")) {
              if (arrived != null && next.delivery.at().isBefore(arrived.delivery.at())) {
                differ("%s: an older event was delivered after a newer one", lane);
              }
              arrived = next;
            }
          }
        });
  }

  private void compareDatabase() {
    var shown = ledger.shownBy("database");
    var answers =
        holdings.answers().stream()
            .collect(
                groupingBy(Holdings.AnswerRow::key, mapping(Holdings.AnswerRow::text, toList())));
    var seen = new HashSet<String>();
    for (var row : holdings.rows()) {
      var told = shown.get(row.key());
      seen.add(row.key());
      if (told == null) {
        differ("database %s: nobody told it", row.key());
      } else if (!row.event().equals(told.key()) || !row.status().equals(told.status())) {
        differ(
            "database %s: %s by %s, expected %s by %s",
            row.key(), row.status(), row.event(), told.status(), told.key());
      } else {
        compareAnswers(told, answers.getOrDefault(row.key(), List.of()));
      }
    }
    shown.keySet().stream()
        .filter(key -> !seen.contains(key))
        .forEach(key -> differ("database %s: missing", key));
    answers.keySet().stream()
        .filter(key -> !seen.contains(key))
        .forEach(key -> differ("database %s: answers without a response", key));
  }

  private void compareAnswers(Told told, List<String> answers) {
    var marked = answers.stream().filter(text -> text.contains(told.mark())).count();
    if (told.deletes() ? !answers.isEmpty() : marked != (told.isAnswered() ? 1 : 0)) {
      differ("database %s: has other answers than %s told", told.subject(), told.key());
    }
  }

  private void compareSalesforce() {
    var expected = new TreeMap<>(ledger.shownBy("salesforce"));
    expected.values().removeIf(Told::deletes);
    var seen = new HashSet<String>();
    for (var record : holdings.records()) {
      var told = expected.get(record.key());
      if (!seen.add(record.key())) {
        differ("Salesforce %s: twice", record.key());
      } else if (told == null) {
        differ("Salesforce %s: nobody told it, or it was deleted", record.key());
      } else if (!record.at().equals(told.at())
          || !record.status().equals(told.status())
          || record.comment().contains(told.mark()) != told.isAnswered()) {
        differ(
            "Salesforce %s: %s of %s, expected %s of %s",
            record.key(), record.status(), record.at(), told.status(), told.at());
      }
    }
    expected.keySet().stream()
        .filter(key -> !seen.contains(key))
        .forEach(key -> differ("Salesforce %s: missing", key));
  }

  private void compareSlack() {
    var states = new HashMap<String, String>();
    for (var told : accepted.values()) {
      deliveries.getOrDefault(told.key(), List.of()).stream()
          .filter(delivery -> delivery.destination().equals("slack"))
          .forEach(delivery -> states.put(told.mark(), delivery.state()));
    }
    var unexplained = 0;
    for (var message : holdings.messages().entrySet()) {
      if (!Objects.equals(states.get(message.getKey()), "delivered")) {
        differ(
            "Slack %s: a message, and its delivery is %s",
            message.getKey(), states.get(message.getKey()));
      }
      unexplained += Math.max(0, message.getValue() - 1 - ledger.doubts(message.getKey()));
    }
    states.forEach(
        (mark, state) -> {
          if (state.equals("delivered") && !holdings.messages().containsKey(mark)) {
            differ("Slack %s: delivered, and no message", mark);
          }
        });
    if (unexplained > interruptions) {
      differ("Slack: %d messages too many for %d interruptions", unexplained, interruptions);
    }
  }
}
