/** Loads {@code routes/} anew while the gateway runs, for those who edit it. */
@NullMarked
package io.surveygateway.reload;

import org.jspecify.annotations.NullMarked;
