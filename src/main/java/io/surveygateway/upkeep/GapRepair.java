package io.surveygateway.upkeep;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.store.Ids;
import io.surveygateway.store.InboxStore;
import io.surveygateway.store.InboxStore.NewRequest;
import io.surveygateway.upkeep.GapLooks.Look;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds responses that a provider never told of, and takes them in as if it had: survey by survey,
 * as its API lists them. Safe for use by many threads if {@link #look} is.
 */
public abstract class GapRepair {

  private static final Logger log = LoggerFactory.getLogger(GapRepair.class);

  private static final Duration WRITE = Duration.ofSeconds(30);

  protected final String provider;
  protected final GapLooks looks;
  protected final Clock clock;
  private final String shown;
  private final InboxStore inbox;
  private final Ids ids;

  /** When the round began that ended for want of calls; null where the last one came to its end. */
  private volatile @Nullable Instant roundBegan;

  /**
   * @param provider its name in paths
   * @param shown its name for people
   */
  protected GapRepair(
      String provider, String shown, GapLooks looks, InboxStore inbox, Ids ids, Clock clock) {
    this.provider = provider;
    this.shown = shown;
    this.looks = looks;
    this.inbox = inbox;
    this.ids = ids;
    this.clock = clock;
  }

  /** Ids of the surveys to look at. */
  protected abstract List<String> surveys();

  /**
   * Compares what the provider lists with what arrived, takes in what is missing, and {@link
   * #keep}s what came of it.
   *
   * @param deadline to end before; what is left is for the next time
   */
  protected abstract void look(String survey, Instant deadline);

  /**
   * Looks at every survey, the one first that was not looked at for longest; one that fails keeps
   * no other from it. A round that ended for want of calls goes on with the surveys that are left.
   *
   * @param deadline to end before; what is left is for the next time
   * @throws GoesOnLaterException if there were no more calls; what was seen until then is seen
   * @throws FailureException the last failure, if a survey could not be listed
   */
  public final void run(Instant deadline) {
    var began = roundBegan;
    var now = clock.instant();
    try {
      lookAt(inTurn(began), deadline);
      roundBegan = null;
    } catch (GoesOnLaterException e) {
      roundBegan = began == null ? now : began;
      throw e;
    }
  }

  private List<String> inTurn(@Nullable Instant began) {
    var last = new HashMap<String, Instant>();
    looks.last(provider).forEach(look -> last.put(look.survey(), look.at()));
    return surveys().stream()
        .filter(
            survey ->
                began == null
                    || last.getOrDefault(survey, Instant.MIN).isBefore(began)
                    || !looks.isWhole(provider, survey))
        .sorted(Comparator.comparing(survey -> last.getOrDefault(survey, Instant.MIN)))
        .toList();
  }

  private void lookAt(List<String> surveys, Instant deadline) {
    FailureException failed = null;
    for (var survey : surveys) {
      try {
        look(survey, deadline);
      } catch (FailureException e) {
        failed =
            new FailureException(
                new Failure(
                    e.failure().kind(), "survey " + survey + ": " + e.failure().reason(), null),
                e);
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  /** Keeps what came of a look, and says once what a person should know of it. */
  protected final void keep(Look look) {
    var before =
        looks.last(provider).stream()
            .filter(one -> one.survey().equals(look.survey()))
            .findFirst()
            .orElse(null);
    looks.keep(provider, look);
    if (look.imported() > 0 && (before == null || before.imported() != look.imported())) {
      log.warn(
          "{} never told of {} responses of survey {}, which are taken in now",
          shown,
          look.imported(),
          look.survey());
    }
    if (look.silentSince() != null && (before == null || before.silentSince() == null)) {
      log.warn(
          "{} has sent nothing of survey {} since {}, which is long for it: see whether its"
              + " webhook is still there and the survey open",
          shown,
          look.survey(),
          look.silentSince());
    }
  }

  /** Takes in a request of the gateway's own, shaped as the provider's. */
  protected final CompletableFuture<Void> takeIn(String path, byte[] json) {
    return inbox.add(
        new NewRequest(
            ids.next(),
            provider,
            path,
            "application/json",
            GapLooks.PROVED_BY,
            clock.instant(),
            json));
  }

  /** Returns when all of them are on disk. */
  protected static void await(Collection<CompletableFuture<Void>> writes) {
    CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new))
        .orTimeout(WRITE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
