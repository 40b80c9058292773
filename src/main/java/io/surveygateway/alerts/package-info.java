/** Tells people when something is amiss with the gateway, and when it is over. */
@NullMarked
package io.surveygateway.alerts;

import org.jspecify.annotations.NullMarked;
