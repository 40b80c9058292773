package io.surveygateway.console;

import io.surveygateway.store.DataRefusedException;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.trial.TrialException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What callers are told of trouble with the store, and of tries that came to nothing. */
@RestControllerAdvice
final class ApiProblems {

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unavailable(StoreUnavailableException thrown) {
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, String.valueOf(thrown.retryAfter().toSeconds()))
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(
            ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The store cannot be reached; come back later"));
  }

  /** Why a mapping could not be tried; mistakes come with file and line. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> untried(TrialException thrown) {
    var status =
        switch (thrown.kind()) {
          case UNKNOWN -> HttpStatus.NOT_FOUND;
          case MISTAKE, TOO_MUCH -> HttpStatus.UNPROCESSABLE_ENTITY;
          case BUSY -> HttpStatus.TOO_MANY_REQUESTS;
        };
    var problem = ProblemDetail.forStatusAndDetail(status, thrown.getMessage());
    if (!thrown.mistakes().isEmpty()) {
      problem.setProperty("mistakes", thrown.mistakes());
    }
    var answer = ResponseEntity.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (status == HttpStatus.TOO_MANY_REQUESTS) {
      answer.header(HttpHeaders.RETRY_AFTER, "5");
    }
    return answer.body(problem);
  }

  /** A character that no database takes, such as NUL. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(DataRefusedException thrown) {
    return ResponseEntity.badRequest()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(
            ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, "Expected values that the store can hold"));
  }
}
