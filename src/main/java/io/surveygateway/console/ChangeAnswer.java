package io.surveygateway.console;

import io.surveygateway.store.Change;
import io.surveygateway.store.Change.Verdict;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * What callers are told of a change that they asked for.
 *
 * @param id of the delivery, or the request
 * @param result {@code changed}, or why not
 * @param note the same for a person
 */
record ChangeAnswer(long id, String result, String note) {

  static ChangeAnswer of(Change change) {
    return new ChangeAnswer(change.id(), change.verdict().text(), change.note());
  }

  /**
   * @throws ErrorResponseException where it was not changed: 404 or 409
   */
  static ChangeAnswer orProblem(Change change) {
    if (change.isChanged()) {
      return of(change);
    }
    var status = change.verdict() == Verdict.GONE ? HttpStatus.NOT_FOUND : HttpStatus.CONFLICT;
    var problem = ProblemDetail.forStatusAndDetail(status, change.note());
    problem.setProperty("result", change.verdict().text());
    throw new ErrorResponseException(status, problem, null);
  }
}
