/** Routes that are edited while a gateway runs. */
@NullMarked
package io.surveygateway.reload;

import org.jspecify.annotations.NullMarked;
