package io.surveygateway.reload;

import io.surveygateway.lint.Findings;
import io.surveygateway.lint.FindingsLog;
import io.surveygateway.lint.LastFindings;
import io.surveygateway.lint.Mistake;
import io.surveygateway.lint.Mistake.Weight;
import io.surveygateway.lint.Place;
import io.surveygateway.lint.RoutesLint;
import io.surveygateway.operations.RouteFailureAnalyzer;
import io.surveygateway.operations.RouteFailureAnalyzer.Told;
import io.surveygateway.reload.Attempt.Outcome;
import io.surveygateway.reload.LiveRoutes.Loaded;
import io.surveygateway.webhook.Providers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the routes anew: looks for mistakes, builds them apart, and only then puts them in the
 * place of those that run.
 *
 * <p>With a grave mistake in what runs, or in what all share, nothing changes. A folder that does
 * not run, since it is new or was left out before, and has mistakes is left out, as at a start.
 *
 * <p>For any thread; one attempt at a time.
 */
public final class Reload {

  private static final Logger log = LoggerFactory.getLogger(Reload.class);

  /** For a person who saves while it is asked for. */
  private static final int READS = 20;

  private static final Duration BETWEEN_READS = Duration.ofMillis(200);
  private static final Duration LONGEST_TURN = Duration.ofSeconds(90);

  private final ReentrantLock turn = new ReentrantLock();
  private final RoutesLint lint;
  private final DryRun dryRun;
  private final LiveRoutes live;
  private final LastFindings found;
  private final Providers providers;
  private final RouteFailureAnalyzer failures;
  private final Clock clock;
  private final Path root;
  private volatile @Nullable Attempt last;
  private volatile RouteSet tried;

  /** The whole folder as it was when it was loaded last. */
  private RouteSet loaded;

  private boolean isClosed;

  /**
   * @param atStart the folder as it was when the routes were loaded that run
   */
  Reload(
      RoutesLint lint,
      DryRun dryRun,
      LiveRoutes live,
      LastFindings found,
      Providers providers,
      RouteFailureAnalyzer failures,
      Clock clock,
      RouteSet atStart) {
    this.lint = lint;
    this.dryRun = dryRun;
    this.live = live;
    this.found = found;
    this.providers = providers;
    this.failures = failures;
    this.clock = clock;
    this.tried = atStart;
    this.loaded = atStart;
    this.root = atStart.root();
  }

  /** The last attempt; nothing while there was none. */
  public Optional<Attempt> last() {
    return Optional.ofNullable(last);
  }

  /** The files that the routes that run are made of. */
  RouteSet running() {
    return live.running().files();
  }

  /** The folder as it was at the last attempt, good or not. */
  RouteSet tried() {
    return tried;
  }

  /**
   * Loads the folder as it is now, changed or not.
   *
   * @return nothing if another attempt takes too long, or the gateway stops
   */
  public Optional<Attempt> now() {
    return inTurn(this::loadAsItIs);
  }

  /**
   * Loads the folder as it was seen.
   *
   * @return nothing if it cannot be now: it is worth another look
   */
  Optional<Attempt> load(RouteSet seen) {
    return inTurn(() -> Optional.of(attempt(seen, false)));
  }

  /** Waits for what is going on, and refuses what comes after. */
  void close() {
    turn.lock();
    try {
      isClosed = true;
    } finally {
      turn.unlock();
    }
  }

