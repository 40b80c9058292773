/** Reads what stands in {@code routes/} before Camel does, and names every mistake by its place. */
@NullMarked
package io.surveygateway.lint;

import org.jspecify.annotations.NullMarked;
