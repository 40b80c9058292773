package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Principal;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers every error of the private port, without a stack trace or an exception's words; those are
 * in the log. Programs get {@code application/problem+json} (RFC 9457), browsers a page.
 */
@RestController
final class Problems implements ErrorController {

  private final Clock clock;

  Problems(Clock clock) {
    this.clock = clock;
  }

  @RequestMapping("${server.error.path:/error}")
  Object error(HttpServletRequest request, @Nullable Principal who) {
    var status = status(request);
    return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String path
            && isForPeople(request, path)
        ? PageFrame.errorPage(
            status,
            request.getAttribute(Refusals.DETAIL) instanceof String detail ? detail : "",
            clock,
            who)
        : ResponseEntity.status(status)
            .contentType(MediaType.APPLICATION_PROBLEM_JSON)
            .body(problem(request, status));
  }

  /** Of what was asked for, where that can be said: Spring would name the error page. */
  private static ProblemDetail problem(HttpServletRequest request, HttpStatusCode status) {
    var problem = ProblemDetail.forStatus(status);
    var path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
    try {
      problem.setInstance(new URI(path.startsWith("//") ? "/" : path));
    } catch (URISyntaxException e) {
      problem.setInstance(URI.create("/"));
    }
    return problem;
  }

  /** Without a code nothing failed: somebody asked for the error page itself. */
  private static HttpStatusCode status(HttpServletRequest request) {
    return request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
        ? HttpStatusCode.valueOf(code)
        : HttpStatus.NOT_FOUND;
  }

  /** Whether a browser asks for something that it is to show. */
  static boolean isForPeople(HttpServletRequest request, String path) {
    var accepts = request.getHeader(HttpHeaders.ACCEPT);
    return accepts != null && accepts.contains(MediaType.TEXT_HTML_VALUE) && !isForPrograms(path);
  }

  /** What answers JSON, whoever asks. */
  static boolean isForPrograms(String path) {
    return path.equals("/api")
        || path.startsWith("/api/")
        || path.equals("/actuator")
        || path.startsWith("/actuator/")
        || path.equals(DescriptionApi.PATH);
  }

  /**
   * For filters, which no controller answers for.
   *
   * @param detail for a person; without quotes, backslashes and control characters
   */
  static void write(HttpServletResponse response, HttpStatus status, String detail)
      throws IOException {
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response
        .getOutputStream()
        .write(
            "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
                .formatted(status.getReasonPhrase(), status.value(), detail)
                .getBytes(UTF_8));
  }
}
