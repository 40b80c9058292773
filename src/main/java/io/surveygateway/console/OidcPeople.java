package io.surveygateway.console;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/**
 * Says what somebody may do whose id token was found to be good, by one claim of it; nobody whom
 * the settings do not name may do anything. Keeps no state.
 */
final class OidcPeople implements OAuth2UserService<OidcUserRequest, OidcUser> {

  /** Code of the error that says that somebody is known, and not wanted. */
  static final String NOT_NAMED = "not_named";

  private static final String EMAIL = "email";

  /** For the audit log: a verified address, or else what the provider knows them by. */
  static final class Person extends DefaultOidcUser {

    Person(Collection<GrantedAuthority> granted, OidcIdToken token) {
      super(granted, token);
    }

    @Override
    public String getName() {
      return hasVerifiedEmail(getIdToken()) ? getEmail() : "subject " + getSubject();
    }
  }

  private final OidcSettings settings;

  OidcPeople(OidcSettings settings) {
    this.settings = settings;
  }

  @Override
  public OidcUser loadUser(OidcUserRequest request) {
    var values = values(request.getIdToken());
    Role[] roles;
    if (isNamed(values, settings.admins())) {
      roles = new Role[] {Role.PERSON, Role.READ, Role.OPERATE, Role.ADMIN};
    } else if (isNamed(values, settings.operators())) {
      roles = new Role[] {Role.PERSON, Role.READ, Role.OPERATE};
    } else if (isNamed(values, settings.readers())) {
      roles = new Role[] {Role.PERSON, Role.READ};
    } else {
      throw new OAuth2AuthenticationException(new OAuth2Error(NOT_NAMED));
    }
    return new Person(Role.all(roles), request.getIdToken());
  }

  private static boolean isNamed(Set<String> values, List<String> named) {
    return named.stream().anyMatch(values::contains);
  }

  private Set<String> values(OidcIdToken token) {
    var claim = String.valueOf(settings.claim());
    if (claim.equals(EMAIL) && !hasVerifiedEmail(token)) {
      // Anybody can write anybody's address into an account of theirs.
      return Set.of();
    }
    var value = token.getClaims().get(claim);
    var all =
        value instanceof Collection<?> several ? several : List.of(value == null ? "" : value);
    return all.stream()
        .map(String::valueOf)
        .filter(text -> !text.isEmpty())
        .collect(Collectors.toSet());
  }

  private static boolean hasVerifiedEmail(OidcIdToken token) {
    return token.getEmail() != null && Boolean.TRUE.equals(token.getEmailVerified());
  }
}
