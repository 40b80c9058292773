package io.surveygateway.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
import io.surveygateway.outbox.CallBudgets;
import io.surveygateway.outbox.CallBudgets.Budget;
import io.surveygateway.outbox.Condition;
import io.surveygateway.outbox.Destinations;
import io.surveygateway.outbox.Usage;
import io.surveygateway.store.InboxStore;
import io.surveygateway.store.OutboxStore;
import io.surveygateway.store.Pauses;
import io.surveygateway.store.Pauses.Pause;
import io.surveygateway.webhook.Providers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Providers and destinations as they stand, and their pauses. Safe for use by many threads. */
public final class LaneOperations {

  /**
   * A provider or a destination.
   *
   * @param isOn whether anything is taken from it, or sent to it
   * @param offBecause what an operator has to do for it to be on
   * @param openBecause why a provider is let in without any proof
   * @param condition how a destination fares at this gateway; null for a provider, and for one that
   *     is off
   * @param pause null while it is not paused
   * @param traffic of a destination that is on, with this gateway; else null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Lane(
      String name,
      @JsonProperty("on") boolean isOn,
      @Nullable String offBecause,
      @Nullable String openBecause,
      @Nullable Fares condition,
      @Nullable Paused pause,
      @Nullable Traffic traffic) {

    /** Of one whose traffic is not told. */
    public Lane(
        String name,
        boolean isOn,
        @Nullable String offBecause,
        @Nullable String openBecause,
        @Nullable Fares condition,
        @Nullable Paused pause) {
      this(name, isOn, offBecause, openBecause, condition, pause, null);
    }
  }

  /**
   * What went to a destination since its routes were loaded.
   *
   * @param callsInLastMinute by this gateway; a batch is one
   * @param allowedInAMinute by all gateways together; null for as many as there are
   * @param arrivedAt when something last arrived, and {@code reference} what the destination calls
   *     it
   * @param failedAt when a try last failed
   * @param budget calls that its account has, where it told
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Traffic(
      int callsInLastMinute,
      @Nullable Double allowedInAMinute,
      @Nullable Instant arrivedAt,
      @Nullable String reference,
      @Nullable Instant failedAt,
      @Nullable Budget budget) {

    static Traffic of(Usage usage, @Nullable Budget budget) {
      return new Traffic(
          usage.callsInLastMinute(),
          usage.perSecond() == null ? null : usage.perSecond() * 60,
          usage.arrivedAt(),
          usage.reference(),
          usage.failedAt(),
          budget);
    }
  }

  /**
   * @param until when one delivery tries next
   * @param lastFailure of an attempt since the gateway's start
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Fares(
      String state, String words, @Nullable Instant until, @Nullable String lastFailure) {

    static Fares of(Condition condition) {
      return new Fares(
          condition.state().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
          condition.words(),
          condition.until(),
          condition.lastFailure());
    }
  }

  /** Since when, by whom and why. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Paused(Instant since, String by, @Nullable String because) {

    static @Nullable Paused of(@Nullable Pause pause) {
      return pause == null ? null : new Paused(pause.since(), pause.by(), pause.because());
    }
  }

  private final Destinations destinations;
  private final Providers providers;
  private final Pauses pauses;
  private final Audit audit;
  private final CallBudgets budgets;

  LaneOperations(
      Destinations destinations,
      Providers providers,
      Pauses pauses,
      Audit audit,
      CallBudgets budgets) {
    this.destinations = destinations;
    this.providers = providers;
    this.pauses = pauses;
    this.audit = audit;
    this.budgets = budgets;
  }

  public List<Lane> destinations() {
    var paused = paused();
    return destinations.all().stream()
        .map(
            destination ->
                new Lane(
                    destination.name(),
                    destination.isOn(),
                    destination.offBecause(),
                    null,
                    destination.isOn() ? Fares.of(destination.condition()) : null,
                    Paused.of(paused.get(OutboxStore.lane(destination.name()))),
                    destination.isOn()
                        ? Traffic.of(
                            destination.usage(), budgets.of(destination.name()).orElse(null))
                        : null))
        .toList();
  }

  public List<Lane> providers() {
    var paused = paused();
    return providers.all().stream()
        .map(
            provider ->
                new Lane(
                    provider.name(),
                    provider.isOn(),
                    provider.whyOff(),
                    provider.openBecause(),
                    null,
                    Paused.of(paused.get(InboxStore.lane(provider.name())))))
        .toList();
  }

  private Map<String, Pause> paused() {
    return pauses.all().stream().collect(Collectors.toMap(Pause::lane, Function.identity()));
  }

  /** Empty where no route delivers to a destination of that name. */
  public Optional<Lane> pauseDestination(String name, String by, @Nullable String because) {
    return destination(name)
        .map(
            lane -> {
              pause("destination " + name, OutboxStore.lane(name), by, because);
              return destination(name).orElse(lane);
            });
  }

  /** Empty where no route delivers to a destination of that name. */
  public Optional<Lane> resumeDestination(String name, String by) {
    return destination(name)
        .map(
            lane -> {
              resume("destination " + name, OutboxStore.lane(name), by);
              return destination(name).orElse(lane);
            });
  }

  /**
   * One delivery that is due tries a destination in trouble now; one that is in none stays as it
   * is. Empty where no route delivers to a destination of that name.
   */
  public Optional<Lane> probeDestination(String name, String by) {
    return destination(name)
        .map(
            lane -> {
              audit.record(
                  new Asked(by, "probe", "destination " + name),
                  () -> pauses.tryNow(OutboxStore.lane(name), by),
                  tried ->
                      tried
                          ? new Came(1, "One delivery that is due tries it now")
                          : new Came(0, "Expected one in trouble, and this one is in none"));
              return destination(name).orElse(lane);
            });
  }

  /** Empty where no route takes requests of a provider of that name. */
  public Optional<Lane> pauseProvider(String name, String by, @Nullable String because) {
    return provider(name)
        .map(
            lane -> {
              pause("provider " + name, InboxStore.lane(name), by, because);
              return provider(name).orElse(lane);
            });
  }

  /** Empty where no route takes requests of a provider of that name. */
  public Optional<Lane> resumeProvider(String name, String by) {
    return provider(name)
        .map(
            lane -> {
              resume("provider " + name, InboxStore.lane(name), by);
              return provider(name).orElse(lane);
            });
  }

  private void pause(String target, String lane, String by, @Nullable String because) {
    audit.record(
        new Asked(by, "pause", target, because),
        () -> {
          pauses.pause(lane, by, because);
          return true;
        },
        paused -> new Came(1, "It is paused"));
  }

  private void resume(String target, String lane, String by) {
    audit.record(
        new Asked(by, "resume", target),
        () -> pauses.resume(lane, by),
        resumed ->
            resumed
                ? new Came(1, "It goes on")
                : new Came(0, "Expected one that is paused, and this one was not"));
  }

  private Optional<Lane> destination(String name) {
    return destinations().stream().filter(lane -> lane.name().equals(name)).findFirst();
  }

  private Optional<Lane> provider(String name) {
    return providers().stream().filter(lane -> lane.name().equals(name)).findFirst();
  }
}
