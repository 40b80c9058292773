/** What went wrong, and what to do about it. */
@NullMarked
package io.surveygateway.failure;

import org.jspecify.annotations.NullMarked;
