package io.surveygateway.webhook;

import io.surveygateway.inbox.LearnsRoutes;
import io.surveygateway.proof.Place;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The providers that this gateway knows, and whether each may be let in.
 *
 * <p>Filled while routes are built, in whatever order they are: {@code kamelet:webhook-source}
 * declares a provider, the check in its route switches it on or off. A provider that is declared
 * and has no check is off, and one check without its secret switches it off whatever others say,
 * unless the route calls it an alternative: of those one is enough. Safe for use by many threads.
 */
@Component
public final class Providers implements LearnsRoutes {

  /**
   * A provider as it stands.
   *
   * @param name its name in paths, such as {@code popsee}
   * @param maxBody bytes of the largest body that it may send
   * @param isOn whether its requests are taken
   * @param whyOff what an operator has to do for it to be on, or null if it is on; holds no secret
   * @param openBecause why it is let in without any proof, in the words of its route, or null if it
   *     has to prove itself
   */
  public record Provider(
      String name,
      long maxBody,
      boolean isOn,
      @Nullable String whyOff,
      @Nullable String openBecause) {}

  private static final Logger log = LoggerFactory.getLogger(Providers.class);

  private static final int MOST_LOGGED = 1000;

  /**
   * What one set of routes says.
   *
   * @param leftOut by name, why its routes were not loaded
   */
  private record Said(Map<String, ProviderState> states, Map<String, String> leftOut) {

    Said() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    ProviderState state(String provider) {
      return states.computeIfAbsent(provider, name -> new ProviderState());
    }
  }

  private final boolean isQuiet;
  private final Clock clock;

  /** By provider, kamelet and settings; outlives the checks, which a reload makes anew. */
  private final Map<String, DeclaredCheck.Uses> uses = new ConcurrentHashMap<>();

  private final Set<String> logged = ConcurrentHashMap.newKeySet();
  private volatile Said now = new Said();

  /** What is said by the routes that are being built; the same but for a reload. */
  private volatile Said building = now;

  @Autowired
  Providers(ObjectProvider<Clock> clock) {
    this(false, clock.getIfUnique(Clock::systemUTC));
  }

  public Providers() {
    this(false, Clock.systemUTC());
  }

  private Providers(boolean isQuiet, Clock clock) {
    this.isQuiet = isQuiet;
    this.clock = clock;
  }

  @Override
  public void startAnew() {
    building = new Said();
  }

  @Override
  public void useNew() {
    now = building;
  }

  @Override
  public Providers forDryRun() {
    return new Providers(true, clock);
  }

  /**
   * A route takes this provider's requests.
   *
   * @param maxBody bytes of the largest body that it may send
   */
  public void declare(String provider, long maxBody) {
    state(provider).declared(maxBody);
  }

  /** A check of this provider has its secret. */
  public void on(String provider) {
    state(provider).checked();
  }

  /**
   * A check of this provider cannot work; says so in the log, once for each reason.
   *
   * @param reason what is lacking and what to do about it; holds no secret
   */
  public void off(String provider, String reason) {
    state(provider).lacks(reason);
    warn(provider + " is switched off: " + reason);
  }

  /** One of several checks of this provider, of which one is enough, has its secret. */
  public void alternativeOn(String provider) {
    state(provider).alternative();
  }

  /**
   * One of several checks of this provider, of which one is enough, cannot work.
   *
   * @param reason what is lacking and what to do about it; holds no secret
   */
  public void alternativeOff(String provider, String reason) {
    state(provider).alternativeLacks(reason);
  }

  /**
   * This provider is let in without any proof; says so in the log, once for each reason.
   *
   * @param because why nobody can do better, in the words of whoever wrote the route
   */
  public void open(String provider, String because) {
    state(provider).open(because);
    warn(provider + " is OPEN, anyone can send to it: " + because);
  }

  /**
   * Where a check of this provider looks for proofs.
   *
   * @throws IllegalArgumentException if it is a header that is kept
   */
  public void provedAt(String provider, List<Place> places) {
    state(provider).provedAt(places);
  }

  /** A check of this provider, after those that stand before it in its route. */
  void declare(String provider, DeclaredCheck check) {
    state(provider).check(check);
  }

