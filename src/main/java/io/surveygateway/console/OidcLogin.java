package io.surveygateway.console;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.converter.ClaimTypeConverter;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.web.client.RestClient;

/**
 * Lets people log in by an identity provider: authorization code with PKCE, state and nonce. None
 * of it is loaded where none is set.
 *
 * <p>Source: OpenID Connect Core 1.0, sections 3.1 and 3.1.3.7; RFC 9700.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OidcLogin.IsSet.class)
class OidcLogin {

  /** Whether there is an issuer. */
  static final class IsSet implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      var issuer = context.getEnvironment().getProperty("gateway.console.oidc.issuer");
      return issuer != null && !issuer.isBlank();
    }
  }

  private static final Logger log = LoggerFactory.getLogger(OidcLogin.class);
  private static final int LONGEST_REASON = 200;

  @Bean
  OidcProvider oidcProvider(OidcSettings settings) {
    return new OidcProvider(settings);
  }

  /**
   * Signed by RS256, which every provider has to offer; by no other algorithm, and never unsigned.
   * What is wrong with a token's issuer, audience or time is found here, its nonce by the caller.
   */
  @Bean
  JwtDecoderFactory<ClientRegistration> idTokens() {
    return registration -> {
      var decoder =
          NimbusJwtDecoder.withJwkSetUri(registration.getProviderDetails().getJwkSetUri())
              .jwsAlgorithm(SignatureAlgorithm.RS256)
              .restOperations(OidcProvider.calls())
              .build();
      decoder.setJwtValidator(
          new DelegatingOAuth2TokenValidator<>(
              new JwtTimestampValidator(), new OidcIdTokenValidator(registration)));
      decoder.setClaimSetConverter(
          new ClaimTypeConverter(OidcIdTokenDecoderFactory.createDefaultClaimTypeConverters()));
      return decoder;
    };
  }

  static void add(HttpSecurity http, OidcSettings settings) throws Exception {
    var context = http.getSharedObject(ApplicationContext.class);
    var provider = context.getBean(OidcProvider.class);
    var asks = new DefaultOAuth2AuthorizationRequestResolver(provider, "/oauth2/authorization");
    asks.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
    var logins = new OidcLogins(context.getBean(Clock.class));
    http.oauth2Login(
        login ->
            login
                .loginPage(ConsoleSecurity.LOGIN)
                .clientRegistrationRepository(provider)
                .authorizedClientRepository(new NoAccessTokens())
                .authorizationEndpoint(
                    endpoint ->
                        endpoint
                            .authorizationRequestResolver(asks)
                            .authorizationRequestRepository(logins))
                .tokenEndpoint(endpoint -> endpoint.accessTokenResponseClient(codes()))
                .userInfoEndpoint(endpoint -> endpoint.oidcUserService(new OidcPeople(settings)))
                .failureHandler(sayWhy()));
  }

  private static RestClientAuthorizationCodeTokenResponseClient codes() {
    var codes = new RestClientAuthorizationCodeTokenResponseClient();
    codes.setRestClient(
        RestClient.builder(OidcProvider.calls())
            .messageConverters(
                converters -> {
                  converters.clear();
                  converters.add(new FormHttpMessageConverter());
                  converters.add(new OAuth2AccessTokenResponseHttpMessageConverter());
                })
            .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
            .build());
    return codes;
  }

  private static AuthenticationFailureHandler sayWhy() {
    return (request, response, thrown) -> {
      var error =
          thrown instanceof OAuth2AuthenticationException refused ? refused.getError() : null;
      if (error != null && error.getErrorCode().equals(OidcPeople.NOT_NAMED)) {
        response.sendRedirect(ConsoleSecurity.LOGIN + "?stranger");
        return;
      }
      log.warn(
          "Let nobody in by the identity provider: {}",
          plain(error == null ? thrown.getClass().getSimpleName() : error.toString()));
      response.sendRedirect(ConsoleSecurity.LOGIN + "?failed");
    };
  }

  /** Some of it came from outside. */
  private static String plain(String text) {
    var plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.substring(0, Math.min(plain.length(), LONGEST_REASON));
  }
}
