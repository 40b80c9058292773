package io.surveygateway.console;

import jakarta.servlet.DispatcherType;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Lets nobody on the private port without the admin's login, except probes that ask whether the
 * gateway lives and is ready.
 *
 * <p>HTTP Basic, without a session. What protects a browser's user from foreign pages: {@link
 * CrossSiteRequestFilter}.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {

  private static final String ADMIN = "ADMIN";

  @Bean
  SecurityFilterChain consoleFilters(HttpSecurity http) throws Exception {
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
                    .anyRequest()
                    .hasRole(ADMIN))
        .httpBasic(basic -> basic.authenticationEntryPoint(askForLogin()))
        .exceptionHandling(
            errors -> errors.authenticationEntryPoint(askForLogin()).accessDeniedHandler(refuse()))
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .addFilterBefore(new CrossSiteRequestFilter(), BasicAuthenticationFilter.class)
        .headers(
            headers ->
                headers
                    .contentTypeOptions(Customizer.withDefaults())
                    .contentSecurityPolicy(
                        policy ->
                            policy.policyDirectives(
                                "default-src 'self'; base-uri 'none'; form-action 'self';"
                                    + " frame-ancestors 'none'; object-src 'none'"))
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                    .crossOriginOpenerPolicy(
                        policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                    .crossOriginResourcePolicy(
                        policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN)))
        .build();
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

  private static AuthenticationEntryPoint askForLogin() {
    return (request, response, thrown) -> {
      response.setHeader(
          HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Survey Gateway\", charset=\"UTF-8\"");
      Problems.write(
          response,
          HttpStatus.UNAUTHORIZED,
          "Expected the login of user admin; its password is GATEWAY_ADMIN_PASSWORD, or was printed"
              + " at start");
    };
  }

  private static AccessDeniedHandler refuse() {
    return (request, response, thrown) ->
        Problems.write(response, HttpStatus.FORBIDDEN, "Expected user admin");
  }
}
