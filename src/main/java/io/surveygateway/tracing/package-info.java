/** What a tracing system is told of an event's way through the gateway, where one is set. */
@NullMarked
package io.surveygateway.tracing;

import org.jspecify.annotations.NullMarked;
