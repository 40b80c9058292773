package io.surveygateway.trial;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.trial.Trial.Answers;
import io.surveygateway.trial.Tried.Call;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.jspecify.annotations.Nullable;

/** What the routes of a trial did, as far as no exchange tells it. For one thread. */
final class Notes {

  /** Exchange property: the step that runs, as {@link NamedNode}. */
  static final String STEP = "gatewayTrialStep";

  /** Exchange property: what the mapping made, as {@link JsonNode}. */
  static final String MAPPED = "gatewayTrialMapped";

  /**
   * An item that was set aside.
   *
   * @param thrown what for
   * @param mapped what the mapping had made of it, or null
   */
  record Failed(Throwable thrown, @Nullable JsonNode mapped) {}

  private final Watch watch;
  private final Answers answers;
  private final byte @Nullable [] fetched;
  private final boolean hasToken;
  private final Map<Throwable, NamedNode> failedAt = new IdentityHashMap<>();
  private final List<Failed> setAside = new ArrayList<>();
  private final List<JsonNode> made = new ArrayList<>();
  private List<Call> calls = new ArrayList<>();
  private @Nullable NamedNode lastFailed;
  private boolean isMapping = true;
  private boolean isUnanswered;

  /**
   * @param hasToken whether the routes are to believe that they may ask the provider's API
   */
  Notes(Watch watch, Answers answers, byte @Nullable [] fetched, boolean hasToken) {
    this.watch = watch;
    this.answers = answers;
    this.fetched = fetched;
    this.hasToken = hasToken;
  }

  Watch watch() {
    return watch;
  }

  Answers answers() {
    return answers;
  }

  byte @Nullable [] fetched() {
    return fetched;
  }

  boolean hasToken() {
    return hasToken;
  }

  /** Whether a request is mapped, and not an event delivered. */
  boolean isMapping() {
    return isMapping;
  }

  void startDelivering() {
    isMapping = false;
  }

  /** An event as the mapping made it, before the gateway adds what it knows of the survey. */
  void made(JsonNode event) {
    made.add(event);
  }

  List<JsonNode> made() {
    return made;
  }

  void call(Exchange exchange, String to, JsonNode sends) {
    var step = exchange.getProperty(STEP, NamedNode.class);
    calls.add(
        new Call(
            step == null ? "" : step.getId(),
            step == null ? null : step.getDescriptionText(),
            to,
            sends));
  }

  /** The calls since this was asked last. */
  List<Call> takeCalls() {
    var taken = List.copyOf(calls);
    calls = new ArrayList<>();
    return taken;
  }

  /** A call was not made whose answer the route needs. */
  void unanswered() {
    isUnanswered = true;
  }

  boolean isUnanswered() {
    return isUnanswered;
  }

  /** The innermost step tells first, and is right. */
  void failed(Throwable thrown, NamedNode step) {
    if (failedAt.putIfAbsent(thrown, step) == null) {
      lastFailed = step;
    }
  }

  /** The step that failed last since this was asked last, or null. */
  @Nullable NamedNode takeLastFailed() {
    var step = lastFailed;
    lastFailed = null;
    return step;
  }

  @Nullable NamedNode stepOf(@Nullable Throwable thrown) {
    return thrown == null ? null : failedAt.get(thrown);
  }

  void setAside(Exchange exchange, Throwable thrown) {
    setAside.add(new Failed(thrown, exchange.getProperty(MAPPED, JsonNode.class)));
  }

  List<Failed> setAside() {
    return setAside;
  }
}
