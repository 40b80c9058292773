package io.surveygateway.console;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.surveygateway.operations.TokenOperations;
import io.surveygateway.store.ApiTokens.ApiToken;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** API tokens, for admins alone: {@link ConsoleSecurity} lets no token in here. */
@RestController
@RequestMapping(path = "/api/tokens", produces = MediaType.APPLICATION_JSON_VALUE)
final class TokensApi {

  private static final String EXAMPLE =
      "{\"name\": \"nightly report\", \"scopes\": [\"read\"], \"expiresAt\": \"2027-03-02\"}";

  record TokenBody(
      @Nullable String name, @Nullable List<String> scopes, @Nullable String expiresAt) {}

  /**
   * @param token what is to be sent as {@code Authorization: Bearer}; shown this once
   */
  record MadeAnswer(@JsonUnwrapped ApiToken made, String token) {}

  private final TokenOperations tokens;

  TokensApi(TokenOperations tokens) {
    this.tokens = tokens;
  }

  @Described(
      value = "List API tokens, newest first, without what they are",
      query = {"after", "limit"})
  @GetMapping
  ApiQuery.PageAnswer<ApiToken> list(HttpServletRequest request) {
    var query = new ApiQuery(request, Set.of(), Set.of());
    return query.answer(tokens.page(query.after(), query.limit()));
  }

  @Described(
      value = "Make an API token; it is shown in this answer alone",
      more = "Scopes: read, operate. Without expiresAt it does not expire",
      body = TokenBody.class,
      example = EXAMPLE,
      success = 201)
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<MadeAnswer> make(
      @RequestBody(required = false) @Nullable InputStreamResource body, Principal who) {
    var asked = ApiBody.read(body, TokenBody.class, EXAMPLE);
    if (asked.name() == null || asked.scopes() == null || asked.scopes().contains(null)) {
      throw ApiQuery.refuse("Expected a name and scopes, such as " + EXAMPLE);
    }
    try {
      var made =
          tokens.make(
              asked.name(),
              new HashSet<>(asked.scopes()),
              asked.expiresAt() == null ? null : ApiQuery.instant("expiresAt", asked.expiresAt()),
              who.getName());
      return ResponseEntity.created(URI.create("/api/tokens/" + made.token().id()))
          .body(new MadeAnswer(made.token(), made.text()));
    } catch (IllegalArgumentException e) {
      throw ApiQuery.refuse(e.getMessage());
    }
  }

  @Described("Revoke a token, on all gateways at once")
  @PostMapping("/{id}/revoke")
  ApiToken revoke(@PathVariable String id, Principal who) {
    return tokens
        .revoke(ApiQuery.id(id), who.getName())
        .orElseThrow(() -> ApiQuery.missing("a token"));
  }
}
