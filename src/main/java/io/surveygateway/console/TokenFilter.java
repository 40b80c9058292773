package io.surveygateway.console;

import io.surveygateway.operations.TokenOperations;
import io.surveygateway.operations.TokenOperations.Shown;
import io.surveygateway.store.StoreUnavailableException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets programs in that show an API token: {@code Authorization: Bearer sgw_...} (RFC 6750).
 *
 * <p>A token that is not known counts as a wrong login. One that has expired or was revoked does
 * not: whoever has it guessed nothing, and a job that was forgotten would shut out its address.
 */
final class TokenFilter extends OncePerRequestFilter {

  private static final String SCHEME = "bearer ";

  private final TokenOperations tokens;
  private final WrongLogins wrong;

  TokenFilter(TokenOperations tokens, WrongLogins wrong) {
    this.tokens = tokens;
    this.wrong = wrong;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var token = tokenOf(request);
    if (token == null) {
      chain.doFilter(request, response);
      return;
    }
    Optional<Shown> shown;
    try {
      shown = tokens.show(token);
    } catch (StoreUnavailableException e) {
      response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(e.retryAfter().toSeconds()));
      Problems.write(
          response,
          HttpStatus.SERVICE_UNAVAILABLE,
          "The store cannot be reached, and it knows the tokens; come back later");
      return;
    }
    if (shown.isEmpty()) {
      wrong.add(request.getRemoteAddr());
      refuse(response, "Expected a token that was made on the page API tokens, got another");
      return;
    }
    switch (shown.get().state()) {
      case EXPIRED ->
          refuse(
              response,
              "Expected a token that holds; this one expired at "
                  + shown.get().token().expiresAt()
                  + ", make another on the page API tokens");
      case REVOKED ->
          refuse(
              response,
              "Expected a token that holds; this one was revoked at "
                  + shown.get().token().revokedAt()
                  + ", make another on the page API tokens");
      case ACTIVE -> {
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new TokenLogin(shown.get().token()));
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
      }
    }
  }

  private static @Nullable String tokenOf(HttpServletRequest request) {
    var header = request.getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }

  private static void refuse(HttpServletResponse response, String detail) throws IOException {
    response.setHeader(
        HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"Survey Gateway\", error=\"invalid_token\"");
    Problems.write(response, HttpStatus.UNAUTHORIZED, detail);
  }
}
