/** The public port: what is let in, checked and answered. */
@NullMarked
package io.surveygateway.webhook;

import org.jspecify.annotations.NullMarked;
