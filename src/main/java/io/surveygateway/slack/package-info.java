/** What Slack is sent, and what its refusals mean. */
@NullMarked
package io.surveygateway.slack;

import org.jspecify.annotations.NullMarked;
