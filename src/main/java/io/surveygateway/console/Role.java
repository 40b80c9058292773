package io.surveygateway.console;

import java.util.Collection;
import java.util.stream.Stream;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * What somebody may do on the private port. None of them means another: each is granted by name.
 */
enum Role {
  /** Sees. */
  READ,
  /** Changes what {@code /api} and the pages can change, except who may. */
  OPERATE,
  /** Makes and revokes API tokens. */
  ADMIN,
  /** Has a browser, and is shown pages. */
  PERSON;

  static Collection<GrantedAuthority> all(Role... roles) {
    return Stream.of(roles).map(Role::authority).toList();
  }

  boolean isGrantedTo(Authentication who) {
    return who.getAuthorities().contains(authority());
  }

  private GrantedAuthority authority() {
    return new SimpleGrantedAuthority("ROLE_" + name());
  }
}
