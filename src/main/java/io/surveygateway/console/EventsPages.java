package io.surveygateway.console;

import io.surveygateway.operations.EventOperations;
import io.surveygateway.operations.LaneOperations;
import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.RunOperations;
import io.surveygateway.store.Change;
import io.surveygateway.store.DeliveryReads;
import io.surveygateway.store.DeliveryReads.Attempt;
import io.surveygateway.store.DeliveryReads.Delivery;
import io.surveygateway.store.EventReads;
import io.surveygateway.store.EventReads.Event;
import io.surveygateway.store.EventSearch;
import io.surveygateway.store.EventSearch.Found;
import io.surveygateway.store.EventSearch.Look;
import io.surveygateway.store.RequestReads;
import io.surveygateway.store.Run;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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

/** Events: found, and each with its way from the request to each destination. */
@ConsolePage
@RequestMapping("/events")
final class EventsPages {

  static final List<String> FILTERS =
      List.of("text", "response", "email", "survey", "type", "provider", "state", "from", "to");

  private static final List<String> TYPES =
      List.of(
          "survey.response.completed",
          "survey.response.updated",
          "survey.response.started",
          "survey.response.disqualified",
          "survey.response.over_quota",
          "survey.response.deleted",
          "survey.created",
          "survey.updated",
          "survey.deleted",
          "survey.collector.created",
          "survey.collector.updated",
          "survey.collector.deleted",
          "survey.unknown");

  private static final List<String> STATES =
      List.of(
          PageQuery.OPEN,
          "waiting",
          "retrying",
          "parked",
          "delivered",
          "superseded",
          "skipped",
          "cancelled");

  /** Larger ones are not parsed for a page. */
  private static final int LARGEST_SHOWN = 1 << 20;

  /** One delivery with its tries, the latest first. */
  record Tried(Delivery delivery, List<Attempt> attempts) {}

  private final EventReads events;
  private final EventSearch search;
  private final DeliveryReads deliveries;
  private final RequestReads requests;
  private final EventOperations operations;
  private final RunOperations runs;
  private final LaneOperations lanes;

  EventsPages(
      EventReads events,
      EventSearch search,
      DeliveryReads deliveries,
      RequestReads requests,
      EventOperations operations,
      RunOperations runs,
      LaneOperations lanes) {
    this.events = events;
    this.search = search;
    this.deliveries = deliveries;
    this.requests = requests;
    this.operations = operations;
    this.runs = runs;
    this.lanes = lanes;
  }

  @GetMapping
  String list(HttpServletRequest request, Model model) {
    var query = query(request);
    var subjects = subjects(query);
    var filter = query.filter(subjects.isEmpty() ? query.value("response") : subjects.get(0));
    var text = text(query);
    var look = text == null ? null : search.look(filter, text, query.after(), PageQuery.LIMIT);
    var page = look == null ? events.page(filter, query.after(), PageQuery.LIMIT) : look.page();
    var ids = page.items().stream().map(Event::id).toList();
    model.addAttribute("section", Section.EVENTS);
    model.addAttribute("filters", query.values());
    model.addAttribute("isFirst", query.after() == null);
    model.addAttribute("page", page);
    model.addAttribute("look", look);
    model.addAttribute("places", look == null ? Map.of() : places(look));
    model.addAttribute("next", query.link("/events", page.next()));
    model.addAttribute("now", query.with("/events", "after", null));
    var response = subjects.isEmpty() ? query.value("response") : subjects.get(0);
    model.addAttribute("csv", query.with("/events.csv", "response", response));
    model.addAttribute("json", query.with("/events.json", "response", response));
    model.addAttribute("deliveries", deliveries.ofEvents(ids));
    model.addAttribute("addresses", events.addresses(ids));
    model.addAttribute("others", subjects.size() > 1 ? subjects : List.of());
    model.addAttribute("providers", lanes.providers().stream().map(Lane::name).toList());
    model.addAttribute("types", TYPES);
    model.addAttribute("states", STATES);
    return "events";
  }

  /** Where the text was found, by event. */
  private static Map<Long, Found> places(Look look) {
    return look.items().stream()
        .collect(Collectors.toMap(found -> found.event().id(), Function.identity()));
  }

