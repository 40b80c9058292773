package io.surveygateway.console;

import io.surveygateway.operations.RepairOperations;
import io.surveygateway.operations.RepairOperations.Repair;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Responses that a provider never told of: looked for at once, and what the last look found. */
@RestController
@RequestMapping(
    path = "/api/providers/{provider}/repair",
    produces = MediaType.APPLICATION_JSON_VALUE)
final class RepairsApi {

  private final RepairOperations repairs;

  RepairsApi(RepairOperations repairs) {
    this.repairs = repairs;
  }

  @Described("See what came of the last look for what a provider never told of")
  @GetMapping
  Repair see(@PathVariable String provider) {
    return repairs.find(provider).orElseThrow(this::unknown);
  }

  /** Answers 202 as soon as it is under way; how it went is for {@link #see}. */
  @Described(
      value = "Look for responses that a provider never told of",
      success = 202,
      errors = 409)
  @PostMapping
  ResponseEntity<Repair> start(@PathVariable String provider, Principal who) {
    var started = repairs.start(provider, who.getName()).orElseThrow(this::unknown);
    var stands = repairs.find(provider).orElseThrow(this::unknown);
    return switch (started) {
      case STARTED -> ResponseEntity.accepted().body(stands);
      case UNDER_WAY ->
          throw refuse(
              "under-way",
              "Expected no repair of " + provider + " to be under way, and one is; GET shows it");
      case OFF -> throw refuse("off", String.valueOf(stands.offBecause()));
    };
  }

  private static ErrorResponseException refuse(String result, String detail) {
    var problem = ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, detail);
    problem.setProperty("result", result);
    return new ErrorResponseException(HttpStatus.CONFLICT, problem, null);
  }

  private ErrorResponseException unknown() {
    return ApiQuery.refuse(
        HttpStatus.NOT_FOUND,
        "Expected a provider whose API lists responses: one of "
            + String.join(", ", repairs.providers()));
  }
}
