package io.surveygateway.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Failure;
import io.surveygateway.logs.LogFields;
import io.surveygateway.store.Claims;
import io.surveygateway.store.DataRefusedException;
import io.surveygateway.store.LaneState;
import io.surveygateway.store.OutboxStore;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.OutboxStore.Outcome;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.store.Work;
import io.surveygateway.tracing.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims what is due for one destination, lets the route send it, and records what became of it.
 *
 * <p>A destination whose settings are missing claims nothing.
 */
final class OutboxConsumer extends DeliveryRouteConsumer
    implements Claims.Lane<OutboxConsumer.Due> {

  /**
   * A delivery that was claimed, to be sent as long as its turn lets it go.
   *
   * @param turn that its claim had
   */
  record Due(ClaimedDelivery delivery, Gate.Turn turn) {}

  private static final Logger log = LoggerFactory.getLogger(OutboxConsumer.class);
  private static final int SINGLES_IN_ONE_CLAIM = 10;
  private static final Duration BETWEEN_RECORDS = Duration.ofSeconds(1);

  private final OutboxEndpoint endpoint;
  private final OutboxStore store;
  private final Gate gate;
  private final Retries retries;
  private final DeliveryTimes times;
  private final Tracing tracing;
  private final Calls calls;

  /** So many more deliveries go alone: they were in a batch that was refused as a whole. */
  private final AtomicInteger alone = new AtomicInteger();

  /** When the store was last asked what there is to claim, as {@link System#nanoTime()} counts. */
  private volatile long askedAt = System.nanoTime() - Duration.ofDays(1).toNanos();

  private volatile @Nullable Claims<Due> claims;

  OutboxConsumer(OutboxEndpoint endpoint, Processor processor) {
    super(endpoint, processor, endpoint.getBatchSize());
    this.endpoint = endpoint;
    this.store = endpoint.component().store();
    var policy = endpoint.policy();
    var component = endpoint.component();
    this.gate = new Gate(endpoint.getDestination(), policy, this::changeLane, component.random());
    this.retries = new Retries(policy, component.random());
    this.times = component.times();
    this.tracing = component.tracing();
    this.calls = new Calls(component.clock(), policy.rate());
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    var camel = endpoint.getCamelContext();
    var missing =
        Requirement.parse(endpoint.getRequires())
            .missing(name -> camel.getPropertiesComponent().resolveProperty(name).orElse(null));
    var destinations = endpoint.component().destinations();
    if (missing == null) {
      destinations.on(
          endpoint.getDestination(), endpoint.getEndpointUri(), gate::condition, calls::usage);
    } else {
      destinations.off(endpoint.getDestination(), endpoint.getEndpointUri(), missing);
    }
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    endpoint.component().lanes().start(this::startClaims);
  }

  private void startClaims() {
    var component = endpoint.component();
    if (!component.destinations().find(endpoint.getDestination()).orElseThrow().isOn()) {
      return;
    }
    var started =
        new Claims<>(
            this,
            OutboxStore.lane(endpoint.getDestination()),
            isBatch() ? endpoint.getBatchSize() : SINGLES_IN_ONE_CLAIM,
            endpoint.getConcurrency(),
            component.storeProperties().lease(),
            component.settings().poll(),
            component.signals());
    claims = started;
    started.start();
  }

  @Override
  protected void doStop() throws Exception {
    var started = claims;
    if (started != null) {
      started.stop();
      claims = null;
    }
    super.doStop();
  }

  /** Only what may go now: what waits is not held, and its attempts are not counted. */
  @Override
  public List<Due> claim(int limit) {
    // Signals come with each arrival; what another gateway mended is found at the next poll.
    if (gate.isShut(endpoint.component().clock().instant())
        && System.nanoTime() - askedAt < endpoint.component().settings().poll().toNanos()) {
      return List.of();
    }
    askedAt = System.nanoTime();
    var exchange = goAlone() ? 1 : endpoint.getBatchSize();
    var taken = store.claim(endpoint.getDestination(), lane -> gate.turn(lane, exchange, limit));
    return taken.deliveries().stream().map(delivery -> new Due(delivery, taken.turn())).toList();
  }

  @Override
  public Duration rest(Duration poll) {
    var closed = Duration.between(endpoint.component().clock().instant(), gate.opensAt());
    var isSooner = closed.compareTo(Duration.ZERO) > 0 && closed.compareTo(poll) < 0;
    return isSooner ? closed.plusMillis(1) : poll;
  }

  @Override
  public long idOf(Due due) {
    return due.delivery().id();
  }

  @Override
  public void renew(Collection<Long> ids) {
    store.renew(ids);
  }

  @Override
  public void release(Collection<Long> ids) {
    store.release(ids);
  }

  @Override
  public void work(List<Due> claimed, Claims.Progress progress) {
    var turn = claimed.get(0).turn();
    var deliveries = claimed.stream().map(Due::delivery).toList();
    if (isBatch() && !goAlone()) {
      send(deliveries, turn, progress);
      return;
    }
    for (var delivery : deliveries) {
      if (!send(List.of(delivery), turn, progress) || turn.isForOneExchange()) {
        return;
      }
    }
  }

  private boolean isBatch() {
    return endpoint.getBatchSize() > 1;
  }

  private boolean goAlone() {
    return alone.get() > 0;
  }

  /**
   * @return false if nothing may go now: what has not begun is given back
   */
  private boolean send(List<ClaimedDelivery> deliveries, Gate.Turn turn, Claims.Progress progress) {
    if (!turn.mayGo() || !progress.begin(deliveries.stream().map(ClaimedDelivery::id).toList())) {
      return false;
    }
    try (var fields = fields(deliveries)) {
      var attempt = attempt(deliveries, turn);
      record(attempt.outcomes());
      time(attempt.outcomes());
      giveBackToGoAlone(attempt.refusedForAnother());
      if (attempt.failure() == null) {
        tell(() -> gate.arrived(turn));
      }
    }
    deliveries.forEach(delivery -> progress.end(delivery.id()));
    return true;
  }

  private LogFields fields(List<ClaimedDelivery> deliveries) {
    return deliveries.size() == 1
        ? fields(deliveries.get(0))
        : LogFields.open().destination(endpoint.getDestination());
  }

  private LogFields fields(ClaimedDelivery delivery) {
    return LogFields.open()
        .provider(delivery.origin().provider())
        .request(delivery.origin().requestId())
        .event(delivery.eventId())
        .response(delivery.subject())
        .destination(endpoint.getDestination())
        .delivery(delivery.id())
        .trace(delivery.origin().traceparent());
  }

  private void time(List<Outcome> outcomes) {
    for (var outcome : outcomes) {
      var receivedAt = outcome.delivery().origin().receivedAt();
      if (outcome.work().state() == Work.State.DELIVERED && receivedAt != null) {
        var onItsWay = Duration.between(receivedAt, outcome.work().dueAt());
        times.delivered(endpoint.getDestination(), onItsWay);
      }
    }
  }

  /**
   * @param failure of the destination as a whole, or null if something arrived
   * @param refusedForAnother went in a batch that was refused as a whole: no attempt of theirs
   */
  private record Attempt(
      @Nullable Failure failure, List<Outcome> outcomes, List<ClaimedDelivery> refusedForAnother) {}

  private Attempt attempt(List<ClaimedDelivery> deliveries, Gate.Turn turn) {
    // Before the send: were the store down after it, there would be no number to record it by.
    var attemptIds =
        deliveries.stream().map(delivery -> endpoint.component().ids().next()).toList();
    var startedAt = endpoint.component().clock().instant();
    var start = System.nanoTime();
    var batch = new Batch(deliveries, deliveries.stream().map(OutboxConsumer::event).toList());
    refuseUnreadable(batch);
    var traced = TracedDeliveries.begin(tracing, endpoint.getDestination(), deliveries);
    calls.made();
    var thrown = route(batch);
    var routeFailure = thrown == null ? null : endpoint.getErrors().classify(thrown);
    var took = Duration.ofNanos(System.nanoTime() - start);
    var failure = batch.ofAll(routeFailure);
    if (failure != null) {
      tell(() -> gate.failed(turn, failure));
    }
    var refusedForAnother = refusedForAnother(batch, routeFailure);
    if (deliveries.size() == 1) {
      alone.updateAndGet(left -> Math.max(0, left - 1));
    }
    var outcomes = new ArrayList<Outcome>();
    for (var i = 0; i < batch.size(); i++) {
      if (refusedForAnother.contains(batch.delivery(i))) {
        continue;
      }
      var verdict = batch.verdict(i, routeFailure);
      if (verdict.failure() == null) {
        calls.arrived(verdict.externalReference());
      } else {
        calls.failed();
      }
      var isCounted = Retries.isCounted(verdict.failure(), turn.isProbe());
      outcomes.add(
          new Outcome(
              attemptIds.get(i),
              batch.delivery(i),
              endpoint.getDestination(),
              work(batch.delivery(i), isCounted, verdict.failure()),
              verdict.externalReference(),
              startedAt,
              took,
              isCounted));
    }
    traced.end(outcomes);
    return new Attempt(failure, outcomes, refusedForAnother);
  }

  /** What cannot be told is not known to others; it must not keep an outcome from its record. */
  private void tell(Runnable word) {
    try {
      word.run();
    } catch (StoreUnavailableException | DataRefusedException e) {
      log.warn(
          "{}: other gateways could not be told how it fares: {}",
          endpoint.getDestination(),
          e.getMessage());
    }
  }

  /** Does not give up while the store is down: nothing else could go meanwhile. */
  private LaneState changeLane(UnaryOperator<LaneState> change) {
    while (true) {
      try {
        return store.change(endpoint.getDestination(), change);
      } catch (StoreUnavailableException e) {
        if (!isRunAllowed() || !pause()) {
          throw e;
        }
      }
    }
  }

  /**
   * A batch that is refused as a whole may hold one bad record: it was no attempt of the others.
   */
  private static List<ClaimedDelivery> refusedForAnother(
      Batch batch, @Nullable Failure routeFailure) {
    return batch.size() > 1 && routeFailure != null && routeFailure.kind() == Failure.Kind.PERMANENT
        ? batch.undecided()
        : List.of();
  }

  private void giveBackToGoAlone(List<ClaimedDelivery> deliveries) {
    alone.addAndGet(deliveries.size());
    store.release(deliveries.stream().map(ClaimedDelivery::id).toList());
  }

  /** The event; or null, in the sense of JSON, where the store holds something else. */
  private static JsonNode event(ClaimedDelivery delivery) {
    try {
      return SurveyJson.mapper().readTree(delivery.document());
    } catch (JsonProcessingException e) {
      return NullNode.getInstance();
    }
  }

  private static void refuseUnreadable(Batch batch) {
    for (var i = 0; i < batch.size(); i++) {
      if (batch.event(i).isNull()) {
        batch.failed(
            i,
            Failure.permanent(
                "Event "
                    + batch.delivery(i).eventId()
                    + " is no JSON in the store: was it changed by hand?"));
      }
    }
  }

  private Work work(ClaimedDelivery delivery, boolean isCounted, @Nullable Failure failure) {
    var now = endpoint.component().clock().instant();
    if (failure == null) {
      return new Work(Work.State.DELIVERED, now, null);
    }
    try (var fields = fields(delivery)) {
      return workAfter(failure, delivery, isCounted, now);
    }
  }

  private Work workAfter(
      Failure failure, ClaimedDelivery delivery, boolean isCounted, Instant now) {
    // Its claim has counted this one.
    var tries = isCounted ? delivery.attempts() : delivery.attempts() - 1;
    var age = Duration.between(delivery.agesFrom(), now);
    var work = retries.after(failure, tries, age, now, gate.opensAt());
    if (work.state() == Work.State.PARKED) {
      log.warn(
          "{}: delivery {} is parked, {}: {}",
          endpoint.getDestination(),
          delivery.id(),
          retries.parksBecause(failure, tries, age),
          failure.reason());
    } else {
      log.info(
          "{}: delivery {} is tried again in {} s: {}",
          endpoint.getDestination(),
          delivery.id(),
          Duration.between(now, work.dueAt()).toSeconds(),
          failure.reason());
    }
    return work;
  }

  /**
   * Does not give up while the store is down: what has been sent and is not recorded would be sent
   * again.
   */
  private void record(List<Outcome> outcomes) {
    var open = new ArrayList<>(outcomes);
    while (!open.isEmpty()) {
      var results = open.stream().map(store::record).toList();
      var failed = new ArrayList<Outcome>();
      for (var i = 0; i < open.size(); i++) {
        var thrown = failureOf(results.get(i));
        if (thrown instanceof StoreUnavailableException) {
          failed.add(open.get(i));
        } else if (thrown != null) {
          recordWithoutWords(open.get(i));
        }
      }
      open = failed;
      if (!open.isEmpty() && (!isRunAllowed() || !pause())) {
        log.error(
            "{}: {} deliveries were sent but not recorded, and will be sent again",
            endpoint.getDestination(),
            open.size());
        return;
      }
    }
  }

  /**
   * What the database refuses is recorded without the words that it may have stumbled over: an
   * outcome that cannot be recorded would be sent again for ever.
   */
  private void recordWithoutWords(Outcome outcome) {
    try (var fields = fields(outcome.delivery())) {
      recordInPart(outcome);
    }
  }

  private void recordInPart(Outcome outcome) {
    log.warn(
        "{}: the store refused to record delivery {} in full",
        endpoint.getDestination(),
        outcome.delivery().id());
    var work = outcome.work();
    var failure = work.failure();
    var plain =
        failure == null
            ? null
            : new Failure(failure.kind(), "The store refused its reason", failure.retryAfter());
    store
        .record(outcome.with(new Work(work.state(), work.dueAt(), plain)))
        .exceptionally(
            again -> {
              // On the thread that writes for all.
              try (var fields = fields(outcome.delivery())) {
                log.error(
                    "{}: delivery {} could not be recorded, and is sent again: {}",
                    endpoint.getDestination(),
                    outcome.delivery().id(),
                    again.getMessage());
                return null;
              }
            })
        .join();
  }

  private static @Nullable Throwable failureOf(CompletableFuture<Void> recording) {
    return recording.handle((done, thrown) -> thrown).join();
  }

  private static boolean pause() {
    try {
      Thread.sleep(BETWEEN_RECORDS.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