  /** What is looked for in events, or null. */
  static @Nullable String text(PageQuery query) {
    return ApiQuery.text(query.value("text"));
  }

  static PageQuery query(HttpServletRequest request) {
    return new PageQuery(request, FILTERS, ApiQuery.DELIVERY_STATES);
  }

  /**
   * Responses that are meant: a person has the id that their provider shows, or the whole key. An
   * id alone may be one of several providers.
   */
  private List<String> subjects(PageQuery query) {
    var response = query.value("response");
    return response == null
        ? List.of()
        : events.subjects(
            Stream.concat(
                    Stream.of(response),
                    lanes.providers().stream().map(lane -> lane.name() + ":" + response))
                .toList());
  }

  @GetMapping("/{id}")
  String one(@PathVariable String id, Model model) {
    var event = find(id);
    var document = events.document(event.id()).orElseThrow(() -> ApiQuery.missing("an event"));
    var tried =
        deliveries.ofEvent(event.id()).stream()
            .map(delivery -> new Tried(delivery, deliveries.attempts(delivery.id())))
            .toList();
    var request = requests.find(event.requestId());
    model.addAttribute("section", Section.EVENTS);
    model.addAttribute("event", event);
    model.addAttribute("facts", EventFacts.of(JsonText.read(document)));
    model.addAttribute("document", JsonText.pretty(document));
    model.addAttribute("request", request.orElse(null));
    model.addAttribute(
        "raw",
        request
            .filter(found -> found.size() <= LARGEST_SHOWN)
            .flatMap(found -> requests.body(found.id()))
            .map(JsonText::pretty)
            .orElse(null));
    model.addAttribute("tried", tried);
    model.addAttribute(
        "isGoingOn",
        tried.stream()
            .map(Tried::delivery)
            .anyMatch(each -> each.isUnderWay() || each.state().equals("waiting")));
    model.addAttribute(
        "others",
        events.ofSubject(event.subject()).stream().filter(o -> o.id() != event.id()).toList());
    model.addAttribute("respondent", events.ofRespondent(event.id()));
    var went =
        tried.stream().map(each -> each.delivery().destination()).collect(Collectors.toSet());
    model.addAttribute("went", went);
    model.addAttribute("destinations", lanes.destinations().stream().filter(Lane::isOn).toList());
    return "event";
  }

  @PostMapping("/{id}/replay")
  String replay(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable List<String> destination,
      Principal who,
      RedirectAttributes after) {
    var event = find(id);
    if (destination == null || destination.isEmpty()) {
      after.addFlashAttribute("notice", "Nothing was sent: no destination was ticked.");
    } else {
      var known = lanes.destinations().stream().map(Lane::name).collect(Collectors.toSet());
      if (!known.containsAll(destination)) {
        throw ApiQuery.refuse("Expected names of destinations that there are");
      }
      var changes = operations.replay(event.id(), new LinkedHashSet<>(destination), who.getName());
      after.addFlashAttribute(
          "notice",
          changes.stream().map(Change::note).distinct().collect(Collectors.joining("; ")) + ".");
    }
    return "redirect:/events/" + event.id();
  }

  /** All that match are counted first; the run's own page starts it. */
  @PostMapping("/matching")
  String prepare(HttpServletRequest request, Principal who) {
    var query = query(request);
    if (query.value("text") != null) {
      throw ApiQuery.refuse(
          "Expected filters without a text: a run goes by the others alone, and would deliver more"
              + " than was found");
    }
    var subjects = subjects(query);
    try {
      var run =
          runs.prepare(
              Run.Action.REPLAY,
              query
                  .filter(subjects.isEmpty() ? query.value("response") : subjects.get(0))
                  .in(Set.of()),
              List.of(),
              who.getName());
      return "redirect:/runs/" + run.id();
    } catch (IllegalArgumentException e) {
      throw ApiQuery.refuse(e.getMessage());
    }
  }

  private Event find(String id) {
    return events.find(ApiQuery.id(id)).orElseThrow(() -> ApiQuery.missing("an event"));
  }
}
