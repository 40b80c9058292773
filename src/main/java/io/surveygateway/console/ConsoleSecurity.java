package io.surveygateway.console;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Set;
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
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.CookieRequestCache;

/**
 * Lets nobody on the private port without the admin's login, except probes that ask whether the
 * gateway lives and is ready; the page to log in at, and what it looks like, is open too.
 *
 * <p>Programs send HTTP Basic and get no session. People log in by a form and get one; what they
 * change by it needs a token that is in the form, and a cookie that foreign pages cannot read. What
 * protects either from foreign pages: {@link CrossSiteRequestFilter}.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {

  /** Of the page, and of what its form is sent to. */
  static final String LOGIN = "/login";

  /** As application.yaml names the session's cookie. */
  static final String SESSION = "survey-gateway-session";

  private static final String ADMIN = "ADMIN";
  private static final Set<String> CHANGE_NOTHING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  @Bean
  SecurityFilterChain consoleFilters(HttpSecurity http, WrongLogins wrongLogins) throws Exception {
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
                    .requestMatchers(HttpMethod.GET, LOGIN, "/console/*")
                    .permitAll()
                    .anyRequest()
                    .hasRole(ADMIN))
        .httpBasic(basic -> basic.authenticationEntryPoint(askForLogin()))
        .formLogin(form -> form.loginPage(LOGIN).failureUrl(LOGIN + "?wrong"))
        .logout(logout -> logout.logoutSuccessUrl(LOGIN + "?out").deleteCookies(SESSION))
        .exceptionHandling(
            errors -> errors.authenticationEntryPoint(askForLogin()).accessDeniedHandler(refuse()))
        .requestCache(cache -> cache.requestCache(wantedPage()))
        .csrf(
            csrf ->
                csrf.csrfTokenRepository(tokens())
                    .requireCsrfProtectionMatcher(ConsoleSecurity::needsToken))
        .addFilterBefore(new WrongLoginsFilter(wrongLogins), CsrfFilter.class)
        .addFilterBefore(new CrossSiteRequestFilter(), BasicAuthenticationFilter.class)
        .headers(
            headers ->
                headers
                    .contentTypeOptions(Customizer.withDefaults())
                    .contentSecurityPolicy(
                        policy ->
                            policy.policyDirectives(
                                "default-src 'none'; script-src 'self'; style-src 'self'; img-src"
                                    + " 'self'; connect-src 'self'; base-uri 'none'; form-action"
                                    + " 'self'; frame-ancestors 'none'"))
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                    .crossOriginOpenerPolicy(
                        policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                    .crossOriginResourcePolicy(
                        policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN)))
        .build();
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
            .roles(ADMIN)
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
    var cache = new CookieRequestCache();
    cache.setRequestMatcher(request -> isForAPage(request) && !isLookingAgain(request));
    cache.setCookieCustomizer(cookie -> cookie.setAttribute("SameSite", "Lax"));
    return cache;
  }

  /**
   * The login itself, and whatever is changed by a session. Basic is no cookie: whoever sends it
   * has the password.
   */
  private static boolean needsToken(HttpServletRequest request) {
    if (CHANGE_NOTHING.contains(request.getMethod())) {
      return false;
    }
    return request.getServletPath().equals(LOGIN)
        || request.getHeader(HttpHeaders.AUTHORIZATION) == null
            && request.getSession(false) != null;
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
      Problems.write(
          response,
          HttpStatus.UNAUTHORIZED,
          "Expected the login of user admin; its password is GATEWAY_ADMIN_PASSWORD, or was printed"
              + " at start");
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

  private static AccessDeniedHandler refuse() {
    return (request, response, thrown) -> {
      if (thrown instanceof CsrfException) {
        if (request.getServletPath().equals(LOGIN)) {
          // Its page was open for longer than its cookie lives.
          response.sendRedirect(LOGIN);
          return;
        }
        Problems.write(
            response,
            HttpStatus.FORBIDDEN,
            "Expected the token of the form that this was sent from; load the page again");
        return;
      }
      Problems.write(response, HttpStatus.FORBIDDEN, "Expected user admin");
    };
  }
}
