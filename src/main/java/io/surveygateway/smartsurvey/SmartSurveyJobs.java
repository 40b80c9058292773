package io.surveygateway.smartsurvey;

import io.surveygateway.upkeep.GapLooks;
import io.surveygateway.upkeep.GapLooks.Look;
import io.surveygateway.upkeep.ProviderJobs;
import io.surveygateway.upkeep.ProviderJobs.Work;
import io.surveygateway.upkeep.SharedJobs;
import io.surveygateway.upkeep.Upkeep;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What is to be done at SmartSurvey beside its events. Safe for use by many threads. */
@Component
public final class SmartSurveyJobs implements Upkeep, AutoCloseable {

  private static final String GAP_REPAIR = "gap repair";

  private final SmartSurveyGaps gaps;
  private final SmartSurveyGapSettings settings;
  private final GapLooks looks;
  private final Clock clock;
  private final ProviderJobs jobs;

  SmartSurveyJobs(
      SharedJobs shared,
      SmartSurveyGaps gaps,
      SmartSurveyGapSettings settings,
      GapLooks looks,
      Clock clock) {
    this.gaps = gaps;
    this.settings = settings;
    this.looks = looks;
    this.clock = clock;
    this.jobs =
        new ProviderJobs(
            SmartSurveyGaps.PROVIDER,
            "SmartSurvey",
            shared,
            List.of(new Work(GAP_REPAIR, gaps::isOn, true, this::repairGaps)));
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    jobs.start();
  }

  /** What last went wrong, by the name of the work; empty while all is well. */
  Map<String, String> trouble() {
    return jobs.trouble();
  }

  private Instant repairGaps(Instant deadline) {
    gaps.run(deadline);
    return clock.instant().plus(settings.interval());
  }

  @Override
  public String provider() {
    return SmartSurveyGaps.PROVIDER;
  }

  @Override
  public @Nullable String offBecause() {
    return gaps.isOn()
        ? null
        : "Expected a key of SmartSurvey's API: set SMARTSURVEY_API_TOKEN and"
            + " SMARTSURVEY_API_TOKEN_SECRET";
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
    return looks.last(SmartSurveyGaps.PROVIDER);
  }

  @Override
  public void close() {
    jobs.close();
  }
}
