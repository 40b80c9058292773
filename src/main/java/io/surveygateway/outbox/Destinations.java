package io.surveygateway.outbox;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
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
   * @param condition how it fares, and {@code usage} what calls came to, at the moment that this
   *     was asked for
   */
  public record Destination(
      String name, @Nullable String offBecause, Condition condition, Usage usage) {

    public boolean isOn() {
      return offBecause == null;
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Destinations.class);

  private static final int MOST_LOGGED = 1000;

  private record Entry(
      String endpoint,
      @Nullable String offBecause,
      Supplier<Condition> condition,
      Supplier<Usage> usage) {

    Destination asOf(String name) {
      return new Destination(name, offBecause, condition.get(), usage.get());
    }
  }

  /**
   * What one set of routes says.
   *
   * @param known by name
   * @param wanted by name, the endpoint that sends there
   */
  private record Said(Map<String, Entry> known, Map<String, String> wanted) {

    Said() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }
  }

  private final boolean isQuiet;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();
  private volatile Said now = new Said();

  /** What is said by the routes that are being built; the same but for a reload. */
  private volatile Said building = now;

  public Destinations() {
    this(false);
  }

  private Destinations(boolean isQuiet) {
    this.isQuiet = isQuiet;
  }

  /** One that says nothing in the log. */
  static Destinations quiet() {
    return new Destinations(true);
  }

  /** What is said from here on is said by other routes; until {@link #useNew} nobody is told. */
  void startAnew() {
    building = new Said();
  }

  /** From here on everyone is told what was said since {@link #startAnew}. */
  void useNew() {
    now = building;
  }

  /**
   * @param condition tells how it fares, and {@code usage} what calls came to
   */
  void on(String name, String endpoint, Supplier<Condition> condition, Supplier<Usage> usage) {
    know(name, new Entry(endpoint, null, condition, usage));
  }

  /** Says so in the log, once. */
  void off(String name, String endpoint, String because) {
    know(name, new Entry(endpoint, because, () -> Condition.WORKING, () -> Usage.NONE));
    if (logged.size() >= MOST_LOGGED) {
      logged.clear();
    }
    if (!isQuiet && logged.add(name + because)) {
      log.warn("{} is off, its deliveries are skipped: {}", name, because);
    }
  }

  /** A copied folder whose name was not changed: each delivery would go to either, by chance. */
  private void know(String name, Entry entry) {
    var former = building.known.put(name, entry);
    if (former != null && !former.endpoint.equals(entry.endpoint)) {
      throw new IllegalStateException(
          "Expected one route that starts with outbox:"
              + name
              + ", got two: "
              + former.endpoint
              + " and "
              + entry.endpoint
              + ". Give the destination of one of them another name");
    }
  }

  /** A route sends to it: there has to be a route that takes it from there. */
  void wantedBy(String name, String endpoint) {
    building.wanted.putIfAbsent(name, endpoint);
  }

  public Optional<Destination> find(String name) {
    return Optional.ofNullable(now.known.get(name)).map(entry -> entry.asOf(name));
  }

  /** All of them, by name. */
  public Collection<Destination> all() {
    return new TreeMap<>(now.known)
        .entrySet().stream().map(entry -> entry.getValue().asOf(entry.getKey())).toList();
  }

  /**
   * @throws IllegalStateException if a route sends to a destination that no route delivers
   */
  void checkWanted() {
    Set<String> names = building.known.keySet();
    building.wanted.forEach(
        (name, endpoint) -> {
          if (!names.contains(name)) {
            throw new IllegalStateException(
                "Expected a route that starts with outbox:"
                    + name
                    + ", because a route sends to it; there are "
                    + new TreeMap<>(building.known).keySet()
                    + ". Put the destination's folder into routes/destinations/, or mend the name"
                    + " in routes/router.camel.yaml");
          }
        });
  }

  /**
   * @param names of destinations that settings are made for
   * @throws InvalidConfigurationPropertyValueException if no route delivers one of them
   */
  void checkSet(Set<String> names) {
    var unknown = new TreeSet<>(names);
    unknown.removeAll(building.known.keySet());
    if (!unknown.isEmpty()) {
      var first = unknown.first();
      throw new InvalidConfigurationPropertyValueException(
          "gateway.delivery.destinations." + first,
          first,
          "no route delivers to "
              + first
              + ": expected one of "
              + new TreeSet<>(building.known.keySet())
              + ", or a route that starts with outbox:"
              + first
              + " in routes/destinations/.");
    }
  }
}
