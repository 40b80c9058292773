package io.surveygateway.console;

import io.surveygateway.operations.TokenOperations;
import io.surveygateway.store.ApiTokens.ApiToken;
import java.util.Collection;
import java.util.LinkedHashSet;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;

/** A program that showed an API token; for the audit log it is called {@code token <name> (id)}. */
final class TokenLogin extends AbstractAuthenticationToken {

  private final String name;
  private final String scopes;

  TokenLogin(ApiToken token) {
    super(granted(token));
    name = "token " + token.name() + " (" + token.id() + ")";
    scopes = String.join(" and ", token.scopes());
    setAuthenticated(true);
  }

  private static Collection<GrantedAuthority> granted(ApiToken token) {
    var granted = new LinkedHashSet<GrantedAuthority>();
    for (var scope : token.scopes()) {
      switch (scope) {
        case TokenOperations.READ -> granted.addAll(Role.all(Role.READ));
        case TokenOperations.OPERATE -> granted.addAll(Role.all(Role.READ, Role.OPERATE));
        default -> throw new IllegalStateException("Expected a known scope, got another");
      }
    }
    return granted;
  }

  /** For a person. */
  String scopes() {
    return scopes;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public Object getPrincipal() {
    return name;
  }

  /** Looked at, and forgotten. */
  @Override
  public Object getCredentials() {
    return "";
  }
}
