package io.surveygateway.surveymonkey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.upkeep.GapLooks;
import io.surveygateway.upkeep.GapLooks.Look;
import io.surveygateway.upkeep.ProviderJobs;
import io.surveygateway.upkeep.ProviderJobs.Work;
import io.surveygateway.upkeep.SharedJobs;
import io.surveygateway.upkeep.Upkeep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What is to be done at SurveyMonkey beside its events. Safe for use by many threads. */
@Component
public final class SurveyMonkeyJobs implements Upkeep, AutoCloseable {

  private static final Duration TIDY = Duration.ofHours(1);
  private static final String GAP_REPAIR = "gap repair";
  private static final String SUBSCRIPTIONS = "subscriptions";

  private final Subscriptions subscriptions;
  private final SubscriptionSettings subscriptionSettings;
  private final SurveyMonkeyGaps gaps;
  private final GapRepairSettings gapSettings;
  private final GapLooks looks;
  private final StoredCallBudget budget;
  private final Clock clock;
  private final ProviderJobs jobs;

  SurveyMonkeyJobs(
      SharedJobs shared,
      Subscriptions subscriptions,
      SubscriptionSettings subscriptionSettings,
      SurveyMonkeyGaps gaps,
      GapRepairSettings gapSettings,
      GapLooks looks,
      StoredCallBudget budget,
      Clock clock) {
    this.subscriptions = subscriptions;
    this.subscriptionSettings = subscriptionSettings;
    this.gaps = gaps;
    this.gapSettings = gapSettings;
    this.looks = looks;
    this.budget = budget;
    this.clock = clock;
    this.jobs =
        new ProviderJobs(
            StoredCallBudget.PROVIDER,
            "SurveyMonkey",
            shared,
            List.of(
                new Work("tidy", () -> true, false, deadline -> tidy()),
                new Work(SUBSCRIPTIONS, subscriptions::isOn, true, deadline -> check()),
                new Work(GAP_REPAIR, gaps::isOn, true, this::repair)));
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    jobs.start();
  }

  /** What last went wrong, by the name of the work; empty while all is well. */
  Map<String, String> trouble() {
    return jobs.trouble();
  }

  private Instant tidy() {
    budget.tidy();
    return clock.instant().plus(TIDY);
  }

  private Instant check() {
    jobs.report(SUBSCRIPTIONS, subscriptions.check().toJson().toString());
    return clock.instant().plus(subscriptionSettings.interval());
  }

  private Instant repair(Instant deadline) {
    gaps.run(deadline);
    return clock.instant().plus(gapSettings.interval());
  }

  @Override
  public String provider() {
    return StoredCallBudget.PROVIDER;
  }

  @Override
  public @Nullable String offBecause() {
    return gaps.offBecause();
  }

  @Override
  public boolean repairNow() {
    return jobs.startNow(GAP_REPAIR);
  }

  @Override
  public SharedJobs.State repair() {
    return jobs.state(GAP_REPAIR);
  }

  @Override
  public List<Look> looks() {
    return looks.last(StoredCallBudget.PROVIDER);
  }

  @Override
  public @Nullable JsonNode subscriptions() {
    var report = subscriptions.isOn() ? jobs.state(SUBSCRIPTIONS).report() : null;
    try {
      return report == null ? null : SurveyJson.mapper().readTree(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Expected the report that the gateway itself wrote", e);
    }
  }

  @Override
  public void close() {
    jobs.close();
  }
}
