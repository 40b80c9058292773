package io.surveygateway.outbox;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Which destinations there are, and which of them are off and why.
 *
 * <p>Filled while routes are built, read by producers and by health. Safe for use by many threads.
 */
@Component
public class Destinations {

  /**
   * @param offBecause why nothing is sent there, or null if it is on
   */
  public record Destination(String name, @Nullable String offBecause) {

    public boolean isOn() {
      return offBecause == null;
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Destinations.class);

  private final Map<String, Destination> known = new ConcurrentHashMap<>();
  private final Map<String, String> wanted = new ConcurrentHashMap<>();

  void on(String name) {
    known.put(name, new Destination(name, null));
  }

  /** Says so in the log, once for each start. */
  void off(String name, String because) {
    known.put(name, new Destination(name, because));
    log.warn("{} is off, its deliveries are skipped: {}", name, because);
  }

  /** A route sends to it: there has to be a route that takes it from there. */
  void wantedBy(String name, String endpoint) {
    wanted.putIfAbsent(name, endpoint);
  }

  public Optional<Destination> find(String name) {
    return Optional.ofNullable(known.get(name));
  }

  /** All of them, by name. */
  public Collection<Destination> all() {
    return Collections.unmodifiableCollection(new TreeMap<>(known).values());
  }

  /**
   * @throws IllegalStateException if a route sends to a destination that no route delivers
   */
  void checkWanted() {
    Set<String> names = known.keySet();
    wanted.forEach(
        (name, endpoint) -> {
          if (!names.contains(name)) {
            throw new IllegalStateException(
                "Expected a route that starts with outbox:"
                    + name
                    + ", because a route sends to it; there are "
                    + new TreeMap<>(known).keySet()
                    + ". Put the destination's folder into routes/destinations/, or mend the name"
                    + " in routes/router.camel.yaml");
          }
        });
  }
}
