package io.surveygateway.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;

/** Tells those who are logged in, and may not do what they ask for, who may. */
final class Refusals implements AccessDeniedHandler {

  /** Attribute of a request: what its error page says. */
  static final String DETAIL = Refusals.class.getName();

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException thrown)
      throws IOException {
    if (thrown instanceof CsrfException && isLogin(request)) {
      // Its page was open for longer than its cookie lives.
      response.sendRedirect(ConsoleSecurity.LOGIN);
      return;
    }
    var detail =
        thrown instanceof CsrfException
            ? "Expected the token of the form that this was sent from; load the page again"
            : expected(request, SecurityContextHolder.getContext().getAuthentication());
    if (Problems.isForPeople(request, request.getServletPath())) {
      request.setAttribute(DETAIL, detail + ".");
      response.sendError(HttpStatus.FORBIDDEN.value());
    } else {
      Problems.write(response, HttpStatus.FORBIDDEN, detail);
    }
  }

  private static boolean isLogin(HttpServletRequest request) {
    return request.getServletPath().equals(ConsoleSecurity.LOGIN);
  }

  private static String expected(HttpServletRequest request, Authentication who) {
    if (ConsoleSecurity.isAboutTokens(request.getServletPath())) {
      return "Expected an admin: only one may see, make or revoke API tokens, and no token may";
    }
    if (who instanceof TokenLogin token) {
      return Problems.isForPrograms(request.getServletPath())
          ? "Expected a token with scope operate, since this changes something; this one has "
              + token.scopes()
          : "Expected a person: a token opens /api, /actuator and /v3/api-docs alone";
    }
    return "Expected somebody who may operate, since this changes something; this login may read";
  }
}
