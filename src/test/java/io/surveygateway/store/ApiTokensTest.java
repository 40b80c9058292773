package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.store.ApiTokens.ApiToken;
import io.surveygateway.store.ApiTokens.Hashed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On both stores. */
class ApiTokensTest {

  private static final byte[] HASH = {0, 1, -1, 127};

  private StoreForTests store;
  private ApiTokens tokens;

  @AfterEach
  void close() {
    store.close();
  }

  private void open(Dialect dialect) {
    store = StoreForTests.open(dialect);
    tokens = store.get(ApiTokens.class);
  }

  private ApiToken add(String name, @Nullable Instant expiresAt) {
    var token =
        new ApiToken(
            tokens.newId(),
            name,
            List.of("operate", "read"),
            store.clock.instant(),
            "ada",
            expiresAt,
            null,
            null,
            null);
    tokens.add(new Hashed(token, HASH));
    return token;
  }

  @ParameterizedTest
  @EnumSource
  void keepsATokenWithItsHash(Dialect dialect) {
    open(dialect);
    var token = add("report", store.clock.instant().plusSeconds(60));

    var found = tokens.find(token.id()).orElseThrow();

    assertThat(found.token()).isEqualTo(token);
    assertThat(found.hash()).isEqualTo(HASH);
    assertThat(tokens.find(token.id() + 1)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void notesItsLastUseToTheMinute(Dialect dialect) {
    open(dialect);
    var id = add("report", null).id();
    var first = store.clock.instant();
    tokens.used(token(id));
    store.clock.advance(ApiTokens.USED_TO.minusMillis(1));
    tokens.used(token(id));
    assertThat(token(id).lastUsedAt()).isEqualTo(first);

    store.clock.advance(Duration.ofMillis(1));
    tokens.used(token(id));

    assertThat(token(id).lastUsedAt()).isEqualTo(first.plus(ApiTokens.USED_TO));
  }

  @ParameterizedTest
  @EnumSource
  void revokesATokenOnce(Dialect dialect) {
    open(dialect);
    var id = add("report", null).id();
    var other = add("other", null);
    var at = store.clock.instant();

    assertThat(tokens.revoke(id, "ada")).isTrue();
    store.clock.advance(Duration.ofMinutes(5));
    assertThat(tokens.revoke(id, "eve")).isFalse();
    assertThat(tokens.revoke(4711, "ada")).isFalse();

    assertThat(token(id))
        .extracting(ApiToken::revokedAt, ApiToken::revokedBy)
        .containsExactly(at, "ada");
    assertThat(token(other.id())).isEqualTo(other);
  }

  @ParameterizedTest
  @EnumSource
  void showsTheNewestFirstPageByPage(Dialect dialect) {
    open(dialect);
    for (var name : List.of("a", "b", "c")) {
      add(name, null);
      store.clock.advance(Duration.ofSeconds(1));
    }

    var first = tokens.page(null, 2);

    assertThat(first.items()).extracting(ApiToken::name).containsExactly("c", "b");
    assertThat(tokens.page(first.next(), 2).items())
        .extracting(ApiToken::name)
        .containsExactly("a");
  }

  private ApiToken token(long id) {
    return tokens.find(id).orElseThrow().token();
  }
}
