package io.surveygateway.webhook;

import io.surveygateway.proof.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
public final class Providers {

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

  private final Map<String, ProviderState> states = new ConcurrentHashMap<>();
  private final Map<String, String> leftOut = new ConcurrentHashMap<>();

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
    if (state(provider).lacks(reason)) {
      log.warn("{} is switched off: {}", provider, reason);
    }
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
    if (state(provider).open(because)) {
      log.warn("{} is OPEN, anyone can send to it: {}", provider, because);
    }
  }

  /**
   * Where a check of this provider looks for proofs.
   *
   * @throws IllegalArgumentException if it is a header that is kept
   */
  public void provedAt(String provider, List<Place> places) {
    state(provider).provedAt(places);
  }

  /**
   * Headers of this provider that are kept with its requests.
   *
   * @throws IllegalArgumentException if one of them holds a proof
   */
  public void keepsHeaders(String provider, List<String> names) {
    state(provider).keepsHeaders(names);
  }

  /** Where the checks of this provider look for proofs, all of them. */
  Set<Place> placesOfProofs(String provider) {
    return state(provider).placesOfProofs();
  }

  /**
   * This provider's routes were not loaded. Its senders are asked to come again: what they send
   * would be taken if nobody had made a mistake.
   *
   * @param reason what is wrong and where; holds no secret
   */
  public void leaveOut(String provider, String reason) {
    leftOut.put(provider, reason);
  }

  /** The routes of this provider are gone; what is said of it from now on is said anew. */
  public void forget(String provider) {
    states.remove(provider);
    leftOut.remove(provider);
  }

  /** Whether this provider's routes were not loaded, for a mistake in them. */
  boolean isLeftOut(String provider) {
    return leftOut.containsKey(provider);
  }

  /** Whether requests of this provider are taken; false for one that is not known. */
  public boolean isOn(String provider) {
    var state = states.get(provider);
    return state != null && state.isOn() && !isLeftOut(provider);
  }

  /** The provider of that name, if a route declared it, or was to. */
  public Optional<Provider> find(String provider) {
    var mistake = leftOut.get(provider);
    return mistake != null
        ? Optional.of(new Provider(provider, 0, false, mistake, null))
        : Optional.ofNullable(states.get(provider)).flatMap(state -> state.as(provider));
  }

  /** Every provider that a route declared or would have declared, by name. */
  public List<Provider> all() {
    return Stream.concat(states.keySet().stream(), leftOut.keySet().stream())
        .distinct()
        .sorted()
        .flatMap(name -> find(name).stream())
        .toList();
  }

  @EventListener(ApplicationReadyEvent.class)
  void sayHowTheyStand() {
    for (var provider : all()) {
      if (!provider.isOn && !state(provider.name).lacksWhatIsNeeded()) {
        log.warn("{} is switched off: {}", provider.name, provider.whyOff);
      }
    }
    var open =
        all().stream()
            .filter(provider -> provider.isOn && provider.openBecause != null)
            .map(provider -> "/webhooks/" + provider.name)
            .toList();
    if (!open.isEmpty()) {
      log.warn("WITHOUT ANY PROOF, so anyone can send to them: {}", String.join(", ", open));
    }
  }

  private ProviderState state(String provider) {
    return states.computeIfAbsent(provider, name -> new ProviderState());
  }
}
