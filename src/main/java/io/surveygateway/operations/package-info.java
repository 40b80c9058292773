/** What operators see: health, start-up lines, failure analysis. */
@NullMarked
package io.surveygateway.operations;

import org.jspecify.annotations.NullMarked;
