package io.surveygateway.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong logins by the address that they come from, and says which address has had too many:
 * a password is not to be found out by trying.
 *
 * <p>Holds in one process, and for as many addresses as are known of late; the right password of an
 * address that is shut does not help it either. Safe for use by many threads.
 */
final class WrongLogins {

  static final int MOST = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MOST_ADDRESSES = 10_000;

  private record Tries(Instant since, int count) {}

  private final Clock clock;
  private final Map<String, Tries> byAddress =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  WrongLogins(Clock clock) {
    this.clock = clock;
  }

  synchronized void add(String address) {
    var tries = ofNow(address);
    byAddress.remove(address);
    byAddress.put(address, new Tries(tries.since, tries.count + 1));
  }

  /** How long it has to wait for its next try; zero where it may try now. */
  synchronized Duration shutFor(String address) {
    var tries = ofNow(address);
    return tries.count < MOST
        ? Duration.ZERO
        : Duration.between(clock.instant(), tries.since.plus(WINDOW));
  }

  /** As if nobody had tried yet. */
  synchronized void forget() {
    byAddress.clear();
  }

  private Tries ofNow(String address) {
    var now = clock.instant();
    var tries = byAddress.get(address);
    return tries == null || !now.isBefore(tries.since.plus(WINDOW)) ? new Tries(now, 0) : tries;
  }
}
