package io.surveygateway.console;

import io.surveygateway.operations.LaneOperations;
import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.TestEvents;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Providers and destinations: seen, paused, resumed. */
@RestController
@RequestMapping(path = "/api", produces = MediaType.APPLICATION_JSON_VALUE)
final class LanesApi {

  private static final String PAUSE = "{\"because\": \"they migrate\"}";

  record Lanes(List<Lane> items) {}

  record PauseBody(@Nullable String because) {}

  private final LaneOperations lanes;
  private final TestEvents tests;

  LanesApi(LaneOperations lanes, TestEvents tests) {
    this.lanes = lanes;
    this.tests = tests;
  }

  @Described("See all destinations, and how they fare")
  @GetMapping("/destinations")
  Lanes destinations() {
    return new Lanes(lanes.destinations());
  }

  @Described("See all providers")
  @GetMapping("/providers")
  Lanes providers() {
    return new Lanes(lanes.providers());
  }

  @Described(
      value = "Hold up the deliveries to a destination, until it is resumed",
      body = PauseBody.class,
      isBodyOptional = true,
      example = PAUSE)
  @PostMapping(value = "/destinations/{name}/pause", consumes = MediaType.APPLICATION_JSON_VALUE)
  Lane pauseDestination(
      @PathVariable String name,
      @RequestBody(required = false) @Nullable InputStreamResource body,
      Principal who) {
    return lanes
        .pauseDestination(name, who.getName(), because(body))
        .orElseThrow(() -> unknown("destination"));
  }

  @Described("Let the deliveries to a destination go on")
  @PostMapping("/destinations/{name}/resume")
  Lane resumeDestination(@PathVariable String name, Principal who) {
    return lanes.resumeDestination(name, who.getName()).orElseThrow(() -> unknown("destination"));
  }

  @Described("Have a destination in trouble tried at once")
  @PostMapping("/destinations/{name}/probe")
  Lane probeDestination(@PathVariable String name, Principal who) {
    return lanes.probeDestination(name, who.getName()).orElseThrow(() -> unknown("destination"));
  }

  /** Sends a made-up event there; what became of it is told of its delivery. */
  @Described(
      value = "Send a made-up response to one destination, really",
      success = 202,
      errors = 409)
  @PostMapping("/destinations/{name}/test")
  @ResponseStatus(HttpStatus.ACCEPTED)
  TestEvents.Sent testDestination(@PathVariable String name, Principal who) {
    var sent = tests.send(name, who.getName()).orElseThrow(() -> unknown("destination"));
    if (!sent.isSent()) {
      throw ApiQuery.refuse(HttpStatus.CONFLICT, sent.note());
    }
    return sent;
  }

  @Described(
      value = "Hold up the mapping of a provider's requests, until it is resumed",
      body = PauseBody.class,
      isBodyOptional = true,
      example = PAUSE)
  @PostMapping(value = "/providers/{name}/pause", consumes = MediaType.APPLICATION_JSON_VALUE)
  Lane pauseProvider(
      @PathVariable String name,
      @RequestBody(required = false) @Nullable InputStreamResource body,
      Principal who) {
    return lanes
        .pauseProvider(name, who.getName(), because(body))
        .orElseThrow(() -> unknown("provider"));
  }

  @Described("Let the requests of a provider be mapped again")
  @PostMapping("/providers/{name}/resume")
  Lane resumeProvider(@PathVariable String name, Principal who) {
    return lanes.resumeProvider(name, who.getName()).orElseThrow(() -> unknown("provider"));
  }

  private static @Nullable String because(@Nullable InputStreamResource body) {
    return ApiBody.read(body, PauseBody.class, PAUSE).because();
  }

  private static ErrorResponseException unknown(String what) {
    return ApiQuery.refuse(
        HttpStatus.NOT_FOUND,
        "Expected the name of a " + what + " that a route has; GET /api/" + what + "s lists them");
  }
}