  /** Every check of this provider's route, in its order; none where it has none. */
  List<DeclaredCheck> checks(String provider) {
    var state = now.states.get(provider);
    return state == null ? List.of() : state.checks();
  }

  /** Where the uses of a check's secrets are noted: the same after a reload. */
  DeclaredCheck.Uses usesOf(String provider, String kamelet, String settings) {
    return uses.computeIfAbsent(
        provider + " " + kamelet + " " + settings, check -> new DeclaredCheck.Uses());
  }

  /** A secret has proved a request. */
  void used(DeclaredCheck.Uses uses, String secret) {
    uses.used(secret, clock.millis());
  }

  /**
   * Headers of this provider that are kept with its requests.
   *
   * @throws IllegalArgumentException if one of them holds a proof
   */
  public void keepsHeaders(String provider, List<String> names) {
    state(provider).keepsHeaders(names);
  }

  /**
   * Addresses that the provider's senders are given.
   *
   * @param paths behind {@code /webhooks/<provider>/}; any other is taken too
   */
  public void listensAt(String provider, List<String> paths) {
    state(provider).listensAt(paths);
  }

  /** Paths behind the provider's own that its senders are given. */
  List<String> paths(String provider) {
    var state = now.states.get(provider);
    return state == null ? List.of() : state.paths();
  }

  /** Where the checks of this provider look for proofs, all of them. */
  Set<Place> placesOfProofs(String provider) {
    var state = now.states.get(provider);
    return state == null ? Set.of() : state.placesOfProofs();
  }

  /**
   * The routes of these providers were not loaded. Their senders are asked to come again: what they
   * send would be taken if nobody had made a mistake.
   *
   * @param reasons by name, what is wrong and where; holds no secret. They take the place of those
   *     that were given before
   */
  public void leaveOut(Map<String, String> reasons) {
    building.leftOut.putAll(reasons);
    building.leftOut.keySet().retainAll(reasons.keySet());
  }

  /** Whether this provider's routes were not loaded, for a mistake in them. */
  boolean isLeftOut(String provider) {
    return now.leftOut.containsKey(provider);
  }

  /** Whether requests of this provider are taken; false for one that is not known. */
  public boolean isOn(String provider) {
    var state = now.states.get(provider);
    return state != null && state.isOn() && !isLeftOut(provider);
  }

  /** The provider of that name, if a route declared it, or was to. */
  public Optional<Provider> find(String provider) {
    return find(provider, now);
  }

  /** Every provider that a route declared or would have declared, by name. */
  public List<Provider> all() {
    var said = now;
    return Stream.concat(said.states.keySet().stream(), said.leftOut.keySet().stream())
        .distinct()
        .sorted()
        .flatMap(name -> find(name, said).stream())
        .toList();
  }

  private static Optional<Provider> find(String provider, Said said) {
    var mistake = said.leftOut.get(provider);
    return mistake != null
        ? Optional.of(new Provider(provider, 0, false, mistake, null))
        : Optional.ofNullable(said.states.get(provider)).flatMap(state -> state.as(provider));
  }

  /** Says in the log which of them are off or open, as far as it has not said so already. */
  @EventListener(ApplicationReadyEvent.class)
  public void sayHowTheyStand() {
    for (var provider : all()) {
      if (!provider.isOn && !lacksWhatIsNeeded(provider)) {
        warn(provider.name + " is switched off: " + provider.whyOff);
      }
    }
    var open =
        all().stream()
            .filter(provider -> provider.isOn && provider.openBecause != null)
            .map(provider -> "/webhooks/" + provider.name)
            .toList();
    if (!open.isEmpty()) {
      warn("WITHOUT ANY PROOF, so anyone can send to them: " + String.join(", ", open));
    }
  }

  private boolean lacksWhatIsNeeded(Provider provider) {
    var state = now.states.get(provider.name);
    return state != null && state.lacksWhatIsNeeded();
  }

  /** Once: routes that are loaded anew say it again, and nobody wants to read it again. */
  private void warn(String words) {
    if (logged.size() >= MOST_LOGGED) {
      logged.clear();
    }
    if (!isQuiet && logged.add(words)) {
      log.warn("{}", words);
    }
  }

  private ProviderState state(String provider) {
    return building.state(provider);
  }
}
