package io.surveygateway.alerts;

import io.surveygateway.store.Counter;
import io.surveygateway.store.CounterTotals;
import io.surveygateway.store.Counters;
import io.surveygateway.upkeep.GapLooks.Look;
import io.surveygateway.webhook.Providers;
import io.surveygateway.webhook.Providers.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds providers that usually talk and do not, and what is parked of theirs. Reads counts alone,
 * and what the last look at their surveys found.
 */
final class ProviderFindings implements Findings {

  private final Supplier<List<String>> providers;
  private final Counters counters;
  private final Silence silence;
  private final Function<String, List<Look>> looks;
  private final AlertSettings settings;
  private final Clock clock;

  /**
   * @param providers those that are on
   * @param looks what came of the last look at each survey of a provider; none for most
   */
  ProviderFindings(
      Supplier<List<String>> providers,
      Counters counters,
      Silence silence,
      Function<String, List<Look>> looks,
      AlertSettings settings,
      Clock clock) {
    this.providers = providers;
    this.counters = counters;
    this.silence = silence;
    this.looks = looks;
    this.settings = settings;
    this.clock = clock;
  }

  static List<String> on(Providers providers) {
    return providers.all().stream().filter(Provider::isOn).map(Provider::name).toList();
  }

  @Override
  public List<Finding> look(List<Alert> known) {
    var totals = counters.totals();
    var found = new ArrayList<Finding>();
    for (var provider : providers.get()) {
      addParked(found, provider, totals);
      var silent = silent(provider, totals, known);
      if (silent != null) {
        found.add(silent);
      }
    }
    return found;
  }

  private void addParked(List<Finding> found, String provider, CounterTotals totals) {
    var parked = totals.level(Counter.REQUESTS_PARKED, provider);
    if (parked >= settings.parkedFrom()) {
      found.add(
          new Finding(
              AlertKind.REQUESTS_PARKED,
              provider,
              clock.instant(),
              Duration.ZERO,
              parked
                  + " of its requests "
                  + (parked == 1 ? "is parked and waits" : "are parked and wait")
                  + " for a person: /api/requests?state=parked&provider="
                  + provider));
    }
  }

  private @Nullable Finding silent(String provider, CounterTotals totals, List<Alert> known) {
    if (totals.total(Counter.REQUESTS_ACCEPTED, provider) > 0) {
      var before =
          known.stream()
              .filter(
                  alert ->
                      alert.kind() == AlertKind.PROVIDER_SILENT && alert.about().equals(provider))
              .findFirst()
              .orElse(null);
      var finding = silence.of(provider, before);
      if (finding != null) {
        return finding;
      }
    }
    return silentSurveys(provider);
  }

  /** What it sends of its other surveys says nothing about these. */
  private @Nullable Finding silentSurveys(String provider) {
    var silent = looks.apply(provider).stream().filter(look -> look.silentSince() != null).toList();
    if (silent.isEmpty()) {
      return null;
    }
    var first = silent.get(0);
    var more = silent.size() == 1 ? "" : ", and nothing of " + (silent.size() - 1) + " more";
    return new Finding(
        AlertKind.PROVIDER_SILENT,
        provider,
        first.silentSince(),
        Duration.ZERO,
        "it has sent nothing of survey "
            + first.survey()
            + " since "
            + first.silentSince()
            + ", which is long for it"
            + more
            + ": are its webhooks still there, and the surveys open?");
  }
}
