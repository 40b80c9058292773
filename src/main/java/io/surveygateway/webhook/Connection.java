package io.surveygateway.webhook;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection at the public port, and until when it may stay as it is.
 *
 * <p>Used on its event loop alone.
 */
final class Connection {

  private final HttpConnection http;
  private long deadline;
  private @Nullable Runnable whenLate;
  private boolean closing;

  Connection(HttpConnection http) {
    this.http = http;
  }

  /** Replaces the deadline that was there. */
  void expect(Duration within, Runnable whenLate) {
    this.deadline = System.nanoTime() + within.toNanos();
    this.whenLate = whenLate;
  }

  void expectNothing() {
    whenLate = null;
  }

  /**
   * @param now of {@link System#nanoTime()}
   */
  void checkTime(long now) {
    var late = whenLate;
    if (late != null && now - deadline >= 0) {
      whenLate = null;
      late.run();
    }
  }

  /**
   * Leaves what comes next with the sender. Without it, one that does not wait for our answers
   * could fill our memory with the heads of further requests.
   */
  void stopReading() {
    // Vert.x's own type, since the public one cannot pause between requests.
    ((ConnectionBase) http).doPause();
  }

  void readOn() {
    ((ConnectionBase) http).doResume();
  }

  /** From here on nothing that comes is heard; the caller sees to it that it closes. */
  void startClosing() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }

  /** Closes it once what was written is out. */
  void close() {
    closing = true;
    whenLate = null;
    http.close();
  }
}
