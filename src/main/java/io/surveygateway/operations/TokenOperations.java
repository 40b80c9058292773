package io.surveygateway.operations;

import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
import io.surveygateway.store.ApiTokens;
import io.surveygateway.store.ApiTokens.ApiToken;
import io.surveygateway.store.ApiTokens.Hashed;
import io.surveygateway.store.Page;
import io.surveygateway.store.Position;
import io.surveygateway.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** API tokens: made, looked at, revoked by the admin; used by programs. Safe for many threads. */
public final class TokenOperations {

  /** Opens what changes nothing. */
  public static final String READ = "read";

  /** Opens what {@link #READ} opens, and what changes something. */
  public static final String OPERATE = "operate";

  public static final int LONGEST_NAME = 40;

  /**
   * A token that was made just now.
   *
   * @param text of the token: kept nowhere, and never to be had again
   */
  public record Made(ApiToken token, String text) {

    @Override
    public String toString() {
      return "Made[token=" + token + "]";
    }
  }

  /** Whether a token that somebody showed opens anything. */
  public enum State {
    ACTIVE,
    EXPIRED,
    REVOKED
  }

  /** A token that was shown to us whole, so whoever did so has it. */
  public record Shown(ApiToken token, State state) {}

  private static final Logger log = LoggerFactory.getLogger(TokenOperations.class);
  private static final Set<String> SCOPES = Set.of(READ, OPERATE);

  private final ApiTokens tokens;
  private final Clock clock;
  private final Audit audit;

  TokenOperations(ApiTokens tokens, Clock clock, Audit audit) {
    this.tokens = tokens;
    this.clock = clock;
    this.audit = audit;
  }

  /**
   * @param expiresAt null: never
   * @throws IllegalArgumentException if one of them cannot be, in words for whoever asked
   */
  public Made make(String name, Set<String> scopes, @Nullable Instant expiresAt, String by) {
    var plain = name.strip();
    if (plain.isEmpty()
        || plain.length() > LONGEST_NAME
        || plain.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "Expected a name of 1 to " + LONGEST_NAME + " characters that says what it is for");
    }
    if (scopes.isEmpty() || !SCOPES.containsAll(scopes)) {
      throw new IllegalArgumentException("Expected scopes to be of " + new TreeSet<>(SCOPES));
    }
    var now = Instant.ofEpochMilli(clock.millis());
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw new IllegalArgumentException("Expected expiresAt to be in the future");
    }
    var sorted = List.copyOf(new TreeSet<>(scopes));
    var detail =
        String.join(" and ", sorted)
            + (expiresAt == null ? ", does not expire" : ", until " + expiresAt);
    return audit.record(
        new Asked(by, "make", "token " + plain, detail),
        () -> {
          var text = TokenText.random(tokens.newId());
          var token = new ApiToken(text.id(), plain, sorted, now, by, expiresAt, null, null, null);
          tokens.add(new Hashed(token, text.hash()));
          return new Made(token, text.text());
        },
        made -> new Came(1, "It is token " + made.token().id()));
  }

  /** Newest first; revoked and expired ones too. */
  public Page<ApiToken> page(@Nullable Position after, int limit) {
    return tokens.page(after, limit);
  }

  public State stateOf(ApiToken token) {
    if (token.revokedAt() != null) {
      return State.REVOKED;
    }
    var expiresAt = token.expiresAt();
    return expiresAt != null && !clock.instant().isBefore(expiresAt) ? State.EXPIRED : State.ACTIVE;
  }

  /**
   * From then on no gateway of this store takes it. One that is revoked stays so since when it was.
   * Empty where there is none of that id.
   */
  public Optional<ApiToken> revoke(long id, String by) {
    return tokens
        .find(id)
        .map(
            found -> {
              audit.record(
                  new Asked(by, "revoke", "token " + found.token().name(), "token " + id),
                  () -> tokens.revoke(id, by),
                  revoked ->
                      revoked
                          ? new Came(1, "It opens nothing any more")
                          : new Came(0, "It was revoked before"));
              return tokens.find(id).orElse(found).token();
            });
  }

  /**
   * What a program shows to be let in; notes its use if it is good. Empty where no such token was
   * ever made.
   *
   * @throws StoreUnavailableException if that cannot be told now
   */
  public Optional<Shown> show(String text) {
    return TokenText.parse(text)
        .flatMap(shown -> tokens.find(shown.id()).filter(found -> shown.matches(found.hash())))
        .map(
            found -> {
              var state = stateOf(found.token());
              if (state == State.ACTIVE) {
                noteUse(found.token());
              }
              return new Shown(found.token(), state);
            });
  }

  private void noteUse(ApiToken token) {
    try {
      tokens.used(token);
    } catch (StoreUnavailableException e) {
      // A full disk must not keep those out who look at what is the matter.
      log.warn("When token {} was used last is not in the store: {}", token.id(), e.getMessage());
    }
  }
}
