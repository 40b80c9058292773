package io.surveygateway.console;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.web.util.WebUtils;

/**
 * Keeps what was asked of the identity provider until the person comes back from it: state, nonce,
 * and the secret of PKCE. Bound to a browser by a cookie.
 *
 * <p>Not in a session, which anybody could have made for hours: so many are kept at most, for ten
 * minutes, and the oldest leave first. Safe for use by many threads.
 */
final class OidcLogins implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {

  static final Duration LONGEST = Duration.ofMinutes(10);
  static final int MOST = 1000;
  static final String COOKIE = "survey-gateway-oidc";
  private static final SecureRandom RANDOM = new SecureRandom();

  private record UnderWay(OAuth2AuthorizationRequest asked, Instant until) {}

  private final Clock clock;
  private final Map<String, UnderWay> byCookie =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, UnderWay> eldest) {
          return size() > MOST;
        }
      };

  OidcLogins(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(
      HttpServletRequest request) {
    var cookie = WebUtils.getCookie(request, COOKIE);
    var underWay = cookie == null ? null : byCookie.get(cookie.getValue());
    return underWay != null
            && clock.instant().isBefore(underWay.until)
            && underWay.asked.getState().equals(request.getParameter("state"))
        ? underWay.asked
        : null;
  }

  @Override
  public synchronized void saveAuthorizationRequest(
      @Nullable OAuth2AuthorizationRequest asked,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (asked == null) {
      removeAuthorizationRequest(request, response);
      return;
    }
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    var key = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    byCookie.put(key, new UnderWay(asked, clock.instant().plus(LONGEST)));
    response.addCookie(cookie(request, key, LONGEST));
  }

  @Override
  public synchronized @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
      HttpServletRequest request, HttpServletResponse response) {
    var asked = loadAuthorizationRequest(request);
    if (asked != null) {
      // Good for one answer.
      Stream.of(request.getCookies())
          .filter(cookie -> cookie.getName().equals(COOKIE))
          .forEach(cookie -> byCookie.remove(cookie.getValue()));
      response.addCookie(cookie(request, "", Duration.ZERO));
    }
    return asked;
  }

  private static Cookie cookie(HttpServletRequest request, String value, Duration age) {
    var cookie = new Cookie(COOKIE, value);
    cookie.setHttpOnly(true);
    cookie.setSecure(request.isSecure());
    cookie.setPath("/login");
    cookie.setMaxAge((int) age.toSeconds());
    // Lax: the provider sends people back by a link of its own.
    cookie.setAttribute("SameSite", "Lax");
    return cookie;
  }
}
