/** The demo: the gateway with stand-ins for the other sides, and signed samples sent to it. */
@NullMarked
package io.surveygateway.demo;

import org.jspecify.annotations.NullMarked;
