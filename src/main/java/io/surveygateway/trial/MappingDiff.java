package io.surveygateway.trial;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.surveygateway.store.EventReads;
import io.surveygateway.store.EventReads.Kept;
import io.surveygateway.store.Filter;
import io.surveygateway.store.InboxStore.ClaimedRequest;
import io.surveygateway.store.Position;
import io.surveygateway.store.RequestReads;
import io.surveygateway.store.RequestReads.Request;
import io.surveygateway.store.RequestReads.Sent;
import io.surveygateway.store.StepResult.NewEvent;
import io.surveygateway.store.Work;
import io.surveygateway.trial.Trial.Answers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Maps stored requests again as a trial, and counts what would differ from the events in the store.
 *
 * <p>Newest first, with the files of {@code routes/} as they are now. Reads in steps by key, and
 * holds no more than some bodies; the store's writers do not wait for it. Safe for use by many
 * threads.
 */
@Component
public final class MappingDiff {

  /** Requests that are looked at, at most, unless fewer are asked for. */
  public static final int MOST_REQUESTS = 10_000;

  /** Requests that are looked at where nobody says how many. */
  public static final int USUAL_REQUESTS = 1000;

  private static final int PAGE = 100;
  private static final int CHUNK = 4 << 20;
  private static final int MOST_EXAMPLES = 20;
  private static final int MOST_POINTERS = 20;

  /** What would become of one event. */
  public enum Result {
    /** It is in the store as the mapping would make it. */
    SAME,
    /** It would take another form. */
    CHANGED,
    /** It is not in the store. */
    NEW,
    /** The mapping does not make it any more: it stays in the store, its open deliveries do not. */
    GONE,
    /** It is in the store from another request, and stays as it is. */
    REPEAT;

    @JsonValue
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One event that would not stay as it is.
   *
   * @param event its own id at its provider
   * @param pointers to members that differ, as JSON pointers; values are left out
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Example(
      long request, String event, Result result, List<String> pointers, int morePointers) {}

  /**
   * A request that cannot be mapped now.
   *
   * @param reason as it would be kept
   */
  public record FailedRequest(long request, String reason) {}

  /**
   * What a run would change.
   *
   * @param requests that were mapped
   * @param events how many came to each result
   * @param failed requests that would be parked or tried again, and had not been before
   * @param setAside items that could not become an event now
   * @param setAsideBefore items of the same requests that could not before
   * @param unfetched requests whose answers a run would have to fetch; they are not compared
   * @param isMore whether there are more requests than were looked at
   * @param stoppedBy the limit that was met, or null if all were looked at
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Differences(
      long requests,
      Map<Result, Long> events,
      long failed,
      long setAside,
      long setAsideBefore,
      long unfetched,
      @JsonProperty("more") boolean isMore,
      @Nullable String stoppedBy,
      List<Example> examples,
      List<FailedRequest> failures) {}

  private final Trials trials;
  private final RequestReads requests;
  private final EventReads events;
  private final TrialSettings limits;

  MappingDiff(Trials trials, RequestReads requests, EventReads events, TrialSettings limits) {
    this.trials = trials;
    this.requests = requests;
    this.events = events;
    this.limits = limits;
  }

  /**
   * @param most requests that are looked at
   * @param mapping jq in place of the provider's file, or null; then the filter names the provider
   * @throws TrialException if it cannot be tried; says why, and where
   */
  public Differences diff(Filter filter, int most, @Nullable String mapping) {
    return trials
        .places()
        .run(
            limits.longestDiff(),
            watch -> {
              try (var run = new Run(watch, mapping)) {
                run.over(filter, most);
                return run.differences();
              }
            });
  }

  /** One comparison. For one thread. */
  private final class Run implements AutoCloseable {

    private final Watch watch;
    private final @Nullable String mapping;
    private final Map<String, TrialRoutes> routes = new HashMap<>();
    private final Map<String, String> unmapped = new HashMap<>();
    private final Map<Result, Long> results = new EnumMap<>(Result.class);
    private final List<Example> examples = new ArrayList<>();
    private final List<FailedRequest> failures = new ArrayList<>();
    private long mapped;
    private long failed;
    private long setAside;
    private long setAsideBefore;
    private long unfetched;
    private boolean isMore;
    private boolean isOfOne;
    private @Nullable String stoppedBy;

    Run(Watch watch, @Nullable String mapping) {
      this.watch = watch;
      this.mapping = mapping;
      for (var result : Result.values()) {
        results.put(result, 0L);
      }
    }

    void over(Filter filter, int most) {
      isOfOne = filter.provider() != null;
      Position at = null;
      var looked = 0;
      do {
        var page = requests.page(filter, at, Math.min(PAGE, most - looked));
        for (var chunk : chunks(page.items())) {
          if (!compareAll(chunk)) {
            isMore = true;
            stoppedBy = "time: " + limits.longestDiff().toSeconds() + " s";
            return;
          }
        }
        looked += page.items().size();
        at = page.next();
        if (at != null && looked >= most) {
          isMore = true;
          stoppedBy = "count: " + most + " requests";
          return;
        }
      } while (at != null);
    }

