package io.surveygateway.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What this gateway's calls to a destination came to, since its routes were loaded.
 *
 * @param callsInLastMinute exchanges that were sent, each with one delivery or a batch
 * @param perSecond exchanges that all gateways may send together, or null for as many as there are
 * @param arrivedAt when something last arrived, and {@code reference} what the destination calls
 *     it, where it said so
 * @param failedAt when an attempt last failed
 */
public record Usage(
    int callsInLastMinute,
    @Nullable Double perSecond,
    @Nullable Instant arrivedAt,
    @Nullable String reference,
    @Nullable Instant failedAt) {

  static final Usage NONE = new Usage(0, null, null, null, null);
}
