package io.surveygateway.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
import io.surveygateway.upkeep.GapLooks.Look;
import io.surveygateway.upkeep.Upkeep;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs of gaps: responses that a provider never told of, looked for when somebody asks. Safe for
 * use by many threads.
 */
public final class RepairOperations {

  private static final Logger log = LoggerFactory.getLogger(RepairOperations.class);

  /**
   * How a provider's repair stands, over all gateways of the store.
   *
   * @param isOn whether there is one
   * @param offBecause what has to be set for it to be on
   * @param isUnderWay whether a gateway is at it
   * @param nextAt when it is due
   * @param endedAt when it last ended
   * @param failure why it last failed
   * @param surveys what came of the last look at each
   * @param subscriptions the provider's webhooks as they were last checked: wanted, found, drift,
   *     foreign
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Repair(
      String provider,
      @JsonProperty("on") boolean isOn,
      @Nullable String offBecause,
      @JsonProperty("underWay") boolean isUnderWay,
      @Nullable Instant nextAt,
      @Nullable Instant endedAt,
      @Nullable String failure,
      List<Looked> surveys,
      @Nullable JsonNode subscriptions) {}

  /**
   * What came of the last look at a survey.
   *
   * @param comparedUntil all that was modified before was looked at
   * @param listed responses that were compared
   * @param missing of them, those that had not arrived
   * @param imported of these, those that were taken in
   * @param silentSince since when a survey that usually talks is silent
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Looked(
      String survey,
      Instant at,
      @Nullable Instant comparedUntil,
      int listed,
      int missing,
      int imported,
      @Nullable Instant silentSince) {

    static Looked of(Look look) {
      return new Looked(
          look.survey(),
          look.at(),
          look.until(),
          look.listed(),
          look.missing(),
          look.imported(),
          look.silentSince());
    }
  }

  /** What became of a wish to repair. */
  public enum Start {
    STARTED,
    UNDER_WAY,
    OFF
  }

  private final List<Upkeep> upkeeps;
  private final Audit audit;

  RepairOperations(List<Upkeep> upkeeps, Audit audit) {
    this.upkeeps = List.copyOf(upkeeps);
    this.audit = audit;
  }

  /** Names of the providers that can be repaired at all. */
  public List<String> providers() {
    return upkeeps.stream().map(Upkeep::provider).sorted().toList();
  }

  /** Empty where the gateway knows no way to list a provider's responses. */
  public Optional<Repair> find(String provider) {
    return upkeep(provider).map(RepairOperations::stands);
  }

  /** Empty where the gateway knows no way to list a provider's responses. */
  public Optional<Start> start(String provider, String by) {
    return upkeep(provider)
        .map(
            upkeep ->
                audit.record(
                    new Asked(by, "repair", "provider " + provider),
                    () -> start(upkeep, by),
                    RepairOperations::came));
  }

  private static Start start(Upkeep upkeep, String by) {
    if (upkeep.offBecause() != null) {
      return Start.OFF;
    }
    if (!upkeep.repairNow()) {
      return Start.UNDER_WAY;
    }
    log.info("{} has started a repair of the gaps of {}", by, upkeep.provider());
    return Start.STARTED;
  }

  private static Came came(Start start) {
    return switch (start) {
      case STARTED -> new Came(1, "A repair of its gaps is started");
      case UNDER_WAY -> new Came(0, "Expected none under way, and one is");
      case OFF -> new Came(0, "Expected a repair that is on, and it is off");
    };
  }

  private Optional<Upkeep> upkeep(String provider) {
    return upkeeps.stream().filter(upkeep -> upkeep.provider().equals(provider)).findFirst();
  }

  private static Repair stands(Upkeep upkeep) {
    var offBecause = upkeep.offBecause();
    var state = upkeep.repair();
    return new Repair(
        upkeep.provider(),
        offBecause == null,
        offBecause,
        state.isUnderWay(),
        state.nextAt(),
        state.endedAt(),
        state.failure(),
        upkeep.looks().stream().map(Looked::of).toList(),
        upkeep.subscriptions());
  }
}
