package io.surveygateway.standin;

import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One way in which the other side fails, or is slow.
 *
 * <p>A client may repeat by itself what was dropped: OkHttp does so once for a request whose pooled
 * connection died, the JDK's client for a GET.
 */
public final class Fault {

  enum Kind {
    /** Says something else, and does nothing. */
    ANSWER,
    /** Does nothing, and closes the connection. */
    DROP,
    /** Does what was asked, and closes the connection in the middle of the answer. */
    CUT,
    /** Does what was asked, and closes the connection before the answer. */
    LOSE,
    /** Does what was asked, only later. */
    NONE
  }

  private final Kind kind;
  private final @Nullable Answer answer;
  private final Duration delay;
  private final Predicate<StandInRequest> where;

  private Fault(
      Kind kind, @Nullable Answer answer, Duration delay, Predicate<StandInRequest> where) {
    this.kind = kind;
    this.answer = answer;
    this.delay = delay;
    this.where = where;
  }

  /** Answers with a status and no body; nothing is done. */
  public static Fault status(int status) {
    return answer(Answer.empty(status));
  }

  /** Answers this; nothing is done. */
  public static Fault answer(Answer answer) {
    return new Fault(Kind.ANSWER, answer, Duration.ZERO, any -> true);
  }

  /** Answers as a proxy in front of the other side does: a status and a page for people. */
  public static Fault html(int status) {
    return answer(
        Answer.html(status, "<html><body><h1>" + status + " Sorry</h1><hr>proxy</body></html>"));
  }

  /** Closes the connection without an answer; nothing is done. */
  public static Fault drop() {
    return new Fault(Kind.DROP, null, Duration.ZERO, any -> true);
  }

  /** Does what was asked, and closes the connection after half of the answer's body. */
  public static Fault cut() {
    return new Fault(Kind.CUT, null, Duration.ZERO, any -> true);
  }

  /** Does what was asked, and closes the connection without an answer. */
  public static Fault lose() {
    return new Fault(Kind.LOSE, null, Duration.ZERO, any -> true);
  }

  /** Does what was asked after a while. */
  public static Fault slow(Duration delay) {
    return new Fault(Kind.NONE, null, delay, any -> true);
  }

  /** The same, with a header in its answer. */
  public Fault withHeader(String name, String value) {
    if (answer == null) {
      throw new IllegalStateException("Only a fault that answers has headers");
    }
    return new Fault(kind, answer.withHeader(name, value), delay, where);
  }

  /** The same, after a while. */
  public Fault after(Duration delay) {
    return new Fault(kind, answer, delay, where);
  }

  /** The same, only for requests whose path has this in it. */
  public Fault at(String partOfPath) {
    return when(request -> request.path().contains(partOfPath));
  }

  /** The same, only for such requests. */
  public Fault when(Predicate<StandInRequest> such) {
    return new Fault(kind, answer, delay, such);
  }

  Kind kind() {
    return kind;
  }

  Answer answer() {
    if (answer == null) {
      throw new IllegalStateException("A " + kind + " has no answer");
    }
    return answer;
  }

  Duration delay() {
    return delay;
  }

  boolean meets(StandInRequest request) {
    return where.test(request);
  }
}
