/** The inbox: component: requests that were accepted and wait to be mapped. */
@NullMarked
package io.surveygateway.inbox;

import org.jspecify.annotations.NullMarked;
