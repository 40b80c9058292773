package io.surveygateway.outbox;

import io.surveygateway.failure.Backoff;
import io.surveygateway.failure.Failure;
import io.surveygateway.store.LaneState;
import io.surveygateway.store.LaneState.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a destination may be sent to: its rate, its breaker, and what it said for all.
 *
 * <p>What it keeps waiting has not been tried, and burns no attempt. After trouble one delivery
 * goes alone; the others follow when it has arrived. All gateways on a store go by one row, which
 * is handed in at each claim, so they keep one rate and send one such delivery. Each counts failed
 * calls by itself: two gateways open a breaker after the calls of one each at most.
 *
 * <p>Knows neither Camel nor SQL, and has no clock but the row's. Safe for use by many threads.
 */
final class Gate {

  /** The row, as whoever has the word changes it. */
  interface Row {

    /**
     * Changes it where it is kept; over all gateways one change or claim goes after the other.
     *
     * @return what it is then
     */
    LaneState change(UnaryOperator<LaneState> change);
  }

  /** What one claim may take, and who of it may still go. */
  final class Turn implements LaneState.Turn {

    private final int most;
    private final @Nullable Trouble tried;
    private final @Nullable Instant nextAt;
    private final int asOf;

    private Turn(int most, @Nullable Trouble tried, @Nullable Instant nextAt, int asOf) {
      this.most = most;
      this.tried = tried;
      this.nextAt = nextAt;
      this.asOf = asOf;
    }

    @Override
    public int most() {
      return most;
    }

    /** Whether it tries the destination: that it fails says nothing about what it carries. */
    @Override
    public boolean isProbe() {
      return tried != null;
    }

    @Override
    public @Nullable Instant nextAt() {
      return nextAt;
    }

    /** Whether one exchange is all that may go. */
    boolean isForOneExchange() {
      return isProbe() || nextAt != null;
    }