  private Optional<Attempt> inTurn(Supplier<Optional<Attempt>> work) {
    try {
      if (!turn.tryLock(LONGEST_TURN.toSeconds(), TimeUnit.SECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    try {
      var attempt = isClosed ? Optional.<Attempt>empty() : work.get();
      attempt.ifPresent(Reload::say);
      return attempt;
    } finally {
      turn.unlock();
    }
  }

  private Optional<Attempt> loadAsItIs() {
    var trouble = new UncheckedIOException(new IOException("it changes all the time"));
    for (var i = 0; i < READS; i++) {
      try {
        var seen = RouteSet.read(root);
        Thread.sleep(BETWEEN_READS.toMillis());
        if (RouteSet.read(root).equals(seen)) {
          return Optional.of(attempt(seen, true));
        }
      } catch (UncheckedIOException e) {
        trouble = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    return unreadable(trouble);
  }

  private Optional<Attempt> unreadable(UncheckedIOException e) {
    var mistake =
        new Mistake(
            wholeFolder(),
            "The folder cannot be read: " + e.getCause(),
            "The routes that run do not need it; put it back.",
            Weight.GRAVE);
    var attempt =
        new Attempt(clock.instant(), 0, Outcome.REFUSED, List.of(), List.of(mistake), leftOutNow());
    last = attempt;
    return Optional.of(attempt);
  }

  private Attempt attempt(RouteSet seen, boolean always) {
    var at = clock.instant();
    var start = System.nanoTime();
    Result result;
    try {
      // What was read is what is checked and loaded: an editor may be at work on the disk.
      result = load(seen, lint.check(root, Path.of(""), seen.fixed()), always);
    } catch (RuntimeException e) {
      log.error("Looking at the routes failed", e);
      result = new Result(Outcome.REFUSED, List.of(mistake(e, seen)));
    }
    var attempt =
        new Attempt(
            at,
            Duration.ofNanos(System.nanoTime() - start).toMillis(),
            result.outcome,
            seen.changesSince(loaded),
            result.mistakes,
            leftOutNow());
    if (result.outcome == Outcome.LOADED || result.outcome == Outcome.UNCHANGED) {
      loaded = seen;
    }
    last = attempt;
    tried = seen;
    return attempt;
  }

  private record Result(Outcome outcome, List<Mistake> mistakes) {}

  private Result load(RouteSet seen, Findings findings, boolean always) {
    if (!findings.stopping().isEmpty()
        || findings.leftOut().keySet().stream().anyMatch(this::runs)) {
      return new Result(Outcome.REFUSED, findings.mistakes());
    }
    var next = new Loaded(seen.without(findings::leavesOut), findings);
    var isUnchanged = !always && live.areThese(next.files());
    if (isUnchanged) {
      live.leaveOut(next);
    } else {
      try {
        dryRun.build(next.files());
      } catch (Exception e) {
        return refused(Outcome.REFUSED, e, next);
      }
      try {
        live.replaceBy(next);
      } catch (NotReplacedException e) {
        var outcome = e.isPutBack() ? Outcome.PUT_BACK : Outcome.NONE_RUN;
        return refused(outcome, (Exception) e.getCause(), next);
      }
    }
    FindingsLog.tell(findings, found.get());
    found.set(findings);
    providers.sayHowTheyStand();
    return new Result(isUnchanged ? Outcome.UNCHANGED : Outcome.LOADED, findings.mistakes());
  }

  private boolean runs(String folder) {
    return live.running().files().holdsFolder(folder);
  }

  private Result refused(Outcome outcome, Exception why, Loaded next) {
    return new Result(
        outcome,
        Stream.concat(Stream.of(mistake(why, next.files())), next.findings().mistakes().stream())
            .toList());
  }

  /** What Camel says, in the form of the lint. */
  private Mistake mistake(Exception why, RouteSet files) {
    var told = failures.tell(why);
    return new Mistake(
        told.map(Told::routeId).flatMap(files::placeOf).orElseGet(this::wholeFolder),
        told.map(Told::says).orElseGet(() -> String.valueOf(why.getMessage())),
        told.flatMap(Told::remedy).orElse("Mend it and save: it is loaded again then."),
        Weight.GRAVE);
  }

  private Place wholeFolder() {
    return new Place(String.valueOf(root.getFileName()), 0, 0);
  }

  private List<String> leftOutNow() {
    return List.copyOf(live.running().findings().leftOut().keySet());
  }

  private static void say(Attempt attempt) {
    switch (attempt.outcome()) {
      case LOADED ->
          log.info(
              "The routes are loaded anew, after {} ms: {}",
              attempt.tookMillis(),
              attempt.changes());
      case UNCHANGED -> log.info("The routes run as they are now in the folder; none is loaded");
      case REFUSED ->
          log.error(
              "The routes that run stay as they are, for there are mistakes ({}):\n{}",
              attempt.changes(),
              attempt.listed());
      case PUT_BACK ->
          log.error(
              "The routes do not start, and those before run again ({}):\n{}",
              attempt.changes(),
              attempt.listed());
      case NONE_RUN ->
          log.error(
              "No routes run, and senders are asked to come again, until there are routes that"
                  + " start ({}):\n{}",
              attempt.changes(),
              attempt.listed());
    }
  }
}
