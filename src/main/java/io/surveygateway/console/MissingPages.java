package io.surveygateway.console;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Tells a browser by a page that there is none; programs are told as of every other error. */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingPages {

  private final Clock clock;

  MissingPages(Clock clock) {
    this.clock = clock;
  }

  @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
  Object missing(HttpServletRequest request, @Nullable Principal who) {
    return !Problems.isForPeople(request, request.getRequestURI())
        ? ResponseEntity.status(HttpStatus.NOT_FOUND)
            .contentType(MediaType.APPLICATION_PROBLEM_JSON)
            .body(ProblemDetail.forStatus(HttpStatus.NOT_FOUND))
        : PageFrame.errorPage(
            HttpStatus.NOT_FOUND, "There is no page at this address (any more).", clock, who);
  }
}
