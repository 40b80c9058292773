package io.surveygateway.console;

import io.surveygateway.operations.DeliveryOperations;
import io.surveygateway.operations.LaneOperations;
import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.RunOperations;
import io.surveygateway.store.Change;
import io.surveygateway.store.DeliveryReads;
import io.surveygateway.store.Run;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * Deliveries: why they wait or are parked, and what to do to one, to some, or to all that match.
 */
@ConsolePage
@RequestMapping("/deliveries")
final class DeliveriesPages {

  private static final List<String> FILTERS =
      List.of(
          "destination",
          "state",
          "provider",
          "survey",
          "type",
          "failureKind",
          "reason",
          "response",
          "from",
          "to");

  private static final List<String> STATES =
      List.of("parked", "retrying", "waiting", "delivered", "superseded", "skipped", "cancelled");

  /** A way to see fewer. */
  record Tab(String label, String link, boolean isChosen) {}

  /**
   * Deliveries that share a reason.
   *
   * @param link that shows them alone
   */
  record Grouped(DeliveryReads.Group group, String link) {}

  private final DeliveryReads deliveries;
  private final DeliveryOperations operations;
  private final RunOperations runs;
  private final LaneOperations lanes;

  DeliveriesPages(
      DeliveryReads deliveries,
      DeliveryOperations operations,
      RunOperations runs,
      LaneOperations lanes) {
    this.deliveries = deliveries;
    this.operations = operations;
    this.runs = runs;
    this.lanes = lanes;
  }

  @GetMapping
  String list(HttpServletRequest request, Model model) {
    var query = query(request);
    var page = deliveries.page(query.filter(), query.after(), PageQuery.LIMIT);
    var destinations = lanes.destinations().stream().map(Lane::name).toList();
    model.addAttribute("section", Section.DELIVERIES);
    model.addAttribute("filters", query.values());
    model.addAttribute("isFirst", query.after() == null);
    model.addAttribute("page", page);
    model.addAttribute("next", query.link("/deliveries", page.next()));
    model.addAttribute("tabs", tabs(query));
    model.addAttribute("destinations", destinations);
    model.addAttribute("providers", lanes.providers().stream().map(Lane::name).toList());
    model.addAttribute("reasons", groups(query, destinations));
    model.addAttribute("mostGrouped", DeliveryReads.MOST_GROUPED);
    model.addAttribute("now", query.with("/deliveries", "after", null));
    return "deliveries";
  }

  private static PageQuery query(HttpServletRequest request) {
    return new PageQuery(request, FILTERS, ApiQuery.DELIVERY_STATES);
  }

  private static List<Tab> tabs(PageQuery query) {
    var chosen = query.value("state");
    return Stream.concat(Stream.of("all", PageQuery.OPEN), STATES.stream())
        .map(
            state ->
                new Tab(
                    state.equals(PageQuery.OPEN) ? "waiting or retried" : state,
                    query.with("/deliveries", "state", state.equals("all") ? null : state),
                    state.equals(chosen == null ? "all" : chosen)))
        .toList();
  }

  /** Of what is not simply on its way; of the chosen destination where one is chosen. */
  private List<Grouped> groups(PageQuery query, List<String> destinations) {
    var chosen = query.value("destination");
    var state = query.value("state");
    return deliveries.groups(chosen == null ? destinations : List.of(chosen)).stream()
        .filter(group -> group.reason() != null)
        .filter(group -> !"parked".equals(state) || group.state().equals("parked"))
        .map(
            group ->
                new Grouped(
                    group,
                    "/deliveries?"
                        + Links.query(
                            "destination", group.destination(),
                            "state", group.state(),
                            "reason", group.reason())))
        .toList();
  }

  /** The way of its event is where one is seen. */
  @GetMapping("/{id}")
  String one(@PathVariable String id) {
    var delivery =
        deliveries.find(ApiQuery.id(id)).orElseThrow(() -> ApiQuery.missing("a delivery"));
    return "redirect:/events/" + delivery.eventId() + "#delivery-" + delivery.id();
  }

  @PostMapping("/{id}")
  String change(
      @PathVariable String id,
      @RequestParam String action,
      Principal who,
      RedirectAttributes after) {
    var delivery =
        deliveries.find(ApiQuery.id(id)).orElseThrow(() -> ApiQuery.missing("a delivery"));
    var change = change(delivery.id(), action, who.getName());
    after.addFlashAttribute(
        "notice",
        "Delivery " + delivery.id() + " to " + delivery.destination() + ": " + change.note());
    return "redirect:/events/" + delivery.eventId() + "#delivery-" + delivery.id();
  }

  /** Those that were ticked, one after the other. */
  @PostMapping("/selected")
  String changeSelected(
      @RequestParam(name = "id", required = false) @Nullable List<String> ids,
      @RequestParam String action,
      HttpServletRequest request,
      Principal who,
      RedirectAttributes after) {
    var query = query(request);
    if (ids == null || ids.isEmpty()) {
      after.addFlashAttribute("notice", "Nothing was changed: no delivery was ticked.");
    } else if (ids.size() > PageQuery.LIMIT) {
      throw ApiQuery.refuse(
          "Expected " + PageQuery.LIMIT + " deliveries at most; take all that match");
    } else {
      var changes = new ArrayList<Change>();
      for (var id : ids) {
        changes.add(change(ApiQuery.id(id), action, who.getName()));
      }
      after.addFlashAttribute("notice", words(action, changes));
    }
    return "redirect:" + query.with("/deliveries", "after", null);
  }

  private Change change(long id, String action, String by) {
    return switch (action) {
      case "retry" -> operations.retry(id, by);
      case "resend" -> operations.resend(id, by);
      case "cancel" -> operations.cancel(id, by);
      default -> throw ApiQuery.refuse("Expected action to be one of retry, resend, cancel");
    };
  }

  private static String words(String action, List<Change> changes) {
    var changed = changes.stream().filter(Change::isChanged).count();
    var not =
        changes.stream()
            .filter(change -> !change.isChanged())
            .collect(Collectors.groupingBy(Change::note, Collectors.counting()));
    return "%s: %d of %d done.".formatted(action, changed, changes.size())
        + not.entrySet().stream()
            .map(each -> " %d not: %s.".formatted(each.getValue(), each.getKey()))
            .collect(Collectors.joining());
  }

  /** All that match are counted first; the run's own page starts it. */
  @PostMapping("/matching")
  String prepare(@RequestParam String action, HttpServletRequest request, Principal who) {
    if (!Set.of("retry", "cancel").contains(action)) {
      throw ApiQuery.refuse("Expected action to be one of retry, cancel");
    }
    try {
      var run =
          runs.prepare(
              Run.Action.of(action).orElseThrow(),
              query(request).filter(),
              List.of(),
              who.getName());
      return "redirect:/runs/" + run.id();
    } catch (IllegalArgumentException e) {
      throw ApiQuery.refuse(e.getMessage());
    }
  }
}
