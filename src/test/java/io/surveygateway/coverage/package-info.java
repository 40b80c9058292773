/** Which steps of the routes no test has run. */
@NullMarked
package io.surveygateway.coverage;

import org.jspecify.annotations.NullMarked;
