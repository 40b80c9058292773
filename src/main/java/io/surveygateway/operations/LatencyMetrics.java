package io.surveygateway.operations;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.surveygateway.outbox.DeliveryTimes;
import io.surveygateway.webhook.AnswerTimes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Histograms of how long senders wait for their answers, and responses for their arrival.
 *
 * <p>Of this gateway since its start: over several gateways they add up. Tags are providers that
 * are on, three outcomes, and destinations that there are routes for; buckets are the same for all
 * of them. Recording finds a timer and adds to it. Safe for use by many threads.
 */
final class LatencyMetrics implements AnswerTimes, DeliveryTimes {

  private static final Duration[] ANSWERS = {
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private static final Duration[] ARRIVALS = {
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(6),
    Duration.ofDays(1),
    Duration.ofDays(7)
  };

  /** Of one provider, by what its senders were answered. */
  private record Answers(Timer accepted, Timer refused, Timer unavailable) {

    Timer of(int status) {
      if (status >= 500) {
        return unavailable;
      }
      return status >= 400 ? refused : accepted;
    }
  }

  private final MeterRegistry registry;
  private final Map<String, Answers> answers = new ConcurrentHashMap<>();
  private final Map<String, Timer> arrivals = new ConcurrentHashMap<>();

  private final Latencies recent;

  /**
   * @param recent hears the same, for people to look at
   */
  LatencyMetrics(MeterRegistry registry, Latencies recent) {
    this.registry = registry;
    this.recent = recent;
  }

  @Override
  public void answered(String provider, int status, long nanos) {
    answers
        .computeIfAbsent(provider, this::newAnswers)
        .of(status)
        .record(nanos, TimeUnit.NANOSECONDS);
    if (status < 400) {
      recent.answered(nanos);
    }
  }

  @Override
  public void delivered(String destination, Duration sinceReceived) {
    arrivals.computeIfAbsent(destination, this::newArrivals).record(sinceReceived);
    recent.delivered(destination, sinceReceived);
  }

  private Answers newAnswers(String provider) {
    return new Answers(
        newAnswers(provider, "accepted"),
        newAnswers(provider, "refused"),
        newAnswers(provider, "unavailable"));
  }

  private Timer newAnswers(String provider, String outcome) {
    return Timer.builder("survey.gateway.acknowledgement")
        .description("From a request's head to its answer")
        .tags("provider", provider, "outcome", outcome)
        .serviceLevelObjectives(ANSWERS)
        .register(registry);
  }

  private Timer newArrivals(String destination) {
    return Timer.builder("survey.gateway.end.to.end")
        .description("From a request's arrival to its event's at the destination")
        .tags("destination", destination)
        .serviceLevelObjectives(ARRIVALS)
        .register(registry);
  }
}
