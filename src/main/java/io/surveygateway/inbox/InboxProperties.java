package io.surveygateway.inbox;

/**
 * Names of the exchange properties that go with a request, from the public port through the inbox
 * to a map route.
 *
 * <p>Properties and not headers: a sender can write headers, nobody outside can write these.
 */
public final class InboxProperties {

  /** Provider in the path ({@link String}); set by {@code kamelet:webhook-source}. */
  public static final String PROVIDER = "gatewayProvider";

  /**
   * Rest of the path after the provider, without slashes round it ({@link String}), often empty.
   */
  public static final String PATH = "gatewayPath";

  /** The request's {@code Content-Type} as sent ({@link String}), or absent. */
  public static final String CONTENT_TYPE = "gatewayContentType";

  /**
   * What the proof was ({@link String}): {@code current secret}, {@code previous secret}. Set by a
   * check only; the inbox takes nothing without it.
   */
  public static final String PROVED_BY = "gatewayProvedBy";

  /**
   * Where a request goes on once it is stored ({@link java.util.concurrent.Executor}); absent: on
   * the thread that it came on, which waits for it.
   */
  public static final String GOES_ON_AT = "gatewayGoesOnAt";

  /** The stored request's id ({@link Long}); set by the inbox consumer. */
  public static final String REQUEST_ID = "gatewayRequestId";

  /** When the request was accepted ({@link String}, RFC 3339 in UTC); set by the consumer. */
  public static final String RECEIVED_AT = "gatewayReceivedAt";

  private InboxProperties() {}
}
