package io.surveygateway.webhook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the public port takes in, and how long it waits for it.
 *
 * @param port TCP port; 0 takes a free one
 * @param address network address to listen on
 * @param maxBody largest body for providers that do not say otherwise
 * @param requestTimeout longest time that a body takes to arrive, and a new connection to send the
 *     head of its first request
 * @param idleTimeout longest time that a connection waits for its next request
 * @param stopTimeout longest time that a stop waits for requests in flight
 * @param workers requests that are checked and stored at once
 * @param maxBuffered bytes of all bodies held at once; a quarter of the heap where null
 * @param maxConnections connections at once; one more is closed unheard
 */
@ConfigurationProperties("gateway.webhook")
public record WebhookProperties(
    @DefaultValue("8080") int port,
    @DefaultValue("0.0.0.0") String address,
    @DefaultValue("8MB") DataSize maxBody,
    @DefaultValue("30s") Duration requestTimeout,
    @DefaultValue("75s") Duration idleTimeout,
    @DefaultValue("20s") Duration stopTimeout,
    @DefaultValue("64") int workers,
    @Nullable DataSize maxBuffered,
    @DefaultValue("4096") int maxConnections) {

  private static final int HIGHEST_PORT = 65_535;

  public WebhookProperties {
    check(port >= 0 && port <= HIGHEST_PORT, "port", "0 to 65535", port);
    check(isPositive(maxBody), "max-body", "1B to 1GB", maxBody);
    check(isPositive(requestTimeout), "request-timeout", "a positive duration", requestTimeout);
    check(isPositive(idleTimeout), "idle-timeout", "a positive duration", idleTimeout);
    check(!stopTimeout.isNegative(), "stop-timeout", "a duration", stopTimeout);
    check(workers > 0, "workers", "1 or more", workers);
    check(maxBuffered == null || maxBuffered.toBytes() > 0, "max-buffered", "a size", maxBuffered);
    check(maxConnections > 0, "max-connections", "1 or more", maxConnections);
  }

  /** Bytes of all bodies held at once. */
  long bufferLimit() {
    return maxBuffered != null ? maxBuffered.toBytes() : Runtime.getRuntime().maxMemory() / 4;
  }

  private static boolean isPositive(DataSize size) {
    return size.toBytes() > 0 && size.compareTo(DataSize.ofGigabytes(1)) <= 0;
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  private static void check(boolean good, String name, String expected, @Nullable Object got) {
    if (!good) {
      throw new IllegalArgumentException(
          "Expected gateway.webhook." + name + " to be " + expected + ", and it is " + got);
    }
  }
}
