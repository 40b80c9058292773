package io.surveygateway.console;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests that change something and that a browser sends on behalf of another site.
 *
 * <p>A browser adds the admin's login to every request to the console, also to one that a foreign
 * page makes it send. Browsers say where a request comes from, in {@code Sec-Fetch-Site} or, on
 * plain HTTP, in {@code Origin}; pages cannot forge either. Programs send neither and pass: they
 * hold the password themselves. So no token is needed, no session, and {@code curl} works as it is.
 *
 * <p>Source: Go's {@code net/http}, "CrossOriginProtection"; OWASP Cheat Sheet "Cross-Site Request
 * Forgery Prevention", "Fetch Metadata headers".
 */
final class CrossSiteRequestFilter extends OncePerRequestFilter {

  private static final Set<String> CHANGE_NOTHING = Set.of("GET", "HEAD", "OPTIONS");

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (CHANGE_NOTHING.contains(request.getMethod()) || isOurOwn(request)) {
      chain.doFilter(request, response);
    } else {
      Problems.write(
          response,
          HttpStatus.FORBIDDEN,
          "Expected a request from the console itself, got one from another site");
    }
  }

  private static boolean isOurOwn(HttpServletRequest request) {
    var site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin") || site.equals("none");
    }
    var origin = request.getHeader("Origin");
    return origin == null || authorityOf(origin).equalsIgnoreCase(request.getHeader("Host"));
  }

  /** Host and port; empty where there is none, as in {@code null} for a sandboxed page. */
  private static String authorityOf(String origin) {
    try {
      var authority = URI.create(origin).getRawAuthority();
      return authority == null ? "" : authority;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
