package io.surveygateway.console;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.surveygateway.operations.RequestOperations;
import io.surveygateway.store.EventReads;
import io.surveygateway.store.RequestReads;
import io.surveygateway.store.RequestReads.Refusal;
import io.surveygateway.store.RequestReads.Request;
import io.surveygateway.store.RequestReads.SetAsideItem;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Requests as they came: seen without their bodies, mapped again; and those that were refused. */
@RestController
@RequestMapping(path = "/api", produces = MediaType.APPLICATION_JSON_VALUE)
final class RequestsApi {

  record RequestAnswer(
      @JsonUnwrapped Request request,
      List<SetAsideItem> itemsSetAside,
      List<EventReads.Event> itsEvents) {}

  private final RequestReads requests;
  private final EventReads events;
  private final RequestOperations operations;
  private final SampleZip samples;

  RequestsApi(
      RequestReads requests, EventReads events, RequestOperations operations, SampleZip samples) {
    this.samples = samples;
    this.requests = requests;
    this.events = events;
    this.operations = operations;
  }

  @Described(
      value = "List requests, newest first",
      query = {"provider", "request state", "failureKind", "from", "to", "after", "limit"})
  @GetMapping("/requests")
  ApiQuery.PageAnswer<Request> list(HttpServletRequest request) {
    var query =
        new ApiQuery(
            request,
            Set.of("provider", "state", "failureKind", "from", "to"),
            ApiQuery.REQUEST_STATES);
    return query.answer(requests.page(query.filter(), query.after(), query.limit()));
  }

  @Described("See a request, its events and what of it was set aside")
  @GetMapping("/requests/{id}")
  RequestAnswer one(@PathVariable String id) {
    var request = requests.find(ApiQuery.id(id)).orElseThrow(() -> ApiQuery.missing("a request"));
    return new RequestAnswer(
        request, requests.setAside(request.id()), events.ofRequest(request.id()));
  }

  @Described(value = "Map a request again, with today's mapping", errors = 409)
  @PostMapping("/requests/{id}/map-again")
  ChangeAnswer mapAgain(@PathVariable String id, Principal who) {
    return ChangeAnswer.orProblem(operations.mapAgain(ApiQuery.id(id), who.getName()));
  }

  /** As the files of its provider's folder; they hold what a person answered. */
  @Described(
      value = "Take a request as a sample: the files of its provider's folder, as a zip",
      more = "They hold what a person answered",
      query = "situation",
      errors = 422)
  @PostMapping(value = "/requests/{id}/sample", produces = "application/zip")
  ResponseEntity<byte[]> sample(
      @PathVariable String id, @RequestParam String situation, Principal who) {
    return samples.of(ApiQuery.id(id), situation, who.getName());
  }

  @Described(
      value = "List requests that were refused, newest first",
      query = {"provider", "from", "to", "after", "limit"})
  @GetMapping("/refusals")
  ApiQuery.PageAnswer<Refusal> refusals(HttpServletRequest request) {
    var query = new ApiQuery(request, Set.of("provider", "from", "to"), Set.of());
    return query.answer(requests.refusals(query.filter(), query.after(), query.limit()));
  }
}
