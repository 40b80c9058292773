package io.surveygateway.operations;

import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
import io.surveygateway.webhook.ProofTester;
import io.surveygateway.webhook.ProofTester.ProofState;
import io.surveygateway.webhook.ProofTester.Tested;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets operators ask why a request is refused: each time is on record, and there are few a minute,
 * so that nobody finds a secret by asking. Safe for use by many threads.
 */
public final class ProofOperations {

  /** Bytes of a body; the search for causes hashes it many times. */
  public static final int LARGEST_BODY = 1 << 20;

  public static final int MOST_HEADERS = 64;

  /** In one minute, of all operators at this gateway. */
  public static final int MOST_A_MINUTE = 60;

  /**
   * A request as somebody has it.
   *
   * @param headers names and values, in their order
   * @param query of the address, encoded, or null
   * @param bodies that it may have: more than one where line ends are not known. The first one is
   *     meant unless another is proved
   */
  public record Pasted(
      @Nullable String contentType,
      List<Map.Entry<String, String>> headers,
      @Nullable String query,
      List<byte[]> bodies) {

    /** How many there are, and never what. */
    @Override
    public String toString() {
      return "Pasted[" + headers.size() + " headers, " + bodies.size() + " bodies]";
    }
  }

  /** More were asked for than a minute has. */
  public static final class TooOftenException extends RuntimeException {

    private final Duration until;

    TooOftenException(Duration until) {
      super(
          "Expected at most "
              + MOST_A_MINUTE
              + " tests of a proof a minute; come back in "
              + Math.max(1, until.toSeconds())
              + " s");
      this.until = until;
    }

    public Duration until() {
      return until;
    }
  }

  private final ProofTester tester;
  private final Audit audit;
  private final Clock clock;
  private Instant since = Instant.EPOCH;
  private int asked;

  ProofOperations(ProofTester tester, Audit audit, Clock clock) {
    this.tester = tester;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * @return empty where no route takes requests of a provider of that name
   * @throws TooOftenException if there were too many within a minute
   */
  public Optional<Tested> check(String provider, Pasted pasted, String by) {
    if (tester.state(provider).isEmpty()) {
      return Optional.empty();
    }
    countOne();
    return audit.record(
        new Asked(by, "check-proof", "provider " + provider),
        () -> tested(provider, pasted),
        tested ->
            new Came(
                0,
                tested.map(found -> found.isProved() ? "proved" : "refused").orElse("unknown")
                    + "; nothing is changed by it"));
  }

  private Optional<Tested> tested(String provider, Pasted pasted) {
    Optional<Tested> first = Optional.empty();
    for (var body : pasted.bodies()) {
      var tested =
          tester.test(provider, pasted.contentType(), pasted.headers(), pasted.query(), body);
      if (tested.isEmpty() || tested.get().isProved()) {
        return tested;
      }
      first = first.isPresent() ? first : tested;
    }
    return first;
  }

  private synchronized void countOne() {
    var now = clock.instant();
    if (!now.isBefore(since.plusSeconds(60)) || now.isBefore(since)) {
      since = now;
      asked = 0;
    }
    if (asked == MOST_A_MINUTE) {
      throw new TooOftenException(Duration.between(now, since.plusSeconds(60)));
    }
    asked++;
  }

  /** Empty where no route takes requests of a provider of that name. */
  public Optional<ProofState> state(String provider) {
    return tester.state(provider);
  }
}