    /** False if trouble was heard of since: what has not set out is to wait. */
    boolean mayGo() {
      return isProbe() || asOf == troubles;
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  private final String destination;
  private final Rate rate;
  private final Breaker breaker;
  private final Row row;
  private final Backoff slowDowns;
  private final Duration authRetry;
  private final Duration longestBreak;
  private final RandomGenerator random;

  /** How often this gateway has heard that trouble began. */
  private volatile int troubles;

  /** Since the start none have been tried: they may have been mended by it. */
  private volatile boolean mayHaveNewCredentials = true;

  private volatile LaneState latest = LaneState.free(Instant.EPOCH);
  private volatile @Nullable Failure lastFailure;

  Gate(String destination, DeliveryPolicy policy, Row row, RandomGenerator random) {
    this.destination = destination;
    this.rate = new Rate(policy.rate());
    this.breaker = new Breaker(destination, policy.breaker());
    this.row = row;
    this.slowDowns = policy.backoff();
    this.authRetry = policy.authRetry();
    this.longestBreak = policy.breaker().longestWait();
    this.random = random;
  }

  /**
   * What may be claimed, so that nothing is held that cannot go. Does not use the row.
   *
   * @param exchange deliveries of one exchange
   * @param most deliveries where nothing limits them
   */
  synchronized Turn turn(LaneState lane, int exchange, int most) {
    hear(lane);
    var next = rate.after(lane.now());
    if (lane.pause() != null || !rate.letsGo(lane.nextAt(), lane.now())) {
      return new Turn(0, null, null, troubles);
    }
    var trouble = lane.trouble();
    if (trouble == null) {
      return new Turn(next == null ? most : exchange, null, next, troubles);
    }
    if (lane.isProbed() || triesAt(trouble).isAfter(lane.now())) {
      return new Turn(0, null, null, troubles);
    }
    return new Turn(1, trouble, next, troubles);
  }

  private synchronized void hear(LaneState lane) {
    if (latest.trouble() == null && lane.trouble() != null) {
      troubles++;
    }
    if (latest.trouble() != null && lane.trouble() == null) {
      // What failed before it was mended says nothing about the time after.
      breaker.beginAnew();
    }
    if (!isOf(lane.trouble(), Failure.Kind.AUTH)) {
      mayHaveNewCredentials = false;
    }
    latest = lane;
  }

  /** After a start refused credentials are tried at once: they may be others by now. */
  private Instant triesAt(Trouble trouble) {
    return mayHaveNewCredentials && trouble.kind() == Failure.Kind.AUTH
        ? Instant.EPOCH
        : trouble.triesAt();
  }

  /**
   * As far as this gateway has heard: when something may go at the earliest; long ago if that is at
   * once.
   */
  Instant opensAt() {
    var lane = latest;
    var byRate = rate.letsGo(lane.nextAt(), lane.now()) ? Instant.EPOCH : lane.nextAt();
    var byTrouble = lane.trouble() == null ? Instant.EPOCH : triesAt(lane.trouble());
    return byRate.isAfter(byTrouble) ? byRate : byTrouble;
  }

  /** As far as this gateway has heard: whether there is nothing to claim now. */
  boolean isShut(Instant now) {
    return opensAt().isAfter(now) || (latest.trouble() != null && latest.isProbed());
  }

  /** What was sent arrived, and that is recorded. */
  void arrived(Turn turn) {
    if (turn.isProbe()) {
      var ended = new AtomicReference<Trouble>();
      hear(
          row.change(
              lane -> {
                // Another trouble than the one that it set out in: it proves nothing about that.
                var isAsTried = turn.tried.equals(lane.trouble());
                ended.set(isAsTried ? lane.trouble() : null);
                return isAsTried ? lane.in(null, true) : lane;
              }));
      if (ended.get() != null) {
        log.info("{} takes deliveries again", destination);
      }
    } else if (turn.mayGo()) {
      breaker.worked();
    }
  }

  /**
   * What was sent failed; to be said before that is recorded, so that nobody else tries as well.
   */
  void failed(Turn turn, Failure failure) {
    lastFailure = failure;
    switch (failure.kind()) {
      case TRANSIENT -> {
        // What set out before the trouble proves nothing about the time after it.
        if (turn.isProbe() || (turn.mayGo() && breaker.failed())) {
          tellAll(turn, failure);
        }
      }
      case RATE_LIMITED, AUTH -> tellAll(turn, failure);
      case PERMANENT -> {
        // The destination answered: it says nothing about the others.
      }
    }
  }

  private void tellAll(Turn turn, Failure failure) {
    mayHaveNewCredentials = false;
    var before = new AtomicReference<LaneState>();
    var after =
        row.change(
            lane -> {
              before.set(lane);
              return withTrouble(lane, turn, failure);
            });
    hear(after);
    if (isNews(before.get().trouble(), after.trouble())) {
      say(after.trouble(), failure);
    }
  }

  private LaneState withTrouble(LaneState lane, Turn turn, Failure failure) {
    var old = lane.trouble();
    var isProbe = turn.isProbe() && turn.tried.equals(old);
    if (failure.kind() == Failure.Kind.TRANSIENT && (turn.isProbe() ? !isProbe : old != null)) {
      return lane;
    }
    // Credentials stay refused until something has arrived, whatever else is said meanwhile.
    var kind = isOf(old, Failure.Kind.AUTH) ? Failure.Kind.AUTH : failure.kind();
    // What is said while all wait, by those that set out before, is no new time.
    var isNewTime = isProbe || old == null || !lane.now().isBefore(old.triesAt());
    var times = isOf(old, kind) ? old.times() + (isNewTime ? 1 : 0) : 1;
    var triesAt = lane.now().plus(wait(failure, times));
    var isSooner = old != null && old.triesAt().isAfter(triesAt);
    return lane.in(
        new Trouble(kind, failure.reason(), times, isSooner ? old.triesAt() : triesAt),
        isProbe || old == null);
  }

  private static boolean isOf(@Nullable Trouble trouble, Failure.Kind kind) {
    return trouble != null && trouble.kind() == kind;
  }

  private Duration wait(Failure failure, int times) {
    return switch (failure.kind()) {
      case AUTH -> authRetry;
      case RATE_LIMITED -> slowDowns.after(times, failure, random);
      default -> breaker.waitAfter(times);
    };
  }

  private static boolean isNews(@Nullable Trouble before, @Nullable Trouble after) {
    return after != null
        && (before == null || (isOf(after, Failure.Kind.AUTH) && !isOf(before, Failure.Kind.AUTH)));
  }

  private void say(Trouble trouble, Failure failure) {
    switch (trouble.kind()) {
      case AUTH ->
          log.error(
              "{} is paused, its credentials were refused: {}. Mend them there, or in the settings"
                  + " and restart; its deliveries wait, and one tries every {} s",
              destination,
              failure.reason(),
              authRetry.toSeconds());
      case RATE_LIMITED ->
          log.warn(
              "{} asked us to slow down: its deliveries wait until {}: {}",
              destination,
              trouble.triesAt(),
              failure.reason());
      default ->
          log.warn(
              "{} fails: its deliveries wait, and one tries at {}, then every {} s at most: {}",
              destination,
              trouble.triesAt(),
              longestBreak.toSeconds(),
              failure.reason());
    }
  }

  /** For health, as far as this gateway has heard. */
  Condition condition() {
    var lane = latest;
    var trouble = lane.trouble();
    if (trouble == null) {
      var failure = lastFailure;
      return new Condition(
          Condition.State.WORKING, null, failure == null ? null : failure.reason(), lane.pause());
    }
    var state =
        switch (trouble.kind()) {
          case AUTH -> Condition.State.CREDENTIALS_REFUSED;
          case RATE_LIMITED -> Condition.State.RATE_LIMITED;
          default -> Condition.State.FAILING;
        };
    var until = trouble.triesAt().isAfter(lane.now()) ? trouble.triesAt() : null;
    return new Condition(state, until, trouble.reason(), lane.pause());
  }
}
