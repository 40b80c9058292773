package io.surveygateway.webhook;

import io.surveygateway.proof.Proof;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A check as a provider's route declares it. Safe for use by many threads.
 *
 * @param kamelet its name, such as {@code check-hmac}
 * @param isAlternative whether it is one of several of which one is enough
 * @param proof what it asks for; null where it asks for nothing, or lacks a secret
 * @param whyOff what has to be done for it to work, or null if it does; holds no secret
 * @param settings that its secrets stand in
 * @param uses when each secret was last seen to be used
 */
record DeclaredCheck(
    String kamelet,
    boolean isAlternative,
    @Nullable Proof proof,
    @Nullable String whyOff,
    List<NeededSetting> settings,
    Uses uses) {

  /**
   * A setting that holds secrets.
   *
   * @param name such as {@code gateway.providers.popsee.secret}
   * @param variable environment variable that fills it
   * @param lack what it lacks, to go on from its name; null if it holds a secret
   */
  public record NeededSetting(String name, String variable, @Nullable String lack) {}

  /** When secrets proved a request, by what the verdict calls them; since the process began. */
  static final class Uses {

    private final Map<String, AtomicLong> lastByName = new ConcurrentHashMap<>();

    /** On the way of each request: a look-up and a plain write. */
    void used(String name, long millis) {
      var last = lastByName.get(name);
      if (last == null) {
        last = lastByName.computeIfAbsent(name, first -> new AtomicLong());
      }
      last.lazySet(millis);
    }

    Map<String, Instant> last() {
      var last = new TreeMap<String, Instant>();
      lastByName.forEach((name, millis) -> last.put(name, Instant.ofEpochMilli(millis.get())));
      return last;
    }
  }
}
