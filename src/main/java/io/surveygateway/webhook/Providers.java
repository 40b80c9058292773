package io.surveygateway.webhook;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
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
 * and has no check is off, and one check without its secret switches it off whatever others say.
 * Safe for use by many threads.
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
   */
  public record Provider(String name, long maxBody, boolean isOn, @Nullable String whyOff) {}

  private static final Logger log = LoggerFactory.getLogger(Providers.class);

  private final Map<String, State> states = new ConcurrentHashMap<>();

  /**
   * A route takes this provider's requests.
   *
   * @param maxBody bytes of the largest body that it may send
   */
  public void declare(String provider, long maxBody) {
    change(provider, state -> new State(maxBody, state.isChecked, state.lacks));
  }

  /** A check of this provider has its secret. */
  public void on(String provider) {
    change(provider, state -> new State(state.maxBody, true, state.lacks));
  }

  /**
   * A check of this provider cannot work; says so in the log, once for each reason.
   *
   * @param reason what is lacking and what to do about it; holds no secret
   */
  public void off(String provider, String reason) {
    change(
        provider,
        state -> {
          if (state.lacks.contains(reason)) {
            return state;
          }
          log.warn("{} is switched off: {}", provider, reason);
          var lacks = new TreeSet<>(state.lacks);
          lacks.add(reason);
          return new State(state.maxBody, state.isChecked, lacks);
        });
  }

  /** The routes of this provider are gone; what is said of it from now on is said anew. */
  public void forget(String provider) {
    states.remove(provider);
  }

  /** Whether requests of this provider are taken; false for one that is not known. */
  public boolean isOn(String provider) {
    var state = states.get(provider);
    return state != null && state.maxBody != null && state.whyOff() == null;
  }

  /** The provider of that name, if a route declared it. */
  public Optional<Provider> find(String provider) {
    return Optional.ofNullable(states.get(provider)).flatMap(state -> state.as(provider));
  }

  /** Every provider that a route declared, by name. */
  public List<Provider> all() {
    return states.keySet().stream().sorted().flatMap(name -> find(name).stream()).toList();
  }

  @EventListener(ApplicationReadyEvent.class)
  void sayWhichHaveNoCheck() {
    all().stream()
        .filter(provider -> State.NO_CHECK.equals(provider.whyOff))
        .forEach(provider -> log.warn("{} is switched off: {}", provider.name, provider.whyOff));
  }

  private void change(String provider, UnaryOperator<State> change) {
    states.compute(provider, (name, state) -> change.apply(state == null ? State.UNKNOWN : state));
  }

  /**
   * @param maxBody null while no route has declared the provider
   */
  private record State(@Nullable Long maxBody, boolean isChecked, Set<String> lacks) {

    static final State UNKNOWN = new State(null, false, Set.of());
    static final String NO_CHECK =
        "no step of its route checks a proof; add kamelet:check-hmac or kamelet:check-shared-key";

    @Nullable String whyOff() {
      if (!lacks.isEmpty()) {
        return String.join("; ", lacks);
      }
      return isChecked ? null : NO_CHECK;
    }

    Optional<Provider> as(String name) {
      return Optional.ofNullable(maxBody)
          .map(bytes -> new Provider(name, bytes, whyOff() == null, whyOff()));
    }
  }
}
