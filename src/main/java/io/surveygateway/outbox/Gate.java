package io.surveygateway.outbox;

import io.surveygateway.failure.Backoff;
import io.surveygateway.failure.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a destination may be sent to: its rate, its breaker, and what it said for all.
 *
 * <p>What it keeps waiting has not been tried, and burns no attempt. After trouble one delivery
 * goes alone; the others follow when it has arrived. Knows neither Camel nor the store. Safe for
 * use by many threads.
 */
final class Gate {

  /** How much may go now. */
  enum Passage {
    NOTHING,
    ONE_DELIVERY,
    ONE_EXCHANGE,
    ANYTHING
  }

  /** Lets one exchange through; closed without a word it counts for nothing. */
  final class Pass implements AutoCloseable {

    private final boolean isProbe;
    private boolean isOver;

    private Pass(boolean isProbe) {
      this.isProbe = isProbe;
    }

    /** Whether it tries the destination: that it fails says nothing about what it carries. */
    boolean isProbe() {
      return isProbe;
    }

    void arrived() {
      end(this, null);
    }

    void failed(Failure failure) {
      end(this, failure);
    }

    @Override
    public void close() {
      giveBack(this);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  private final String destination;
  private final Rate rate;
  private final Breaker breaker;
  private final Hold hold = new Hold();
  private final Backoff slowDowns;
  private final Duration authRetry;
  private final Duration longestBreak;
  private final Clock clock;
  private final RandomGenerator random;
  private boolean isProbing;
  private @Nullable Failure lastFailure;

  Gate(String destination, DeliveryPolicy policy, Clock clock, RandomGenerator random) {
    this.destination = destination;
    this.rate = new Rate(policy.rate());
    this.breaker = new Breaker(destination, policy.breaker(), clock);
    this.slowDowns = policy.backoff();
    this.authRetry = policy.authRetry();
    this.longestBreak = policy.breaker().longestWait();
    this.clock = clock;
    this.random = random;
  }

  /** What may be claimed, so that nothing is held that cannot go. Takes nothing. */
  synchronized Passage passage() {
    if (opensAt().isAfter(clock.instant())) {
      return Passage.NOTHING;
    }
    if (isProving()) {
      return isProbing ? Passage.NOTHING : Passage.ONE_DELIVERY;
    }
    return rate.isLimited() ? Passage.ONE_EXCHANGE : Passage.ANYTHING;
  }

  /** When something may go at the earliest; not after now if that is at once. */
  synchronized Instant opensAt() {
    var byRate = rate.next(clock.instant());
    var byTrouble = triesAt();
    return byRate.isAfter(byTrouble) ? byRate : byTrouble;
  }

  private Instant triesAt() {
    return hold.until().isAfter(breaker.next()) ? hold.until() : breaker.next();
  }

  private boolean isProving() {
    return hold.isOn() || !breaker.isClosed();
  }

  /**
   * @return null if an exchange with so many deliveries may not go now
   */
  synchronized @Nullable Pass enter(int deliveries) {
    var passage = passage();
    if (passage == Passage.NOTHING || (passage == Passage.ONE_DELIVERY && deliveries > 1)) {
      return null;
    }
    if (!breaker.tryBegin()) {
      return null;
    }
    rate.take(clock.instant());
    var isProbe = passage == Passage.ONE_DELIVERY;
    isProbing |= isProbe;
    return new Pass(isProbe);
  }

  private synchronized void giveBack(Pass pass) {
    if (!pass.isOver) {
      leave(pass);
      saidNothing(pass);
    }
  }

  private void leave(Pass pass) {
    pass.isOver = true;
    if (pass.isProbe) {
      isProbing = false;
    }
  }

  /** What set out before the trouble proves nothing about the time after it. */
  private boolean isOutdated(Pass pass) {
    return isProving() && !pass.isProbe;
  }

  private void saidNothing(Pass pass) {
    if (!isOutdated(pass)) {
      breaker.saidNothing();
    }
  }

  private synchronized void end(Pass pass, @Nullable Failure failure) {
    if (pass.isOver) {
      throw new IllegalStateException("Expected one word on an exchange, got a second");
    }
    leave(pass);
    if (failure == null) {
      arrived(pass);
      return;
    }
    lastFailure = failure;
    switch (failure.kind()) {
      case TRANSIENT -> failed(pass, failure);
      case RATE_LIMITED -> slowDown(pass, failure);
      case AUTH -> pause(pass, failure);
      case PERMANENT -> saidNothing(pass);
    }
  }

  private void arrived(Pass pass) {
    if (isOutdated(pass)) {
      return;
    }
    var wasProving = isProving();
    breaker.worked();
    hold.lift();
    if (wasProving) {
      log.info("{} takes deliveries again", destination);
    }
  }

  private void failed(Pass pass, Failure failure) {
    if (isOutdated(pass)) {
      return;
    }
    var wasClosed = breaker.isClosed();
    breaker.failed();
    if (wasClosed && !breaker.isClosed()) {
      log.warn(
          "{} fails: its deliveries wait, and one tries at {}, then every {} s at most:" + " {}",
          destination,
          breaker.next(),
          longestBreak.toSeconds(),
          failure.reason());
    }
  }

  private void slowDown(Pass pass, Failure failure) {
    saidNothing(pass);
    var now = clock.instant();
    var end = now.plus(slowDowns.after(hold.timesWith(now), failure, random));
    if (hold.put(failure, now, end)) {
      log.warn(
          "{} asked us to slow down: its deliveries wait until {}: {}",
          destination,
          hold.until(),
          failure.reason());
    }
  }

  private void pause(Pass pass, Failure failure) {
    saidNothing(pass);
    var now = clock.instant();
    if (hold.put(failure, now, now.plus(authRetry))) {
      log.error(
          "{} is paused, its credentials were refused: {}. Mend them there, or in the settings and"
              + " restart; its deliveries wait, and one tries every {} s",
          destination,
          failure.reason(),
          authRetry.toSeconds());
    }
  }

  /** For health. */
  synchronized Condition condition() {
    var reason = lastFailure == null ? null : lastFailure.reason();
    if (!isProving()) {
      return new Condition(Condition.State.WORKING, null, reason);
    }
    var because = hold.because();
    var state =
        because == null
            ? Condition.State.FAILING
            : because.kind() == Failure.Kind.AUTH
                ? Condition.State.CREDENTIALS_REFUSED
                : Condition.State.RATE_LIMITED;
    var tries = triesAt();
    return new Condition(state, tries.isAfter(clock.instant()) ? tries : null, reason);
  }
}
