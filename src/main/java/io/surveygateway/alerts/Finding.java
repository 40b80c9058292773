package io.surveygateway.alerts;

import java.time.Duration;
import java.time.Instant;

/**
 * What is amiss at the moment of a look.
 *
 * @param about the destination or the provider
 * @param since when it began; the moment of the look where nobody knows
 * @param after how long it has to have been so before it is said
 * @param text what it is and what to do, for a person; holds no secret and nothing that a
 *     respondent wrote
 */
record Finding(AlertKind kind, String about, Instant since, Duration after, String text) {}
