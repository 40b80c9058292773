package io.surveygateway.console;

import io.surveygateway.reload.Attempt;
import io.surveygateway.reload.Attempt.Outcome;
import io.surveygateway.reload.ReloadOperations;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Loads {@code routes/} anew, for those who edit it, and tells of the last time. */
@RestController
@RequestMapping(path = "/api/reload", produces = MediaType.APPLICATION_JSON_VALUE)
final class ReloadApi {

  private final ReloadOperations reload;

  ReloadApi(ReloadOperations reload) {
    this.reload = reload;
  }

  @Described(value = "See how the last reload of routes/ went", errors = 404)
  @GetMapping
  Attempt last() {
    checkOn();
    return reload
        .last()
        .orElseThrow(
            () -> ApiQuery.refuse(HttpStatus.NOT_FOUND, "Expected a reload, there was none yet"));
  }

  @Described(
      value = "Load routes/ anew, where reloading is on",
      errors = {404, 409})
  @PostMapping
  Attempt reloadNow(Principal who) {
    checkOn();
    var attempt =
        reload
            .now(who.getName())
            .orElseThrow(
                () ->
                    ApiQuery.refuse(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "Expected the folder to stand still for a moment; try again"));
    if (attempt.outcome() == Outcome.LOADED) {
      return attempt;
    }
    var problem =
        ProblemDetail.forStatusAndDetail(
            HttpStatus.CONFLICT,
            "Expected routes without mistakes; %s"
                .formatted(
                    attempt.outcome() == Outcome.NONE_RUN
                        ? "none run now"
                        : "those before run on"));
    problem.setProperty("reload", attempt);
    throw new ErrorResponseException(HttpStatus.CONFLICT, problem, null);
  }

  private void checkOn() {
    if (!reload.isPossible()) {
      throw ApiQuery.refuse(
          HttpStatus.NOT_FOUND,
          "Expected gateway.reload.enabled to be true: routes are loaded at the start alone");
    }
  }
}