    /** Those whose bodies are held together. */
    private List<List<Request>> chunks(List<Request> page) {
      var chunks = new ArrayList<List<Request>>();
      var chunk = new ArrayList<Request>();
      long size = 0;
      for (var request : page) {
        if (!chunk.isEmpty() && size + request.size() > CHUNK) {
          chunks.add(chunk);
          chunk = new ArrayList<>();
          size = 0;
        }
        chunk.add(request);
        size += request.size();
      }
      if (!chunk.isEmpty()) {
        chunks.add(chunk);
      }
      return chunks;
    }

    /**
     * @return false if the time is over
     */
    private boolean compareAll(List<Request> chunk) {
      var before = chunk.stream().collect(Collectors.toMap(Request::id, Request::setAside));
      for (var sent : requests.bodies(chunk.stream().map(Request::id).toList())) {
        if (watch.left().isZero()) {
          return false;
        }
        compare(sent, before.get(sent.id()));
      }
      return true;
    }

    private void compare(Sent sent, int setAsideThen) {
      var most = limits.longest();
      var left = watch.left().compareTo(most) < 0 ? watch.left() : most;
      var its = new Watch(left);
      var notes = new Notes(its, Answers.NONE, null, trials.hasToken(sent.provider()));
      mapped++;
      var mappingRoutes = routes(sent.provider());
      if (mappingRoutes == null) {
        failed(sent, unmapped.get(sent.provider()));
        return;
      }
      var made = mappingRoutes.map(request(sent), notes);
      if (notes.isUnanswered()) {
        unfetched++;
        return;
      }
      var over = its.over();
      if (over != null || made.outcome().state() != Work.State.DONE) {
        var failure = made.outcome().failure();
        failed(sent, over != null ? over : failure == null ? "" : failure.reason());
        return;
      }
      setAside += made.setAside().size();
      setAsideBefore += setAsideThen;
      compare(sent, made.events());
    }

    private void failed(Sent sent, String reason) {
      failed++;
      if (failures.size() < MOST_EXAMPLES) {
        failures.add(new FailedRequest(sent.id(), reason));
      }
    }

    /**
     * @return null if nobody maps this provider's requests now, which is no matter of the others'
     * @throws TrialException if this provider alone is asked for
     */
    private @Nullable TrialRoutes routes(String provider) {
      if (!routes.containsKey(provider) && !unmapped.containsKey(provider)) {
        try {
          routes.put(provider, trials.open(provider, mapping));
        } catch (TrialException e) {
          if (isOfOne) {
            throw e;
          }
          unmapped.put(provider, e.getMessage());
        }
      }
      return routes.get(provider);
    }

    private static ClaimedRequest request(Sent sent) {
      return new ClaimedRequest(
          sent.id(),
          sent.provider(),
          sent.path(),
          sent.contentType(),
          sent.receivedAt(),
          1,
          true,
          sent.body(),
          sent.headers(),
          null);
    }

    private void compare(Sent sent, List<NewEvent> made) {
      // Of a key that one request holds twice the first counts, as always.
      var byKey = new LinkedHashMap<String, NewEvent>();
      made.forEach(event -> byKey.putIfAbsent(event.key(), event));
      var kept =
          events.kept(sent.provider(), sent.id(), byKey.keySet()).stream()
              .collect(Collectors.toMap(Kept::key, event -> event));
      byKey.forEach((key, event) -> count(sent, key, kept.get(key), event));
      for (var key : events.keysOfRequest(sent.id())) {
        if (!byKey.containsKey(key)) {
          count(sent, key, Result.GONE, List.of());
        }
      }
    }

    private void count(Sent sent, String key, @Nullable Kept kept, NewEvent event) {
      if (kept == null) {
        count(sent, key, Result.NEW, List.of());
      } else if (!kept.isReplaced()) {
        count(sent, key, Result.REPEAT, List.of());
      } else {
        var pointers =
            ChangedMembers.between(
                TrialRoutes.read(kept.document()), TrialRoutes.read(event.document()));
        count(sent, key, pointers.isEmpty() ? Result.SAME : Result.CHANGED, pointers);
      }
    }

    private void count(Sent sent, String key, Result result, List<String> pointers) {
      results.merge(result, 1L, Long::sum);
      var isPlain = result == Result.SAME || result == Result.REPEAT;
      if (!isPlain && examples.size() < MOST_EXAMPLES) {
        var shown = pointers.subList(0, Math.min(MOST_POINTERS, pointers.size()));
        examples.add(
            new Example(
                sent.id(), key, result, List.copyOf(shown), pointers.size() - shown.size()));
      }
    }

    Differences differences() {
      return new Differences(
          mapped,
          results,
          failed,
          setAside,
          setAsideBefore,
          unfetched,
          isMore,
          stoppedBy,
          examples,
          failures);
    }

    @Override
    public void close() {
      routes.values().forEach(TrialRoutes::close);
    }
  }
}
