/** What a log line says beside its words, for those who search lines by it. */
@NullMarked
package io.surveygateway.logs;

import org.jspecify.annotations.NullMarked;
