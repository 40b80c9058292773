package io.surveygateway.console;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets nobody try a login from an address that had too many wrong ones. */
final class WrongLoginsFilter extends OncePerRequestFilter {

  private final WrongLogins wrong;

  WrongLoginsFilter(WrongLogins wrong) {
    this.wrong = wrong;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var shutFor = isLogin(request) ? wrong.shutFor(request.getRemoteAddr()) : Duration.ZERO;
    if (shutFor.isZero()) {
      chain.doFilter(request, response);
      return;
    }
    var wait = shutFor.toSeconds() + 1;
    response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(wait));
    var detail =
        "Expected "
            + WrongLogins.MOST
            + " wrong logins a minute at most; the next is looked at in "
            + wait
            + " seconds";
    if (Problems.isForPeople(request, request.getServletPath())) {
      request.setAttribute(Refusals.DETAIL, detail + ".");
      response.sendError(HttpStatus.TOO_MANY_REQUESTS.value());
    } else {
      Problems.write(response, HttpStatus.TOO_MANY_REQUESTS, detail);
    }
  }

  private static boolean isLogin(HttpServletRequest request) {
    return request.getHeader(HttpHeaders.AUTHORIZATION) != null
        || "POST".equals(request.getMethod())
            && request.getServletPath().equals(ConsoleSecurity.LOGIN);
  }
}
