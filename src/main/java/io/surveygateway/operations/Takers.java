package io.surveygateway.operations;

import io.surveygateway.outbox.Destinations;
import io.surveygateway.store.RunSteps;
import io.surveygateway.webhook.Providers;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether what is sent again finds somebody who takes it: otherwise it would wait for ever. */
final class Takers {

  private final Destinations destinations;
  private final Providers providers;

  Takers(Destinations destinations, Providers providers) {
    this.destinations = destinations;
    this.providers = providers;
  }

  /** Why nothing is sent to this destination, or null if something is. */
  @Nullable String offBecause(String destination) {
    var known = destinations.find(destination).orElse(null);
    if (known == null) {
      return "Expected a destination that a route delivers to, got "
          + destination
          + "; there are "
          + destinations.all().stream()
              .map(Destinations.Destination::name)
              .collect(Collectors.joining(", "));
    }
    return known.isOn() ? null : destination + " is off: " + known.offBecause();
  }

  /** Why nobody maps this provider's requests, or null if somebody does. */
  @Nullable String unmappedBecause(String provider) {
    return providers.find(provider).isPresent()
        ? null
        : "Expected a provider whose requests a route maps, got " + provider;
  }

  RunSteps.Takers forRuns() {
    return new RunSteps.Takers(this::offBecause, this::unmappedBecause);
  }
}
