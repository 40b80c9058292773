package io.surveygateway.console;

import static org.springframework.security.authorization.AuthorityAuthorizationManager.hasRole;
import static org.springframework.security.authorization.AuthorizationManagers.allOf;

import io.surveygateway.operations.TokenOperations;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.event.AuthenticationFailureBadCredentialsEvent;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.CookieRequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;

/**
 * Lets nobody on the private port without a login, except probes that ask whether the gateway lives
 * and is ready; the page to log in at, and what it looks like, is open too. Who may do what stands
 * in {@link Role}.
 *
 * <p>Programs send HTTP Basic or an API token ({@link TokenFilter}) and get no session. People log
 * in by a form and get one; what they change by it needs a token that is in the form, and a cookie
 * that foreign pages cannot read. What protects either from foreign pages: {@link
 * CrossSiteRequestFilter}.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {

  /** Of the page, and of what its form is sent to. */
  static final String LOGIN = "/login";

  /** As application.yaml names the session's cookie. */
  static final String SESSION = "survey-gateway-session";

  private static final Set<String> CHANGE_NOTHING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  @Bean
  SecurityFilterChain consoleFilters(
      HttpSecurity http, WrongLogins wrongLogins, TokenOperations tokens, OidcSettings oidc)
      throws Exception {
    if (oidc.isOn()) {
      OidcLogin.add(http, oidc);
    }
    return http.authorizeHttpRequests(
            requests ->
                requests
                    // The answer to a request that was judged already.
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(
                        HttpMethod.GET, "/actuator/health/liveness", "/actuator/health/readiness")
                    .permitAll()
                    .requestMatchers(
                        HttpMethod.HEAD, "/actuator/health/liveness", "/actuator/health/readiness")
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, LOGIN, LoginPage.BY_OIDC, "/console/*")
                    .permitAll()
                    .requestMatchers(request -> isAboutTokens(request.getServletPath()))
                    .hasRole(Role.ADMIN.name())
                    .requestMatchers(request -> isForPrograms(request) && isLooking(request))
                    .hasRole(Role.READ.name())
                    .requestMatchers(ConsoleSecurity::isForPrograms)
                    .hasRole(Role.OPERATE.name())
                    .requestMatchers(ConsoleSecurity::isLooking)
                    .access(allOf(hasRole(Role.PERSON.name()), hasRole(Role.READ.name())))
                    .anyRequest()
                    .access(allOf(hasRole(Role.PERSON.name()), hasRole(Role.OPERATE.name()))))
        .httpBasic(basic -> basic.authenticationEntryPoint(askForLogin()))
        .formLogin(form -> form.loginPage(LOGIN).failureUrl(LOGIN + "?wrong"))
        .logout(logout -> logout.logoutSuccessUrl(LOGIN + "?out").deleteCookies(SESSION))
        .exceptionHandling(
            errors ->
                errors.authenticationEntryPoint(askForLogin()).accessDeniedHandler(new Refusals()))
        .requestCache(cache -> cache.requestCache(wantedPage()))
        .csrf(
            csrf ->
                csrf.csrfTokenRepository(tokens())
                    .requireCsrfProtectionMatcher(ConsoleSecurity::needsToken))
        .addFilterBefore(new WrongLoginsFilter(wrongLogins), CsrfFilter.class)
        .addFilterBefore(new CrossSiteRequestFilter(), BasicAuthenticationFilter.class)
        .addFilterBefore(new TokenFilter(tokens, wrongLogins), BasicAuthenticationFilter.class)
        .headers(
            headers ->
                headers
                    .contentTypeOptions(Customizer.withDefaults())
                    .addHeaderWriter(ConsoleSecurity::writePolicy)
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                    .crossOriginOpenerPolicy(
                        policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                    .crossOriginResourcePolicy(
                        policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN)))
        .build();
  }

  /** Swagger UI has its marks, which are drawn, within its stylesheet. */
  private static void writePolicy(HttpServletRequest request, HttpServletResponse response) {
    var images = request.getServletPath().equals(ApiPage.PATH) ? "'self' data:" : "'self'";
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
            + images
            + "; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  }

  @Bean
  WrongLogins wrongLogins(Clock clock) {
    return new WrongLogins(clock);
  }

  @Bean
  ApplicationListener<AuthenticationFailureBadCredentialsEvent> countsWrongLogins(
      WrongLogins wrongLogins) {
    // No lambda: Spring could not tell which event it is for.
    return new ApplicationListener<>() {
      @Override
      public void onApplicationEvent(AuthenticationFailureBadCredentialsEvent event) {
        if (event.getAuthentication().getDetails() instanceof WebAuthenticationDetails details) {
          wrongLogins.add(details.getRemoteAddress());
        }
      }
    };
  }

  @Bean
  PasswordEncoder consolePasswords() {
    return new ProcessPasswords();
  }

  /** User {@code admin} alone. */
  @Bean
  UserDetailsService consoleUsers(ConsoleProperties settings, PasswordEncoder consolePasswords) {
    var password = settings.adminPassword();
    if (password == null) {
      password = randomPassword(System.out);
    }
    return new InMemoryUserDetailsManager(
        User.withUsername("admin")
            .password(consolePasswords.encode(password))
            .authorities(Role.all(Role.values()))
            .build());
  }

  /** Said on the terminal and not by a logger: logs are kept, and sent to other places. */
  private static String randomPassword(PrintStream terminal) {
    var bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    var password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    terminal.println(
        "Console login until the next start: admin / "
            + password
            + " (set GATEWAY_ADMIN_PASSWORD to choose one)");
    return password;
  }

  /** Kept in a cookie, not in a session: nobody without a login makes the gateway keep anything. */
  private static CookieCsrfTokenRepository tokens() {
    var tokens = new CookieCsrfTokenRepository();
    tokens.setCookieName("survey-gateway-token");
    tokens.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
    return tokens;
  }

  /** Where a person wanted to go before the login. */
  private static CookieRequestCache wantedPage() {
    var cache =
        new CookieRequestCache() {
          /** By path alone: a proxy before the gateway may be reached by another scheme or name. */
          @Override
          public @Nullable SavedRequest getRequest(
              HttpServletRequest request, HttpServletResponse response) {
            var wanted = super.getRequest(request, response);
            return wanted == null ? null : new SimpleSavedRequest(pathOf(wanted.getRedirectUrl()));
          }

          /** Forgets it once the person is there, and leaves the request as the browser sent it. */
          @Override
          public @Nullable HttpServletRequest getMatchingRequest(
              HttpServletRequest request, HttpServletResponse response) {
            // The one that it would make up has no headers: no page could be told from a call.
            var wanted = getRequest(request, response);
            if (wanted != null && wanted.getRedirectUrl().equals(pathOf(asked(request)))) {
              removeRequest(request, response);
            }
            return null;
          }
        };
    cache.setRequestMatcher(request -> isForAPage(request) && !isLookingAgain(request));
    cache.setCookieCustomizer(cookie -> cookie.setAttribute("SameSite", "Lax"));
    return cache;
  }

  private static String asked(HttpServletRequest request) {
    var query = request.getQueryString();
    return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
  }

  /** Path and query; the first page where that is no path of ours. */
  private static String pathOf(String address) {
    try {
      var uri = new URI(address);
      var path = uri.getRawPath();
      if (path == null || !path.startsWith("/") || path.startsWith("//")) {
        return "/";
      }
      return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    } catch (URISyntaxException e) {
      return "/";
    }
  }

  /**
   * The login itself, and whatever is changed by a session. Basic and tokens are no cookies:
   * whoever sends one has the password.
   */
  private static boolean needsToken(HttpServletRequest request) {
    if (isLooking(request)) {
      return false;
    }
    return request.getServletPath().equals(LOGIN)
        || request.getHeader(HttpHeaders.AUTHORIZATION) == null
            && request.getSession(false) != null;
  }

  /** Whether it is about who may come in, page or API: for admins alone, and never for a token. */
  static boolean isAboutTokens(String path) {
    var page = path.startsWith("/api/") ? path.substring("/api".length()) : path;
    return page.equals("/tokens") || page.startsWith("/tokens/");
  }

  private static boolean isForPrograms(HttpServletRequest request) {
    return Problems.isForPrograms(request.getServletPath());
  }

  private static boolean isLooking(HttpServletRequest request) {
    return CHANGE_NOTHING.contains(request.getMethod());
  }

  /** What a browser shows, as opposed to what a program reads. */
  private static boolean isForAPage(HttpServletRequest request) {
    return "GET".equals(request.getMethod())
        && request.getHeader(HttpHeaders.AUTHORIZATION) == null
        && (isLookingAgain(request) || Problems.isForPeople(request, request.getServletPath()));
  }

  /** A page that asks for its own newer state. */
  private static boolean isLookingAgain(HttpServletRequest request) {
    return request.getHeader("HX-Request") != null;
  }

  private static AuthenticationEntryPoint askForLogin() {
    return (request, response, thrown) -> {
      if (isForAPage(request)) {
        askForLoginByForm(request, response);
        return;
      }
      response.setHeader(
          HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Survey Gateway\", charset=\"UTF-8\"");
      response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"Survey Gateway\"");
      Problems.write(
          response,
          HttpStatus.UNAUTHORIZED,
          "Expected the login of user admin, whose password is GATEWAY_ADMIN_PASSWORD or was printed"
              + " at start, or an API token as Authorization: Bearer");
    };
  }

  private static void askForLoginByForm(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (isLookingAgain(request)) {
      // The whole page is to be loaded anew, and that leads to the login.
      response.setHeader("HX-Refresh", "true");
      response.setStatus(HttpStatus.UNAUTHORIZED.value());
    } else {
      response.sendRedirect(LOGIN);
    }
  }
}
