package io.surveygateway.console;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.web.client.RestTemplate;

/**
 * What the identity provider says of itself, asked for when it is first needed and kept then: one
 * that is away keeps no gateway from starting. Safe for use by many threads.
 *
 * <p>Source: OpenID Connect Discovery 1.0, section 4.
 */
final class OidcProvider implements ClientRegistrationRepository {

  /** Of the one registration that there is; part of the address that people come back to. */
  static final String ID = "oidc";

  private static final Logger log = LoggerFactory.getLogger(OidcProvider.class);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);
  private static final ParameterizedTypeReference<Map<String, Object>> JSON =
      new ParameterizedTypeReference<>() {};

  private final OidcSettings settings;
  private final RestTemplate calls;
  private @Nullable ClientRegistration known;

  OidcProvider(OidcSettings settings) {
    this.settings = settings;
    this.calls = calls();
  }

  /** For whatever is asked of the provider, within a time that a person waits. */
  static RestTemplate calls() {
    var factory = new SimpleClientHttpRequestFactory();
    factory.setConnectTimeout(LONGEST_CALL);
    factory.setReadTimeout(LONGEST_CALL);
    return new RestTemplate(factory);
  }

  /** Whether it can be told where to send somebody; says in the log why not. */
  boolean isThere() {
    try {
      registration();
      return true;
    } catch (RuntimeException e) {
      log.warn(
          "Expected the description of the identity provider at {}/.well-known/openid-configuration,"
              + " got {}; see whether GATEWAY_OIDC_ISSUER is right, and whether it can be reached"
              + " from here",
          settings.issuer(),
          e.getClass().getSimpleName());
      return false;
    }
  }

  @Override
  public @Nullable ClientRegistration findByRegistrationId(String id) {
    return id.equals(ID) ? registration() : null;
  }

  private synchronized ClientRegistration registration() {
    if (known == null) {
      known = discover();
    }
    return known;
  }

  private ClientRegistration discover() {
    var issuer = String.valueOf(settings.issuer());
    var address = issuer.replaceFirst("/+$", "") + "/.well-known/openid-configuration";
    var said = calls.exchange(address, HttpMethod.GET, null, JSON).getBody();
    if (said == null || !issuer.equals(said.get("issuer"))) {
      throw new IllegalStateException(
          "Expected the description of the issuer that is set, got another's");
    }
    var registration =
        ClientRegistrations.fromOidcConfiguration(said)
            .registrationId(ID)
            .clientId(settings.clientId())
            .scope(settings.scopes())
            .redirectUri(
                (settings.consoleUrl() == null ? "{baseUrl}" : settings.consoleUrl())
                    + "/login/oauth2/code/"
                    + ID);
    if (settings.clientSecret() == null) {
      registration.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
    } else {
      registration.clientSecret(settings.clientSecret());
    }
    return registration.build();
  }
}
