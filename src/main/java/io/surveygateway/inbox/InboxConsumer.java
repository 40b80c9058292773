package io.surveygateway.inbox;

import io.surveygateway.failure.Failure;
import io.surveygateway.logs.LogFields;
import io.surveygateway.store.Claims;
import io.surveygateway.store.DataRefusedException;
import io.surveygateway.store.InboxStore;
import io.surveygateway.store.InboxStore.Claim;
import io.surveygateway.store.InboxStore.ClaimedRequest;
import io.surveygateway.store.StepResult;
import io.surveygateway.store.Work;
import io.surveygateway.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims stored requests, lets the route map each, and writes what that made in one transaction.
 *
 * <p>A request whose route ends with an exception is tried again later, or parked, by what the
 * exception means.
 */
final class InboxConsumer extends MapRouteConsumer implements Claims.Lane<Claim> {

  private static final Logger log = LoggerFactory.getLogger(InboxConsumer.class);

  /** Bodies that are read into memory at a time, in bytes. */
  private static final long CHUNK = 4 << 20;

  private final InboxEndpoint endpoint;
  private final InboxStore store;
  private final Tracing tracing;
  private volatile @Nullable Claims<Claim> claims;

  /** When it was last seen to be paused, as {@link System#nanoTime()} counts. */
  private volatile long pausedSince = System.nanoTime() - Duration.ofDays(1).toNanos();

  InboxConsumer(InboxEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.store = endpoint.component().store();
    this.tracing = endpoint.component().tracing();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    endpoint.component().lanes().start(this::startClaims);
  }

  private void startClaims() {
    var component = endpoint.component();
    var started =
        new Claims<>(
            this,
            InboxStore.lane(endpoint.getProvider()),
            endpoint.getBatchSize(),
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
    }
    super.doStop();
  }

  /** Nothing while it is paused: what arrives then need not be looked for each time. */
  @Override
  public List<Claim> claim(int limit) {
    if (System.nanoTime() - pausedSince < endpoint.component().settings().poll().toNanos()) {
      return List.of();
    }
    var claimed = store.claim(endpoint.getProvider(), limit);
    if (claimed.isEmpty() && store.isPaused(endpoint.getProvider())) {
      pausedSince = System.nanoTime();
    }
    return claimed;
  }

  @Override
  public long idOf(Claim claim) {
    return claim.id();
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
  public void work(List<Claim> claimed, Claims.Progress progress) {
    for (var chunk : InboxStore.chunks(claimed, CHUNK)) {
      var written = new ArrayList<CompletableFuture<?>>();
      try {
        var requests = store.read(chunk);
        written.add(parkThoseWithoutRequest(chunk, requests, progress));
        for (var request : requests) {
          if (!progress.begin(request.id())) {
            return;
          }
          written.add(finish(request).whenComplete((done, failed) -> progress.end(request.id())));
        }
      } finally {
        // The next claim waits for the commits: what is not committed would be claimed again.
        CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
            .exceptionally(failed -> null)
            .join();
      }
    }
  }

  /**
   * Rows that somebody deleted from one table only: claimed and given back, they would come for
   * ever.
   */
  private CompletableFuture<Void> parkThoseWithoutRequest(
      List<Claim> chunk, List<ClaimedRequest> requests, Claims.Progress progress) {
    var found = requests.stream().map(ClaimedRequest::id).collect(Collectors.toSet());
    var gone = Failure.permanent("Its row in table request is gone");
    var work = new Work(Work.State.PARKED, endpoint.component().clock().instant(), gone);
    var parked =
        chunk.stream()
            .map(Claim::id)
            .filter(id -> !found.contains(id) && progress.begin(id))
            .map(
                id ->
                    store.finish(
                        new StepResult(
                            id, endpoint.getProvider(), work, List.of(), List.of(), List.of())))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(parked);
  }

  private CompletableFuture<Void> finish(ClaimedRequest request) {
    try (var fields = fields(request)) {
      return mapAndWrite(request);
    }
  }

  private static LogFields fields(ClaimedRequest request) {
    return LogFields.open()
        .provider(request.provider())
        .request(request.id())
        .trace(request.traceparent());
  }

  private CompletableFuture<Void> mapAndWrite(ClaimedRequest request) {
    var step = newStep(request);
    if (request.attempts() > endpoint.component().settings().attempts()) {
      return store.finish(
          parked(request, step, Failure.permanent("The gateway did not live to map it")));
    }
    return store
        .finish(map(request, step))
        .exceptionallyCompose(
            thrown -> {
              // On the thread that writes for all.
              try (var fields = fields(request)) {
                return notWritten(request, step, thrown);
              }
            });
  }

  private CompletableFuture<Void> notWritten(
      ClaimedRequest request, MapStep step, Throwable thrown) {
    if (thrown instanceof DataRefusedException) {
      return store.finish(parked(request, step, Failure.permanent(thrown.getMessage())));
    }
    // The lease runs out, and the request is mapped again.
    log.warn("Request {} was mapped but not recorded: {}", request.id(), thrown.getMessage());
    return CompletableFuture.failedFuture(thrown);
  }

  private MapStep newStep(ClaimedRequest request) {
    var component = endpoint.component();
    return new MapStep(
        request.id(),
        request.provider(),
        request.isAgain(),
        endpoint.getErrors(),
        component.ids()::next,
        component.clock());
  }

  private StepResult map(ClaimedRequest request, MapStep step) {
    var traced =
        tracing
            .mapping(request.provider(), request.traceparent())
            .with("request_id", request.id())
            .with("attempt", request.attempts());
    var thrown = route(request, step);
    var result = thrown == null ? step.done() : failed(request, step, thrown);
    var failure = result.outcome().failure();
    traced
        .with("state", result.outcome().state().text())
        .with("events", result.events().size())
        .end(failure == null ? null : failure.reason());
    return result;
  }

  private StepResult failed(ClaimedRequest request, MapStep step, Throwable thrown) {
    var component = endpoint.component();
    var failure = step.classify(thrown);
    var backoff = component.settings().backoff();
    var now = component.clock().instant();
    if (!failure.isWorthRetrying() || backoff.isLast(request.attempts())) {
      return parked(request, step, failure);
    }
    var wait = backoff.after(request.attempts(), failure, component.random());
    log.info(
        "{}: request {} is tried again in {} s: {}",
        request.provider(),
        request.id(),
        wait.toSeconds(),
        failure.reason());
    return step.failed(new Work(Work.State.RETRYING, now.plus(wait), failure));
  }

  private StepResult parked(ClaimedRequest request, MapStep step, Failure failure) {
    log.warn(
        "{}: request {} is parked after {} attempts: {}",
        request.provider(),
        request.id(),
        request.attempts(),
        failure.reason());
    var now = endpoint.component().clock().instant();
    return step.failed(new Work(Work.State.PARKED, now, failure));
  }
}
