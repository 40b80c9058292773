package io.surveygateway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of API tokens, with the hash of each and never the token itself.
 *
 * <p>Every question goes to the store, so what one gateway revokes no other takes from its next
 * request on. Safe for use by many threads.
 */
public final class ApiTokens {

  /**
   * How exactly is known when a token was used last: a write for each request would be too much.
   */
  public static final Duration USED_TO = Duration.ofMinutes(1);

  /**
   * A token, as people are shown it.
   *
   * @param name what it is for, in its maker's words
   * @param scopes what it opens
   * @param expiresAt null: never
   * @param lastUsedAt to the minute; null: never
   * @param revokedAt null while it holds
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ApiToken(
      long id,
      String name,
      List<String> scopes,
      Instant madeAt,
      String madeBy,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt,
      @Nullable Instant revokedAt,
      @Nullable String revokedBy) {

    public ApiToken {
      scopes = List.copyOf(scopes);
    }
  }

  /** A token, and what it is told by. */
  public record Hashed(ApiToken token, byte[] hash) {}

  private static final String COLUMNS =
      "id, name, scopes, made_at, made_by, expires_at, last_used_at, revoked_at, revoked_by";

  private final Store store;
  private final Ids ids;
  private final Clock clock;

  ApiTokens(Store store, Ids ids, Clock clock) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
  }

  /** An id that no other token has or gets: it is part of the token, and so of its hash. */
  public long newId() {
    return ids.next();
  }

  /**
   * @throws DataRefusedException if there is one of that id
   */
  public void add(Hashed made) {
    var token = made.token();
    store.write(
        jdbc ->
            jdbc.update(
                "INSERT INTO api_token (id, name, scopes, hash, made_at, made_by, expires_at)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                token.id(),
                token.name(),
                String.join(",", token.scopes()),
                made.hash(),
                token.madeAt().toEpochMilli(),
                token.madeBy(),
                token.expiresAt() == null ? null : token.expiresAt().toEpochMilli()));
  }

  /** Revoked and expired ones too. */
  public Optional<Hashed> find(long id) {
    return Lists.find(
        store,
        id,
        "SELECT " + COLUMNS + ", hash FROM api_token WHERE id IN (",
        (row, n) -> new Hashed(token(row), row.getBytes("hash")));
  }

  /** Newest first; revoked and expired ones too. */
  public Page<ApiToken> page(@Nullable Position after, int limit) {
    return Lists.page(
        store,
        Walk.Of.API_TOKENS,
        Filter.ALL,
        after,
        limit,
        "SELECT " + COLUMNS + " FROM api_token WHERE id IN (",
        (row, n) -> token(row));
  }

  /** Notes that a token was used; writes only where that was not known to the minute. */
  public void used(ApiToken token) {
    var now = clock.instant();
    var last = token.lastUsedAt();
    if (last != null && now.isBefore(last.plus(USED_TO))) {
      return;
    }
    store.write(
        jdbc ->
            jdbc.update(
                "UPDATE api_token SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR"
                    + " last_used_at <= ?)",
                now.toEpochMilli(),
                token.id(),
                now.minus(USED_TO).toEpochMilli()));
  }

  /**
   * @return false if there is none of that id that is not revoked
   */
  public boolean revoke(long id, String by) {
    return store.write(
            jdbc ->
                jdbc.update(
                    "UPDATE api_token SET revoked_at = ?, revoked_by = ? WHERE id = ? AND"
                        + " revoked_at IS NULL",
                    clock.millis(),
                    by,
                    id))
        == 1;
  }

  private static ApiToken token(ResultSet row) throws SQLException {
    return new ApiToken(
        row.getLong("id"),
        row.getString("name"),
        List.of(row.getString("scopes").split(",")),
        Lists.instant(row, "made_at"),
        row.getString("made_by"),
        Lists.instantOrNull(row, "expires_at"),
        Lists.instantOrNull(row, "last_used_at"),
        Lists.instantOrNull(row, "revoked_at"),
        row.getString("revoked_by"));
  }
}
