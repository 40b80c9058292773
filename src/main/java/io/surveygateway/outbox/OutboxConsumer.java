package io.surveygateway.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Backoff;
import io.surveygateway.failure.Failure;
import io.surveygateway.store.Claims;
import io.surveygateway.store.OutboxStore;
import io.surveygateway.store.OutboxStore.ClaimedDelivery;
import io.surveygateway.store.OutboxStore.Outcome;
import io.surveygateway.store.StoreUnavailableException;
import io.surveygateway.store.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims what is due for one destination, lets the route send it, and records what became of it.
 *
 * <p>A destination whose settings are missing claims nothing.
 */
final class OutboxConsumer extends DefaultConsumer implements Claims.Lane<ClaimedDelivery> {

  private static final Logger log = LoggerFactory.getLogger(OutboxConsumer.class);
  private static final Duration BETWEEN_RECORDS = Duration.ofSeconds(1);

  private final OutboxEndpoint endpoint;
  private final OutboxStore store;
  private final Backoff backoff;
  private @Nullable Claims<ClaimedDelivery> claims;

  OutboxConsumer(OutboxEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.store = endpoint.component().store();
    this.backoff = endpoint.backoff();
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
      destinations.on(endpoint.getDestination());
    } else {
      destinations.off(endpoint.getDestination(), missing);
    }
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var component = endpoint.component();
    if (!component.destinations().find(endpoint.getDestination()).orElseThrow().isOn()) {
      return;
    }
    claims =
        new Claims<>(
            this,
            OutboxStore.lane(endpoint.getDestination()),
            endpoint.getBatchSize() > 1 ? endpoint.getBatchSize() : 10,
            endpoint.getConcurrency(),
            component.storeProperties().lease(),
            component.settings().poll(),
            component.signals());
    claims.start();
  }

  @Override
  protected void doStop() throws Exception {
    if (claims != null) {
      claims.stop();
      claims = null;
    }
    super.doStop();
  }

  @Override
  public List<ClaimedDelivery> claim(int limit) {
    return store.claim(endpoint.getDestination(), limit);
  }

  @Override
  public long idOf(ClaimedDelivery delivery) {
    return delivery.id();
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
  public void work(List<ClaimedDelivery> claimed, Claims.Progress progress) {
    if (endpoint.getBatchSize() > 1) {
      send(claimed, progress);
    } else {
      claimed.forEach(delivery -> send(List.of(delivery), progress));
    }
  }

  private void send(List<ClaimedDelivery> deliveries, Claims.Progress progress) {
    for (var delivery : deliveries) {
      if (!progress.begin(delivery.id())) {
        return;
      }
    }
    record(attempt(deliveries));
    deliveries.forEach(delivery -> progress.end(delivery.id()));
  }

  private List<Outcome> attempt(List<ClaimedDelivery> deliveries) {
    // Before the send: were the store down after it, there would be no number to record it by.
    var attemptIds =
        deliveries.stream().map(delivery -> endpoint.component().ids().next()).toList();
    var startedAt = endpoint.component().clock().instant();
    var start = System.nanoTime();
    var batch = new Batch(deliveries, deliveries.stream().map(this::event).toList());
    var thrown = route(batch);
    var routeFailure = thrown == null ? null : endpoint.getErrors().classify(thrown);
    var took = Duration.ofNanos(System.nanoTime() - start);
    var outcomes = new ArrayList<Outcome>();
    for (var i = 0; i < batch.size(); i++) {
      if (isRefusedForAnother(batch, i, routeFailure)) {
        outcomes.addAll(attempt(List.of(batch.delivery(i))));
        continue;
      }
      var verdict = batch.verdict(i, routeFailure);
      outcomes.add(
          new Outcome(
              attemptIds.get(i),
              batch.delivery(i),
              endpoint.getDestination(),
              work(batch.delivery(i), verdict.failure()),
              verdict.externalReference(),
              startedAt,
              took));
    }
    return outcomes;
  }

  /** A batch that is refused as a whole may hold one bad record: each goes alone then. */
  private static boolean isRefusedForAnother(
      Batch batch, int index, @Nullable Failure routeFailure) {
    return batch.size() > 1
        && routeFailure != null
        && routeFailure.kind() == Failure.Kind.PERMANENT
        && !batch.isDecided(index);
  }

  private @Nullable Throwable route(Batch batch) {
    var exchange = createExchange(false);
    try {
      createUoW(exchange);
      exchange.setProperty(Deliveries.PROPERTY, batch);
      exchange.getMessage().setBody(body(batch));
      getProcessor().process(exchange);
    } catch (Throwable e) {
      exchange.setException(e);
    } finally {
      doneUoW(exchange);
    }
    try {
      return exchange.getException();
    } finally {
      releaseExchange(exchange, false);
    }
  }

  private JsonNode body(Batch batch) {
    if (endpoint.getBatchSize() == 1) {
      return batch.event(0);
    }
    var events = SurveyJson.mapper().createArrayNode();
    for (var i = 0; i < batch.size(); i++) {
      events.add(batch.event(i));
    }
    return events;
  }

  private JsonNode event(ClaimedDelivery delivery) {
    try {
      return SurveyJson.mapper().readTree(delivery.document());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "Event " + delivery.eventId() + " is no JSON in the store: was it changed by hand?", e);
    }
  }

  private Work work(ClaimedDelivery delivery, @Nullable Failure failure) {
    var now = endpoint.component().clock().instant();
    if (failure == null) {
      return new Work(Work.State.DELIVERED, now, null);
    }
    if (failure.kind() == Failure.Kind.PERMANENT || backoff.isLast(delivery.attempts())) {
      log.warn(
          "{}: delivery {} is parked after {} attempts: {}",
          endpoint.getDestination(),
          delivery.id(),
          delivery.attempts(),
          failure.reason());
      return new Work(Work.State.PARKED, now, failure);
    }
    var wait = backoff.after(delivery.attempts(), failure, endpoint.component().random());
    log.info(
        "{}: delivery {} is tried again in {} s: {}",
        endpoint.getDestination(),
        delivery.id(),
        wait.toSeconds(),
        failure.reason());
    return new Work(Work.State.RETRYING, now.plus(wait), failure);
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
        if (!isRecorded(results.get(i))) {
          failed.add(open.get(i));
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

  private static boolean isRecorded(CompletableFuture<Void> result) {
    try {
      result.join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreUnavailableException) {
        return false;
      }
      throw e;
    }
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
