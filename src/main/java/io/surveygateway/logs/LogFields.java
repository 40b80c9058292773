package io.surveygateway.logs;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Fields of the log lines that the current thread writes until this is closed: ids and names, as
 * the store's columns call them.
 *
 * <p>Kept in SLF4J's MDC. Never what a request held: a field is an id that the gateway gave, a name
 * of a provider or destination, or a provider's own id of a response. Closing brings back what was
 * there before, on the thread that opened it; on another one it does nothing.
 */
public final class LogFields implements AutoCloseable {

  public static final String PROVIDER = "provider";
  public static final String REQUEST = "request_id";
  public static final String EVENT = "event_id";

  /** The key of the response that the event is about, such as {@code popsee:7c9e6679}. */
  public static final String RESPONSE = "response";

  public static final String DESTINATION = "destination";
  public static final String DELIVERY = "delivery_id";

  /** The trace that the line belongs to, by its number in the tracing system. */
  public static final String TRACE = "trace_id";

  private final Thread owner = Thread.currentThread();
  private final @Nullable Map<String, String> before = MDC.getCopyOfContextMap();

  private LogFields() {}

  public static LogFields open() {
    return new LogFields();
  }

  public LogFields provider(String provider) {
    return put(PROVIDER, provider);
  }

  public LogFields request(long id) {
    return put(REQUEST, String.valueOf(id));
  }

  public LogFields event(long id) {
    return put(EVENT, String.valueOf(id));
  }

  public LogFields response(String key) {
    return put(RESPONSE, key);
  }

  public LogFields destination(String destination) {
    return put(DESTINATION, destination);
  }

  /**
   * The provider or the destination that a lane is of.
   *
   * @param lane such as {@code inbox:popsee} or {@code outbox:slack}; null for none
   */
  public LogFields lane(@Nullable String lane) {
    if (lane == null) {
      return this;
    }
    var name = lane.substring(lane.indexOf(':') + 1);
    return lane.startsWith("inbox:") ? provider(name) : destination(name);
  }

  public LogFields delivery(long id) {
    return put(DELIVERY, String.valueOf(id));
  }

  /**
   * @param traceparent in W3C's form; null where nothing is traced
   */
  public LogFields trace(@Nullable String traceparent) {
    return traceparent == null ? this : put(TRACE, traceparent.split("-", 3)[1]);
  }

  private LogFields put(String field, String value) {
    MDC.put(field, value);
    return this;
  }

  @Override
  public void close() {
    if (Thread.currentThread() != owner) {
      return;
    }
    if (before == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(before);
    }
  }
}
