/** The packaged jar as an operator runs it: a process of its own, spoken to over HTTP. */
@NullMarked
package io.surveygateway.packaged;

import org.jspecify.annotations.NullMarked;
