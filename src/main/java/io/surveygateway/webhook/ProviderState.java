package io.surveygateway.webhook;

import io.surveygateway.proof.Place;
import io.surveygateway.webhook.Providers.Provider;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/** What has been said of one provider while its routes were built. Safe for use by many threads. */
final class ProviderState {

  private static final String NO_CHECK =
      "no step of its route checks a proof; add one of the kamelets check-... in routes/kamelets";

  private final Set<String> lacks = new TreeSet<>();
  private final Set<String> lacksOfAlternatives = new TreeSet<>();
  private final Set<String> keptHeaders = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Set<Place> placesOfProofs = new CopyOnWriteArraySet<>();
  private final List<DeclaredCheck> checks = new CopyOnWriteArrayList<>();
  private volatile List<String> paths = List.of();
  private @Nullable Long maxBody;
  private @Nullable String openBecause;
  private boolean isChecked;
  private boolean hasAlternative;

  synchronized void declared(long bytes) {
    maxBody = bytes;
  }

  void listensAt(List<String> given) {
    paths = List.copyOf(given);
  }

  List<String> paths() {
    return paths;
  }

  void check(DeclaredCheck check) {
    checks.add(check);
  }

  List<DeclaredCheck> checks() {
    return List.copyOf(checks);
  }

  synchronized void checked() {
    isChecked = true;
  }

  synchronized void alternative() {
    hasAlternative = true;
  }

  synchronized void lacks(String reason) {
    lacks.add(reason);
  }

  synchronized void alternativeLacks(String reason) {
    lacksOfAlternatives.add(reason);
  }

  synchronized void open(String because) {
    openBecause = because;
  }

  synchronized void provedAt(Collection<Place> places) {
    placesOfProofs.addAll(places);
    refuseToKeepProofs();
  }

  synchronized void keepsHeaders(List<String> names) {
    keptHeaders.addAll(names);
    refuseToKeepProofs();
  }

  private void refuseToKeepProofs() {
    placesOfProofs.stream()
        .filter(place -> place.kind() == Place.Kind.HEADER && keptHeaders.contains(place.name()))
        .findAny()
        .ifPresent(
            place -> {
              throw new IllegalArgumentException(
                  "Expected keepHeaders to name no header that holds a proof, got " + place);
            });
  }

  Set<Place> placesOfProofs() {
    return placesOfProofs;
  }

  /** Whether a check that has to hold lacks its secret; then it was said when that was seen. */
  synchronized boolean lacksWhatIsNeeded() {
    return !lacks.isEmpty();
  }

  synchronized boolean isOn() {
    return maxBody != null && whyOff() == null;
  }

  private @Nullable String whyOff() {
    if (!lacks.isEmpty()) {
      return String.join("; ", lacks);
    }
    if (!lacksOfAlternatives.isEmpty() && !hasAlternative && openBecause == null) {
      return "none of its checks has its secret, and one would do: "
          + String.join("; or ", lacksOfAlternatives);
    }
    return isChecked || hasAlternative || openBecause != null ? null : NO_CHECK;
  }

  synchronized Optional<Provider> as(String name) {
    return Optional.ofNullable(maxBody)
        .map(bytes -> new Provider(name, bytes, whyOff() == null, whyOff(), openBecause));
  }
}
