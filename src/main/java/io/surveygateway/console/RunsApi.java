package io.surveygateway.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.surveygateway.operations.RunOperations;
import io.surveygateway.store.Filter;
import io.surveygateway.store.Run;
import io.surveygateway.store.RunStore;
import io.surveygateway.trial.MappingDiff;
import io.surveygateway.trial.MappingDiff.Differences;
import io.surveygateway.trial.TrialException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The same done to many at once: prepared with a count, started, watched, stopped. */
@RestController
@RequestMapping(path = "/api/runs", produces = MediaType.APPLICATION_JSON_VALUE)
final class RunsApi {

  private static final String EXAMPLE =
      "{\"action\": \"retry\", \"filter\": {\"destination\": \"slack\", \"state\": \"parked\"}}";
  private static final int LONGEST_VALUE = 512;
  private static final int MOST_DESTINATIONS = 100;

  record RunBody(
      @Nullable String action, @Nullable FilterBody filter, @Nullable List<String> destinations) {}

  record FilterBody(
      @Nullable String provider,
      @Nullable String survey,
      @Nullable String destination,
      @Nullable List<String> state,
      @Nullable String failureKind,
      @Nullable String type,
      @Nullable String from,
      @Nullable String to) {

    Filter toFilter() {
      for (var value : new String[] {provider, survey, destination, type}) {
        if (value != null && (value.isEmpty() || value.length() > LONGEST_VALUE)) {
          throw ApiQuery.refuse(
              "Expected values of 1 to " + LONGEST_VALUE + " characters in the filter");
        }
      }
      var states = new HashSet<String>();
      if (state != null) {
        var known = new HashSet<>(ApiQuery.DELIVERY_STATES);
        known.addAll(ApiQuery.REQUEST_STATES);
        for (var each : state) {
          if (each == null) {
            throw ApiQuery.refuse("Expected state to be a text, or a list of texts");
          }
          states.add(ApiQuery.oneOf("state", each, known));
        }
      }
      var filter =
          new Filter(
              provider,
              survey,
              destination,
              states,
              ApiQuery.oneOf("failureKind", failureKind, ApiQuery.FAILURE_KINDS),
              type,
              null,
              from == null ? null : ApiQuery.instant("from", from),
              to == null ? null : ApiQuery.instant("to", to));
      ApiQuery.checkRange(filter.from(), filter.to());
      return filter;
    }
  }

  /**
   * A run that is prepared.
   *
   * @param diff what it would change in the events of the requests that match, where that was asked
   *     for; null otherwise
   * @param notCompared why that could not be told: the run is prepared all the same
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Prepared(
      @JsonUnwrapped Run run, @Nullable Differences diff, @Nullable String notCompared) {}

  private final RunOperations operations;
  private final RunStore runs;
  private final MappingDiff diff;

  RunsApi(RunOperations operations, RunStore runs, MappingDiff diff) {
    this.operations = operations;
    this.runs = runs;
    this.diff = diff;
  }

  @Described(
      value = "List runs, newest first",
      query = {"after", "limit"})
  @GetMapping
  ApiQuery.PageAnswer<Run> list(HttpServletRequest request) {
    var query = new ApiQuery(request, Set.of(), Set.of());
    return query.answer(runs.page(query.after(), query.limit()));
  }

  @Described("See how far a run is")
  @GetMapping("/{id}")
  Run one(@PathVariable String id) {
    return find(ApiQuery.id(id));
  }

  @Described(
      value = "Prepare the same for all that match: they are counted, and nothing is changed",
      more = "Actions: retry, cancel, replay, map-again",
      query = "diff",
      body = RunBody.class,
      example = EXAMPLE,
      success = 201)
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Prepared> prepare(
      @RequestBody(required = false) @Nullable InputStreamResource body,
      @RequestParam(name = "diff", required = false) @Nullable String withDiff,
      Principal who) {
    var isCompared = "true".equals(ApiQuery.oneOf("diff", withDiff, Set.of("true", "false")));
    var asked = ApiBody.read(body, RunBody.class, EXAMPLE);
    var action =
        Run.Action.of(asked.action() == null ? "" : asked.action())
            .orElseThrow(
                () ->
                    ApiQuery.refuse(
                        "Expected action to be one of retry, cancel, replay, map-again; such as "
                            + EXAMPLE));
    if (isCompared && action != Run.Action.MAP_AGAIN) {
      throw ApiQuery.refuse("Expected diff=true for map-again alone: the others change no event");
    }
    var destinations = asked.destinations() == null ? List.<String>of() : asked.destinations();
    if (destinations.size() > MOST_DESTINATIONS || destinations.stream().anyMatch(d -> d == null)) {
      throw ApiQuery.refuse("Expected names of " + MOST_DESTINATIONS + " destinations at most");
    }
    var filter = asked.filter() == null ? Filter.ALL : asked.filter().toFilter();
    try {
      var run = operations.prepare(action, filter, destinations, who.getName());
      return ResponseEntity.created(URI.create("/api/runs/" + run.id()))
          .body(isCompared ? compared(run) : new Prepared(run, null, null));
    } catch (IllegalArgumentException e) {
      throw ApiQuery.refuse(e.getMessage());
    }
  }

  private Prepared compared(Run run) {
    try {
      return new Prepared(run, diff.diff(run.filter(), MappingDiff.USUAL_REQUESTS, null), null);
    } catch (TrialException e) {
      return new Prepared(run, null, e.getMessage());
    }
  }

  @Described(value = "Start a run that is prepared or stopped", errors = 409)
  @PostMapping("/{id}/start")
  Run start(@PathVariable String id, Principal who) {
    var run = find(ApiQuery.id(id));
    if (!operations.start(run.id(), who.getName())) {
      throw ApiQuery.refuse(
          HttpStatus.CONFLICT, "Expected a run that is prepared or stopped, and this one is not");
    }
    return find(run.id());
  }

  @Described(value = "Stop a run after its step", errors = 409)
  @PostMapping("/{id}/stop")
  Run stop(@PathVariable String id, Principal who) {
    var run = find(ApiQuery.id(id));
    if (!operations.stop(run.id(), who.getName())) {
      throw ApiQuery.refuse(
          HttpStatus.CONFLICT, "Expected a run that is running, and this one is not");
    }
    return find(run.id());
  }

  private Run find(long id) {
    return runs.find(id).orElseThrow(() -> ApiQuery.missing("a run"));
  }
}
