package io.surveygateway.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.surveygateway.operations.EventOperations;
import io.surveygateway.store.Change;
import io.surveygateway.store.DeliveryReads;
import io.surveygateway.store.DeliveryReads.Delivery;
import io.surveygateway.store.EventReads;
import io.surveygateway.store.EventReads.Event;
import io.surveygateway.store.EventSearch;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Canonical events: seen with what they hold, and delivered again. */
@RestController
@RequestMapping(path = "/api/events", produces = MediaType.APPLICATION_JSON_VALUE)
final class EventsApi {

  private static final Set<String> FILTERS =
      Set.of("provider", "type", "survey", "subject", "from", "to", "text");

  /**
   * What a look for a text found.
   *
   * @param next path and query to look on with; none: all were looked at
   * @param lookedBackTo when the last event that was looked at was kept; none: all were
   * @param looked at so many events for this page
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SearchAnswer(
      List<Event> items, @Nullable String next, @Nullable Instant lookedBackTo, int looked) {}

  private static final String REPLAY = "{\"destinations\": [\"database\"]}";

  record EventAnswer(
      @JsonUnwrapped Event event,
      @Schema(implementation = Object.class) @JsonRawValue String document,
      List<Delivery> deliveries) {}

  record ReplayBody(@Nullable List<String> destinations) {}

  record ReplayAnswer(List<ChangeAnswer> deliveries) {}

  private final EventReads events;
  private final EventSearch search;
  private final DeliveryReads deliveries;
  private final EventOperations operations;

  EventsApi(
      EventReads events, EventSearch search, DeliveryReads deliveries, EventOperations operations) {
    this.events = events;
    this.search = search;
    this.deliveries = deliveries;
    this.operations = operations;
  }

  @Described(
      value = "List events, newest first",
      more = "With text also how far back the events of this page were looked through for it",
      query = {"provider", "type", "survey", "subject", "from", "to", "text", "after", "limit"},
      answer = SearchAnswer.class)
  @GetMapping
  Object list(HttpServletRequest request) {
    var query = new ApiQuery(request, FILTERS, Set.of());
    var text = query.text();
    if (text != null) {
      var look = search.look(query.filter(), text, query.after(), query.limit());
      var page = query.answer(look.page());
      return new SearchAnswer(page.items(), page.next(), look.backTo(), look.looked());
    }
    return query.answer(events.page(query.filter(), query.after(), query.limit()));
  }

  @Described("See an event with its document and its deliveries")
  @GetMapping("/{id}")
  EventAnswer one(@PathVariable String id) {
    var event = events.find(ApiQuery.id(id)).orElseThrow(() -> ApiQuery.missing("an event"));
    var document = events.document(event.id()).orElseThrow(() -> ApiQuery.missing("an event"));
    return new EventAnswer(event, document, deliveries.ofEvent(event.id()));
  }

  /** To those that it went to, or to those that are named. */
  @Described(
      value = "Deliver an event again, as it is in the store",
      more = "To the destinations that are named, or without names to those that it went to",
      body = ReplayBody.class,
      isBodyOptional = true,
      example = REPLAY,
      errors = 409)
  @PostMapping(value = "/{id}/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
  ReplayAnswer replay(
      @PathVariable String id,
      @RequestBody(required = false) @Nullable InputStreamResource body,
      Principal who) {
    var asked = ApiBody.read(body, ReplayBody.class, REPLAY);
    Set<String> named =
        asked.destinations() == null ? Set.of() : new LinkedHashSet<>(asked.destinations());
    if (named.size() > 100 || named.stream().anyMatch(name -> name == null)) {
      throw ApiQuery.refuse("Expected names of 100 destinations at most");
    }
    var changes = operations.replay(ApiQuery.id(id), named, who.getName());
    if (changes.stream().noneMatch(Change::isChanged)) {
      changes.forEach(ChangeAnswer::orProblem);
    }
    return new ReplayAnswer(changes.stream().map(ChangeAnswer::of).toList());
  }
}
