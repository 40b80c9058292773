package io.surveygateway.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * What destinations said last of the calls that they allow, and of those that are used: for people
 * to see. Kept by this gateway alone, and until its end. Safe for use by many threads.
 */
@Component
public class CallBudgets {

  /**
   * @param used by all that use the account, not this gateway alone
   * @param asOf when the destination said so
   */
  public record Budget(long used, long allowed, Instant asOf) {}

  private final Clock clock;
  private final Map<String, Budget> budgets = new ConcurrentHashMap<>();

  public CallBudgets(Clock clock) {
    this.clock = clock;
  }

  /** A destination says how it stands now. */
  public void told(String destination, long used, long allowed) {
    budgets.put(destination, new Budget(used, allowed, clock.instant()));
  }

  /** Empty while it has said nothing. */
  public Optional<Budget> of(String destination) {
    return Optional.ofNullable(budgets.get(destination));
  }
}
